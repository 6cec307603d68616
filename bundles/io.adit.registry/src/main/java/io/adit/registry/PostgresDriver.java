package io.adit.registry;

import java.sql.Driver;
import java.sql.SQLException;
import java.util.Collection;

import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.jdbc.DataSourceFactory;

/** Finds PostgreSQL's driver, which is a bundle of its own, as the OSGi specification of JDBC services has it (chapter 125). Stateless. */
final class PostgresDriver {

    private static final String FILTER = "(" + DataSourceFactory.OSGI_JDBC_DRIVER_CLASS + "=org.postgresql.Driver)";

    private PostgresDriver() {
    }

    /** @throws SQLException when there is none now, with one line */
    static Driver find(BundleContext context) throws SQLException {
        try {
            Collection<ServiceReference<DataSourceFactory>> found = context.getServiceReferences(DataSourceFactory.class, FILTER);
            for (ServiceReference<DataSourceFactory> reference : found) {
                DataSourceFactory factory = context.getService(reference);
                if (factory != null) {
                    try {
                        return factory.createDriver(null);
                    } finally {
                        context.ungetService(reference);
                    }
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new SQLException("there is no PostgreSQL driver: its bundle (org.postgresql.jdbc) is not started");
    }
}

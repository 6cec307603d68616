package io.adit.registry;

import java.sql.Driver;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Finds PostgreSQL's driver, which is a bundle of its own. It need not be started, so that a container without such a store has no more to do than to know of it;
 * and no class of it is imported, so that a container without the driver is none without a registry. Stateless.
 */
final class PostgresDriver {

    private static final String BUNDLE = "org.postgresql.jdbc";

    private PostgresDriver() {
    }

    /** @throws SQLException when there is none now, with one line */
    static Driver find(BundleContext context) throws SQLException {
        Bundle newest = Arrays.stream(context.getBundles()).filter(each -> BUNDLE.equals(each.getSymbolicName())).max(Comparator.comparing(Bundle::getVersion))
                .orElseThrow(() -> new SQLException("there is no PostgreSQL driver: the bundle " + BUNDLE + " is not installed"));
        try {
            return (Driver) newest.loadClass("org.postgresql.Driver").getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new SQLException("the PostgreSQL driver of " + newest + " cannot be used: " + e, e);
        }
    }
}

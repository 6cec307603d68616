package io.adit.proxy;

import org.eclipse.jetty.server.Server;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The public HTTP server as soon as our public port has it, a service with io.adit.server=true: what is refused before the first request gets as far as the
 * servlet is answered, and counted, as well. The server stays when that service goes, since the port may be updated. Thread-safe.
 */
final class Servers implements AutoCloseable {

    private final ServiceTracker<Server, Server> services;

    Servers(BundleContext context, JettyErrors errors) {
        services = new ServiceTracker<>(context, filter(), null) {
            @Override
            public Server addingService(ServiceReference<Server> reference) {
                Server server = super.addingService(reference);
                if (server != null) {
                    errors.attach(server);
                }
                return server;
            }
        };
        services.open();
    }

    @Override
    public void close() {
        services.close();
    }

    private static Filter filter() {
        try {
            return FrameworkUtil.createFilter("(&(objectClass=" + Server.class.getName() + ")(io.adit.server=true))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.adit.diag;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * A listener of the registry who needs the registry as well: its service is registered by hand, when it is there already. As a service of its component the
 * registry would have it made, which wants the registry, and one of both would go without the other.
 *
 * <p>Thread-safe.
 */
final class Listening implements AutoCloseable {

    private final ServiceRegistration<?> registration;

    /** @param types what it listens to */
    Listening(BundleContext context, Object listener, Class<?>... types) {
        String[] names = new String[types.length];
        for (int i = 0; i < types.length; i++) {
            names[i] = types[i].getName();
        }
        registration = context.registerService(names, listener, null);
    }

    @Override
    public void close() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            return; // the framework was faster: it ends with its bundle
        }
    }
}

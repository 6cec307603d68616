package io.adit.proxy;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;

import io.adit.api.TunnelEndpoint;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that this proxy serves, by a service with io.adit.ready=proxy and its addresses, while the servlet is bound at the public
 * HTTP server, whose port is open, and the tunnel endpoint is there. Thread-safe.
 */
final class Readiness implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private final BundleContext context;
    private final Serial serial = new Serial(failure -> LOG.warn("readiness is not announced", failure));
    /** Of the public port: it is known by its properties alone, and so not restarted with io.adit.api. */
    private final ServiceTracker<Object, Port> ports;
    private final ServiceTracker<TunnelEndpoint, TunnelEndpoint> tunnels;
    private final Map<ServiceReference<Object>, Port> publics = new ConcurrentSkipListMap<>();
    private final Map<ServiceReference<TunnelEndpoint>, TunnelEndpoint> endpoints = new ConcurrentSkipListMap<>();
    private volatile boolean bound;
    private volatile boolean closed;
    private String announced;
    private ServiceRegistration<?> registration;

    Readiness(BundleContext context) {
        this.context = context;
        ports = new ServiceTracker<>(context, filter(), new Customizer<>(publics, Port::of, reference -> { }, this::changed));
        tunnels = new ServiceTracker<>(context, TunnelEndpoint.class, new Customizer<>(endpoints, context::getService, context::ungetService, this::changed));
        ports.open();
        tunnels.open();
    }

    /** The servlet was bound by an HTTP server, or let go. */
    void bound(boolean now) {
        bound = now;
        changed();
    }

    private void changed() {
        serial.execute(this::update);
    }

    @Override
    public void close() {
        closed = true;
        changed();
        ports.close();
        tunnels.close();
    }

    private void update() {
        Port port = publics.values().stream().findFirst().orElse(null);
        String tunnel = endpoints.values().stream().findFirst().map(Readiness::hostPort).orElse(null);
        String state = bound && !closed && port != null && tunnel != null ? port.http() + " " + port.https() + " " + tunnel : null;
        if (Objects.equals(state, announced)) {
            return;
        }
        announced = state;
        if (registration != null) {
            registration.unregister();
            registration = null;
        }
        if (state != null) {
            registration = context.registerService(Object.class, new Object(), properties(port, tunnel));
        }
    }

    private static String hostPort(TunnelEndpoint tunnel) {
        return (tunnel.host().indexOf(':') >= 0 ? "[" + tunnel.host() + "]" : tunnel.host()) + ":" + tunnel.port();
    }

    private static Dictionary<String, Object> properties(Port port, String tunnel) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("io.adit.ready", "proxy");
        properties.put("http", port.http());
        if (!port.https().isEmpty()) {
            properties.put("https", port.https());
        }
        properties.put("tunnel", tunnel);
        return properties;
    }

    private static Filter filter() {
        try {
            return FrameworkUtil.createFilter("(io.adit.public=true)");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the public port says about itself. */
    private record Port(String http, String https) {

        static Port of(ServiceReference<?> reference) {
            return new Port(String.valueOf(reference.getProperty("http")), String.valueOf(reference.getProperty("https")));
        }
    }

    /** Keeps what the services there are stand for, in the order of their ranking. */
    private record Customizer<S, T>(Map<ServiceReference<S>, T> services, Function<ServiceReference<S>, T> get, Consumer<ServiceReference<S>> unget,
            Runnable changed) implements ServiceTrackerCustomizer<S, T> {

        @Override
        public T addingService(ServiceReference<S> reference) {
            T service = get.apply(reference);
            if (service != null) {
                services.put(reference, service);
                changed.run();
            }
            return service;
        }

        @Override
        public void modifiedService(ServiceReference<S> reference, T service) {
            changed.run();
        }

        @Override
        public void removedService(ServiceReference<S> reference, T service) {
            services.remove(reference);
            changed.run();
            unget.accept(reference);
        }
    }
}

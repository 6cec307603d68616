package io.adit.proxy;

import java.net.URI;
import java.util.Collection;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;

import io.adit.api.TunnelEndpoint;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that this proxy serves, by a service with io.adit.ready=proxy and the two addresses, while the servlet is bound at the public
 * HTTP server and the tunnel endpoint is there. Thread-safe.
 */
final class Readiness implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private final BundleContext context;
    private final Serial serial = new Serial(failure -> LOG.warn("readiness is not announced", failure));
    private final ServiceTracker<HttpServiceRuntime, ServiceReference<HttpServiceRuntime>> servers;
    private final ServiceTracker<TunnelEndpoint, TunnelEndpoint> tunnels;
    private final Map<ServiceReference<HttpServiceRuntime>, String> urls = new ConcurrentSkipListMap<>();
    private final Map<ServiceReference<TunnelEndpoint>, TunnelEndpoint> endpoints = new ConcurrentSkipListMap<>();
    private volatile boolean bound;
    private volatile boolean closed;
    private String announced;
    private ServiceRegistration<?> registration;

    /** @throws IllegalArgumentException when the target is no filter */
    Readiness(BundleContext context, String httpTarget) {
        this.context = context;
        servers = new ServiceTracker<>(context, filter(httpTarget), new ServiceTrackerCustomizer<>() {
            @Override
            public ServiceReference<HttpServiceRuntime> addingService(ServiceReference<HttpServiceRuntime> reference) {
                modifiedService(reference, reference);
                return reference;
            }

            @Override
            public void modifiedService(ServiceReference<HttpServiceRuntime> reference, ServiceReference<HttpServiceRuntime> same) {
                String url = url(reference);
                if (url != null) {
                    urls.put(reference, url);
                }
                serial.execute(Readiness.this::update);
            }

            @Override
            public void removedService(ServiceReference<HttpServiceRuntime> reference, ServiceReference<HttpServiceRuntime> same) {
                urls.remove(reference);
                serial.execute(Readiness.this::update);
            }
        });
        tunnels = new ServiceTracker<>(context, TunnelEndpoint.class, new ServiceTrackerCustomizer<>() {
            @Override
            public TunnelEndpoint addingService(ServiceReference<TunnelEndpoint> reference) {
                TunnelEndpoint endpoint = context.getService(reference);
                if (endpoint != null) {
                    endpoints.put(reference, endpoint);
                    serial.execute(Readiness.this::update);
                }
                return endpoint;
            }

            @Override
            public void modifiedService(ServiceReference<TunnelEndpoint> reference, TunnelEndpoint endpoint) {
                serial.execute(Readiness.this::update);
            }

            @Override
            public void removedService(ServiceReference<TunnelEndpoint> reference, TunnelEndpoint endpoint) {
                endpoints.remove(reference);
                serial.execute(Readiness.this::update);
                context.ungetService(reference);
            }
        });
        servers.open();
        tunnels.open();
    }

    /** The servlet was bound by an HTTP server, or let go. */
    void bound(boolean now) {
        bound = now;
        serial.execute(this::update);
    }

    @Override
    public void close() {
        closed = true;
        serial.execute(this::update);
        servers.close();
        tunnels.close();
    }

    private void update() {
        String http = urls.values().stream().findFirst().orElse(null);
        String tunnel = endpoints.values().stream().findFirst().map(Readiness::hostPort).orElse(null);
        String state = bound && !closed && http != null && tunnel != null ? http + " " + tunnel : null;
        if (Objects.equals(state, announced)) {
            return;
        }
        announced = state;
        if (registration != null) {
            registration.unregister();
            registration = null;
        }
        if (state != null) {
            registration = context.registerService(Object.class, new Object(), properties(http, tunnel));
        }
    }

    private static Filter filter(String httpTarget) {
        try {
            return FrameworkUtil.createFilter("(&(" + Constants.OBJECTCLASS + "=" + HttpServiceRuntime.class.getName() + ")" + httpTarget + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(Settings.PID + ": http.target must be an OSGi filter, not '" + httpTarget + "'", e);
        }
    }

    private static String hostPort(TunnelEndpoint tunnel) {
        return (tunnel.host().indexOf(':') >= 0 ? "[" + tunnel.host() + "]" : tunnel.host()) + ":" + tunnel.port();
    }

    private static Dictionary<String, Object> properties(String http, String tunnel) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("io.adit.ready", "proxy");
        properties.put("http", http);
        properties.put("tunnel", tunnel);
        return properties;
    }

    /** Where the server listens, without a path; null when it does not say. */
    static String url(ServiceReference<?> server) {
        Object value = server.getProperty(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT);
        String[] list = value instanceof String[] array ? array : value instanceof String one ? new String[] {one}
                : value instanceof Collection<?> many ? many.stream().map(String::valueOf).toArray(String[]::new) : new String[0];
        for (String endpoint : list) {
            URI uri = URI.create(endpoint);
            if (uri.getHost() != null) {
                return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
            }
        }
        Object port = server.getProperty("org.osgi.service.http.port");
        return port == null ? null : "http://127.0.0.1:" + port;
    }
}

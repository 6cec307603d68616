package io.adit.port;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import io.adit.gate.Arrivals;
import io.adit.gate.OwnClasses;
import io.adit.jetty.Entrance;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Server;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the public HTTP server among those of Felix, and serves it while it is there. Says so by a service, which gives the ends of its certificates by name, with io.adit.public=true and the
 * URLs without a path, http and https (empty while there is none); when something changes it is a new service. Another one, a Supplier of a
 * CompletionStage with io.adit.entrance=true, tells who takes a servlet away when the requests that were on their way to it have arrived. And the server
 * itself, Jetty's, is one with io.adit.server=true, for whoever answers what never gets to a servlet.
 */
@Component(service = {}, immediate = true, configurationPid = PortOptions.PID)
@Designate(ocd = PortConfig.class)
public final class PortComponent {

    private static final Logger LOG = LoggerFactory.getLogger(PortComponent.class);

    /** After the endpoint, and beside the sessions of the peers. */
    private static final int DRAIN_ORDER = 20;

    private final BundleContext context;
    private final PortOptions options;
    private final ServiceTracker<HttpServiceRuntime, Takeover> servers;
    private final Arrivals arrivals = new Arrivals();
    private final WaitingRoom room;

    @Activate
    public PortComponent(BundleContext context, PortConfig config) {
        this.context = context;
        this.options = PortOptions.of(config, context.getProperty("adit.home"));
        OwnClasses.load(context.getBundle());
        this.servers = new ServiceTracker<>(context, options.servers(), new ServiceTrackerCustomizer<>() {
            @Override
            public Takeover addingService(ServiceReference<HttpServiceRuntime> reference) {
                URI url = url(reference);
                return url == null ? null : new Takeover(url);
            }

            @Override
            public void modifiedService(ServiceReference<HttpServiceRuntime> reference, Takeover takeover) {
                // its address does not change while it is there
            }

            @Override
            public void removedService(ServiceReference<HttpServiceRuntime> reference, Takeover takeover) {
                takeover.close();
            }
        });
        this.room = new WaitingRoom(context, options, arrivals);
        servers.open();
    }

    @Deactivate
    void deactivate() {
        servers.close();
        room.close();
    }

    /** Where the server listens, without a path; null when it does not say. */
    private static URI url(ServiceReference<?> server) {
        Object value = server.getProperty(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT);
        Collection<?> endpoints = value instanceof Object[] array ? Arrays.asList(array)
                : value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value);
        for (Object endpoint : endpoints) {
            URI uri = URI.create(String.valueOf(endpoint));
            if (uri.getHost() != null && "http".equals(uri.getScheme())) {
                return URI.create("http://" + uri.getHost() + ":" + (uri.getPort() < 0 ? 80 : uri.getPort()));
            }
        }
        return null;
    }

    /** One server that is served. */
    private final class Takeover implements AutoCloseable {

        private final HttpPort http;
        private final HttpsPort https;
        private final String url;
        private final AutoCloseable factory;
        private final AutoCloseable entrance;
        private final AutoCloseable server;
        private final AutoCloseable farewell;
        private AutoCloseable published;
        /** The HTTPS URL that was published with it. */
        private String shown;
        private boolean closed;

        Takeover(URI url) {
            Connectors connectors = new Connectors(options);
            this.url = url.toString();
            this.http = new HttpPort(connectors, url.getPort());
            // Felix calls it before this returns
            this.factory = context.registerService(ConnectorFactory.class, http, null)::unregister;
            String failure = http.server() == null ? http.failure() == null ? "no server listens at " + url : http.failure() : null;
            if (failure != null) {
                LOG.error("{}: {}", PortOptions.PID, failure);
                this.https = null;
                this.entrance = null;
                this.server = null;
                this.farewell = null;
                published = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(
                        Map.of("io.adit.failure", "start", "message", failure, "code", 1)))::unregister;
                return;
            }
            this.entrance = entrance(http.server());
            this.server = context.registerService(Server.class, http.server(), FrameworkUtil.asDictionary(Map.of("io.adit.server", true)))::unregister;
            if (options.httpsPort() < 0) {
                HttpsPort.closeKept(http.server());
            }
            this.https = options.httpsPort() < 0 ? null : new HttpsPort(options, connectors, http.server(), http.host(), this::publish);
            this.farewell = https == null ? null : farewell(https);
            if (https != null) {
                https.start();
            }
            publish();
        }

        private AutoCloseable entrance(Server server) {
            Entrance found = Entrance.of(server).orElse(null);
            if (found == null) {
                LOG.warn("The HTTP server at {} has other handlers than expected: a request may fail while a servlet is replaced", url);
                return null;
            }
            arrivals.add(found);
            return context.registerService(Supplier.class, found, FrameworkUtil.asDictionary(Map.of("io.adit.entrance", true)))::unregister;
        }

        private AutoCloseable farewell(HttpsPort port) {
            Function<Duration, CompletionStage<Void>> drain = port::farewell;
            return context.registerService(Function.class, drain, FrameworkUtil.asDictionary(Map.of("io.adit.drain", DRAIN_ORDER)))::unregister;
        }

        private synchronized void publish() {
            String secure = https == null ? "" : https.url();
            if (closed || secure.equals(shown)) {
                return;
            }
            shown = secure;
            unpublish();
            // in the words of the JDK: what is imported from another bundle of ours would restart this one with it
            published = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(
                    Map.of("io.adit.public", true, "http", url, "https", secure)))::unregister;
        }

        private synchronized void unpublish() {
            close(published);
            published = null;
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
                unpublish();
            }
            close(server);
            close(farewell);
            if (https != null) {
                https.close();
            }
            close(factory);
            http.close();
            close(entrance);
        }

        private static void close(AutoCloseable service) {
            try {
                if (service != null) {
                    service.close();
                }
            } catch (IllegalStateException e) {
                return; // the framework was faster: it ends with its bundle
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

package io.adit.port;

import java.io.IOException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.adit.jetty.FirstByName;
import io.adit.jetty.LastingConnector;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS port: opens when there is a certificate, and takes changed files for new connections, without a pause.
 *
 * <p>Thread-safety: thread-safe; the files are looked at by a thread of its own.
 */
final class HttpsPort implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpsPort.class);

    /** Name of the connector. */
    private static final String NAME = "io.adit.port.https";

    private final PortOptions options;
    private final Connectors connectors;
    private final Certificates certificates;
    private final Server server;
    private final String host;
    private final Runnable opened;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "adit-port-certificates");
        thread.setDaemon(true);
        return thread;
    });

    private SslContextFactory.Server tls;
    private Serving serving;
    private boolean closed;
    private boolean looked;

    /** @param opened told once, when the port is open */
    HttpsPort(PortOptions options, Connectors connectors, Server server, String httpHost, Runnable opened) {
        this.options = options;
        this.connectors = connectors;
        this.certificates = new Certificates(options.certificates());
        this.server = server;
        this.host = options.httpsHost().isEmpty() ? httpHost : options.httpsHost();
        this.opened = opened;
    }

    void start() {
        look();
        watch.scheduleWithFixedDelay(this::look, options.certificateCheck(), options.certificateCheck(), TimeUnit.MILLISECONDS);
    }

    /** The port's URL, or empty while it is not open. */
    synchronized String url() {
        return serving == null ? "" : "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + serving.connector().getLocalPort();
    }

    /** When each of its certificates ends, by file name. */
    synchronized Map<String, Instant> certificateEnds() {
        return certificates.ends();
    }

    /** What its connections are to hear at the end of the container. */
    CompletionStage<Void> farewell(Duration deadline) {
        Serving now;
        synchronized (this) {
            now = serving;
        }
        return now == null ? CompletableFuture.completedFuture(null) : Farewell.say(now.connector(), deadline);
    }

    private void look() {
        boolean nowOpen;
        synchronized (this) {
            if (closed || !certificates.haveChanged() && looked) {
                return;
            }
            looked = true;
            try {
                nowOpen = use(certificates.load());
            } catch (Exception e) {
                LOG.error("The HTTPS port keeps the certificates that it had", e);
                return;
            }
        }
        if (nowOpen) {
            opened.run();
        }
    }

    /** True when the port was opened by this. */
    private boolean use(KeyStore store) throws Exception {
        if (store.size() == 0) {
            LOG.warn("There is no certificate in {}: the HTTPS port {}", certificates.directory(),
                    serving == null ? "opens when there is one" : "keeps those that it had");
            return false;
        }
        if (serving != null) {
            tls.reload(factory -> factory.setKeyStore(store));
            LOG.info("The HTTPS port has {} certificates now", store.size());
            return false;
        }
        SslContextFactory.Server factory = factory(store);
        List<ConnectionFactory> factories = connectors.https(options.httpsPort(), factory);
        LastingConnector kept = LastingConnector.find(server, NAME).orElse(null);
        if (kept != null && kept.isAt(host, options.httpsPort())) {
            serving = connectors.serve(kept, factories);
        } else {
            if (kept != null) {
                stop(kept);
            }
            serving = open(factories);
        }
        tls = factory;
        LOG.info("listening address={}:{} certificates={}", host, serving.connector().getLocalPort(), store.size());
        return true;
    }

    private Serving open(List<ConnectionFactory> factories) throws Exception {
        LastingConnector next = connectors.connector(server, NAME, host, options.httpsPort(), List.of());
        Serving begun = connectors.serve(next, factories);
        server.addConnector(next);
        try {
            next.start();
        } catch (IOException e) {
            server.removeConnector(next);
            throw e;
        }
        return begun;
    }

    /** One that is there since the last time. */
    static void closeKept(Server server) {
        LastingConnector.find(server, NAME).ifPresent(HttpsPort::stop);
    }

    private static void stop(LastingConnector connector) {
        connector.getServer().removeConnector(connector);
        try {
            connector.stop();
        } catch (Exception e) {
            LOG.warn("The HTTPS port did not close as it should", e);
        }
    }

    private static SslContextFactory.Server factory(KeyStore store) {
        SslContextFactory.Server factory = new FirstByName();
        factory.setKeyStore(store);
        factory.setKeyStorePassword("");
        factory.setKeyManagerPassword("");
        factory.setSniRequired(false);
        factory.setCipherComparator(HTTP2Cipher.COMPARATOR);
        factory.setUseCipherSuitesOrder(true);
        return factory;
    }

    /** The socket goes on listening for a time, and connections wait for whoever is next. */
    @Override
    public void close() {
        watch.shutdownNow();
        Serving last;
        synchronized (this) {
            closed = true;
            last = serving;
            serving = null;
        }
        if (last != null) {
            last.close();
        }
    }
}

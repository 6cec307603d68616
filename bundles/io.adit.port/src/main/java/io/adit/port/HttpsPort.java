package io.adit.port;

import java.io.IOException;
import java.security.KeyStore;
import java.security.Principal;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSession;

import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SniX509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS port: opens when there is a certificate, and takes changed files for new connections, without a pause.
 *
 * <p>Thread-safety: thread-safe; the files are looked at by a thread of its own.
 */
final class HttpsPort implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpsPort.class);

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
    private ServerConnector connector;
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
        return connector == null ? "" : "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + connector.getLocalPort();
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
                    connector == null ? "opens when there is one" : "keeps those that it had");
            return false;
        }
        if (connector != null) {
            tls.reload(factory -> factory.setKeyStore(store));
            LOG.info("The HTTPS port has {} certificates now", store.size());
            return false;
        }
        SslContextFactory.Server factory = factory(store);
        ServerConnector next = connectors.https(server, host, options.httpsPort(), factory);
        server.addConnector(next);
        try {
            next.start();
        } catch (IOException e) {
            server.removeConnector(next);
            throw e;
        }
        tls = factory;
        connector = next;
        LOG.info("listening address={}:{} certificates={}", host, next.getLocalPort(), store.size());
        return true;
    }

    private static SslContextFactory.Server factory(KeyStore store) {
        SslContextFactory.Server factory = new ByName();
        factory.setKeyStore(store);
        factory.setKeyStorePassword("");
        factory.setKeyManagerPassword("");
        factory.setSniRequired(false);
        factory.setCipherComparator(HTTP2Cipher.COMPARATOR);
        factory.setUseCipherSuitesOrder(true);
        return factory;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        ServerConnector last;
        synchronized (this) {
            closed = true;
            last = connector;
            connector = null;
        }
        if (last != null) {
            server.removeConnector(last);
            try {
                last.stop();
            } catch (Exception e) {
                LOG.warn("The HTTPS port did not close as it should", e);
            }
        }
    }

    /** Where no certificate has the name that is asked for, it is always the same one that answers: the first by file name. */
    private static final class ByName extends SslContextFactory.Server {

        @Override
        public String sniSelect(String keyType, Principal[] issuers, SSLSession session, String host, Collection<X509> certificates) {
            String alias = super.sniSelect(keyType, issuers, session, host, certificates);
            return SniX509ExtendedKeyManager.SniSelector.DELEGATE.equals(alias)
                    ? certificates.stream().map(X509::getAlias).min(Comparator.naturalOrder()).orElse(alias) : alias;
        }
    }
}

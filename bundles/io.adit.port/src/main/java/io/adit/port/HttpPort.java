package io.adit.port;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts our connector in the place of Felix's, at the same address, and Felix's back when we go. Felix asks every factory for a connector
 * for every server that it has; ours is known by its port, and the others get one that listens to nothing.
 *
 * <p>Thread-safety: thread-safe.
 */
final class HttpPort implements ConnectorFactory {

    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

    private static final long HANDOVER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Connectors connectors;
    private final int port;

    private Server server;
    private ServerConnector felix;
    private final Errors errors = new Errors();
    private Request.Handler felixErrors;
    private ServerConnector ours;
    private String failure;

    /** @param port of the server that is ours */
    HttpPort(Connectors connectors, int port) {
        this.connectors = connectors;
        this.port = port;
    }

    @Override
    public synchronized Connector createConnector(Server candidate) {
        ServerConnector theirs = find(candidate);
        if (theirs == null || server != null) {
            return new Nothing(candidate);
        }
        ServerConnector replacement = connectors.http(candidate, theirs.getHost(), port);
        try {
            theirs.stop();
            candidate.removeConnector(theirs);
            open(replacement);
        } catch (Exception e) {
            failure = "the HTTP port " + theirs.getHost() + ":" + port + " cannot be used: " + e.getMessage();
            start(candidate, theirs);
            return new Nothing(candidate);
        }
        server = candidate;
        felix = theirs;
        felixErrors = candidate.getErrorHandler();
        candidate.setErrorHandler(errors);
        ours = replacement;
        return replacement;
    }

    /** The server that is served, or null while there is none. */
    synchronized Server server() {
        return server;
    }

    synchronized String host() {
        return felix.getHost();
    }

    /** Why the port could not be had, or null. */
    synchronized String failure() {
        return failure;
    }

    /** After Felix has let our connector go: its own one serves again, unless the server is at its end. */
    synchronized void restore() {
        if (server != null) {
            if (server.getErrorHandler() == errors) {
                server.setErrorHandler(felixErrors);
            }
            if (server.isStarted()) {
                start(server, felix);
            }
            server = null;
        }
    }

    /**
     * A thread of the other connector may still be about to leave its accept(), and till then the kernel keeps the port; nothing tells when
     * it has.
     */
    private static void open(ServerConnector connector) throws IOException {
        long began = System.nanoTime();
        while (true) {
            try {
                connector.open();
                return;
            } catch (IOException e) {
                if (System.nanoTime() - began > HANDOVER_NANOS) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    private ServerConnector find(Server candidate) {
        for (Connector each : candidate.getConnectors()) {
            if (each instanceof ServerConnector connector && connector.isStarted() && !(connector instanceof Nothing)
                    && (connector.getPort() == port || connector.getLocalPort() == port)) {
                return connector;
            }
        }
        return null;
    }

    private static void start(Server server, ServerConnector connector) {
        server.addConnector(connector);
        try {
            open(connector);
            connector.start();
        } catch (Exception e) {
            LOG.error("Nobody listens at port {}", connector.getPort(), e);
        }
    }

    /** For the other servers. Its address is theirs, as Felix lists the addresses of all connectors. */
    private static final class Nothing extends ServerConnector {

        Nothing(Server server) {
            super(server, 0, 1, new HttpConnectionFactory());
            for (Connector each : server.getConnectors()) {
                if (each instanceof ServerConnector connector) {
                    setHost(connector.getHost());
                    setPort(connector.getPort());
                }
            }
        }

        @Override
        public void open() throws IOException {
            // not at all
        }

        @Override
        protected void doStart() {
            // neither threads nor a socket
        }

        @Override
        protected void doStop() {
            // nothing was started
        }
    }
}

package io.adit.port;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.adit.jetty.LastingConnector;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts our connector in the place of Felix's, at the same address; or finds the one that is there since the last time. Felix asks every factory
 * for a connector for every server that it has: ours is known by its port. What Felix gets listens to nothing, since it would stop it with us.
 *
 * <p>Thread-safety: thread-safe.
 */
final class HttpPort implements ConnectorFactory, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

    /** Name of the connector. */
    private static final String NAME = "io.adit.port.http";
    private static final long HANDOVER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Connectors connectors;
    private final int port;

    private Serving serving;
    private String failure;

    /** @param port of the server that is ours */
    HttpPort(Connectors connectors, int port) {
        this.connectors = connectors;
        this.port = port;
    }

    @Override
    public synchronized Connector createConnector(Server candidate) {
        if (serving == null) {
            LastingConnector kept = LastingConnector.find(candidate, NAME).filter(this::isOurs).orElse(null);
            ServerConnector theirs = kept == null ? find(candidate) : null;
            if (kept != null) {
                serving = connectors.serve(kept, connectors.http());
            } else if (theirs != null) {
                replace(candidate, theirs);
            }
        }
        return new Nothing(candidate);
    }

    private void replace(Server candidate, ServerConnector theirs) {
        LastingConnector ours = connectors.connector(candidate, NAME, theirs.getHost(), port, theirs.getConnectionFactories());
        try {
            theirs.stop();
            candidate.removeConnector(theirs);
            open(ours);
            serving = connectors.serve(ours, connectors.http());
            candidate.addConnector(ours);
            ours.start();
        } catch (Exception e) {
            serving = null;
            failure = "the HTTP port " + theirs.getHost() + ":" + port + " cannot be used: " + e.getMessage();
            start(candidate, theirs);
        }
    }

    /** The server that is served, or null while there is none. */
    synchronized Server server() {
        return serving == null ? null : serving.connector().getServer();
    }

    synchronized String host() {
        return serving.connector().getHost();
    }

    /** Why the port could not be had, or null. */
    synchronized String failure() {
        return failure;
    }

    /** The socket goes on listening, and connections wait for whoever is next; for nobody, Felix's own way of serving takes them. */
    @Override
    public synchronized void close() {
        if (serving != null) {
            serving.close();
            serving = null;
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
            if (each instanceof ServerConnector connector && connector.isStarted() && !(connector instanceof Nothing) && isOurs(connector)) {
                return connector;
            }
        }
        return null;
    }

    private boolean isOurs(ServerConnector connector) {
        return connector.getPort() == port || connector.getLocalPort() == port;
    }

    private static void start(Server server, ServerConnector connector) {
        try {
            server.addConnector(connector);
            open(connector);
            connector.start();
        } catch (Exception e) {
            LOG.error("Nobody listens at port {}", connector.getPort(), e);
        }
    }

    /** What Felix gets. Its address is theirs, as Felix lists the addresses of all connectors. */
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

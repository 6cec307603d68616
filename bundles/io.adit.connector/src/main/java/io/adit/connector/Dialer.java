package io.adit.connector;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

import io.adit.api.Invitation;
import io.adit.tunnel.mina.MinaHandler;
import io.adit.tunnel.mina.TlsFilter;
import org.apache.mina.core.future.ConnectFuture;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketConnector;

/**
 * Makes connections to the tunnel port that an invitation names, directly or through a forward proxy, with TLS where the invitation has a certificate.
 * What comes of an attempt is told once: the handler has a session that is open, or the caller a reason.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Dialer implements AutoCloseable {

    private final Invitation invitation;
    private final Route route;
    private final String agent;
    private final ScheduledExecutorService timer;
    private final NioSocketConnector sockets;
    private final PinnedTrust trust;

    /**
     * @param timer for deadlines; ends after this
     * @param agent product and version, for the forward proxy's log
     */
    Dialer(Invitation invitation, Route route, int connectMillis, ScheduledExecutorService timer, String agent, MinaHandler handler)
            throws GeneralSecurityException {
        this.invitation = invitation;
        this.route = route;
        this.agent = agent;
        this.timer = timer;
        this.sockets = new NioSocketConnector(1);
        this.trust = new PinnedTrust(invitation.fingerprint(), () -> sockets.getManagedSessions().values().forEach(IoSession::closeNow));
        sockets.setConnectTimeoutMillis(connectMillis);
        MinaHandler.configure(sockets.getSessionConfig());
        if (invitation.tls()) {
            SSLContext ssl = SSLContext.getInstance("TLSv1.3");
            ssl.init(null, new TrustManager[] {trust}, new SecureRandom());
            sockets.getFilterChain().addFirst("tls", new Tls(ssl));
        }
        sockets.setHandler(handler);
    }

    /**
     * One attempt. Blocks for the name look-up of what is connected to: the forward proxy, where there is one, and never the other.
     *
     * @param failed called once when there is no connection; on any thread
     */
    void dial(Consumer<DialException> failed) {
        if (route.isDirect()) {
            connect(invitation.host(), invitation.port(), null, failed);
            return;
        }
        Dialogue dialogue;
        try {
            dialogue = route.dialogue(invitation.port(), agent);
        } catch (DialException e) {
            failed.accept(e);
            return;
        }
        Consumer<DialException> told = reason -> failed.accept(reason.of("the forward proxy " + route));
        connect(route.via().host(), route.via().port(), new ViaFilter(dialogue, timer, route.timeoutMillis(), told), told);
    }

    private void connect(String host, int port, ViaFilter via, Consumer<DialException> failed) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            failed.accept(new DialException(via == null ? "no address for " + host : "has no address: " + host));
            return;
        }
        ConnectFuture connecting = via == null ? sockets.connect(address) : sockets.connect(address, via::lead);
        connecting.addListener(done -> {
            Throwable cause = connecting.getException();
            if (cause != null && via == null) {
                failed.accept(new DialException(cause.getMessage()));
            } else if (cause != null) {
                via.failed(cause);
            }
        });
    }

    /** True when the proxy showed another certificate than the invitation's. */
    boolean mismatch() {
        return trust.mismatch();
    }

    /** Connections there are, open or not yet. */
    int connections() {
        return sockets.getManagedSessionCount();
    }

    /** Ends all connections, and waits until they have. */
    @Override
    public void close() {
        sockets.dispose(true);
    }

    /** Begins when the connection is open, not before: a forward proxy may have to be spoken to first. And is for the host of the invitation. */
    private final class Tls extends TlsFilter {

        Tls(SSLContext context) {
            super(context, false);
        }

        @Override
        protected SSLEngine createEngine(IoSession session, InetSocketAddress remote) {
            return super.createEngine(session, InetSocketAddress.createUnresolved(invitation.host(), invitation.port()));
        }
    }
}

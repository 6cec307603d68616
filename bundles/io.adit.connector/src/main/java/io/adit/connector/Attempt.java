package io.adit.connector;

import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Registered;
import io.adit.tunnel.Tunnel;
import io.adit.tunnel.mina.MinaHandler;

/**
 * One connection, from the dial to its end: with the one that the invitation names, or with the proxy that it assigned. What happens is told to the
 * connector. Thread-safety: thread-safe.
 */
final class Attempt implements Tunnel.PeerSide, AutoCloseable {

    /** Who is told; on any thread. */
    interface Listener {

        /** There is no connection; once, last. */
        void unreachable(Attempt attempt, DialException cause);

        void registered(Attempt attempt, Registered answer, PeerSession session);

        void goingAway(Attempt attempt, ErrorCode code);

        /** The connection ended; once, last. */
        void ended(Attempt attempt, ErrorCode code, String reason);
    }

    private final Invitation target;
    private final Assignment assignment;
    private final String agent;
    private final Fields details;
    private final RequestHandler handler;
    private final Listener listener;
    private final Route route;
    private final Dialer dialer;

    /** What came of it. */
    private final CompletableFuture<PeerSession> outcome = new CompletableFuture<>();

    /**
     * @param assignment null for the one that the invitation names
     * @param details what we say of ourselves
     */
    Attempt(Tunnel tunnel, Invitation invitation, Assignment assignment, Route route, int connectMillis, ScheduledExecutorService timer, String agent,
            Fields details, RequestHandler handler, Listener listener) throws GeneralSecurityException {
        this.target = assignment == null ? invitation : assignment.target();
        this.assignment = assignment;
        this.agent = agent;
        this.details = details;
        this.handler = handler;
        this.listener = listener;
        this.route = route;
        this.dialer = new Dialer(target, route, connectMillis, timer, agent,
                new MinaHandler(transport -> tunnel.connect(transport, target.fingerprint(), this)));
    }

    /** May block, for the look-up of a name. */
    void dial() {
        dialer.dial(cause -> listener.unreachable(this, cause));
    }

    /** The assigned proxy; null for the one that the invitation names. */
    Assignment assignment() {
        return assignment;
    }

    Route route() {
        return route;
    }

    /** Whether another certificate was shown than the expected one. */
    boolean mismatch() {
        return dialer.mismatch();
    }

    /** HOST:PORT, for people. */
    String where() {
        return target.host() + ":" + target.port();
    }

    /** What comes, or came, of it: a session, also one that has ended since, or null when it ended without. The caller may complete the copy. */
    CompletableFuture<PeerSession> outcome() {
        return outcome.copy();
    }

    /** The session that came of it; null while there is none. */
    PeerSession session() {
        return outcome.getNow(null);
    }

    /** The connector took note of the session. */
    void registered(PeerSession session) {
        outcome.complete(session);
    }

    /** Ends the connection, if there is one, and waits until it is gone; not on an I/O thread. */
    @Override
    public void close() {
        dialer.close();
        outcome.complete(null);
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public byte[] secret() {
        return target.secret();
    }

    @Override
    public String agent() {
        return agent;
    }

    @Override
    public byte[] ticket() {
        return assignment == null ? new byte[0] : assignment.ticket();
    }

    @Override
    public Fields details() {
        return details;
    }

    @Override
    public RequestHandler handler() {
        return handler;
    }

    @Override
    public void opened(Registered registered, PeerSession opened) {
        listener.registered(this, registered, opened);
    }

    @Override
    public void goingAway(ErrorCode code) {
        listener.goingAway(this, code);
    }

    @Override
    public void closed(ErrorCode code, boolean remote, String reason) {
        listener.ended(this, code, reason);
    }
}

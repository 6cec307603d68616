package io.adit.acceptor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.AbstractIoSession;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.adit.api.Network;

/**
 * Holds back that a connection is open until it has said something and its turn comes, and reads no more of it before: no TLS, no session of the engine,
 * no deadline of theirs yet. Stands before all other filters.
 *
 * <p>Thread-safety: thread-safe.
 */
final class TurnFilter extends IoFilterAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(TurnFilter.class);
    private static final AttributeKey TURN = new AttributeKey(TurnFilter.class, "turn");
    private static final AttributeKey BEGUN = new AttributeKey(TurnFilter.class, "begun");
    private static final AttributeKey FIRST = new AttributeKey(TurnFilter.class, "first");
    private static final long SECOND = 1_000_000_000L;

    private final Turns turns;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong told = new AtomicLong(System.nanoTime() - SECOND);

    TurnFilter(Turns turns) {
        this.turns = turns;
    }

    /** The handshake is over: another one's turn. */
    static void done(IoSession session) {
        Turns.Turn turn = (Turns.Turn) session.removeAttribute(TURN);
        if (turn != null) {
            turn.end();
        }
    }

    @Override
    public void sessionOpened(NextFilter next, IoSession session) {
        Turns.Turn turn = turns.enter(network(session), () -> begin(next, session), () -> refuse(session, "silent, or no turn, for handshake.wait.millis, or max.handshakes"));
        if (turn == null) {
            refuse(session, "max.handshakes");
            return;
        }
        session.setAttribute(TURN, turn);
        // also where it ended meanwhile
        session.getCloseFuture().addListener(closed -> done(session));
    }

    /** What comes first, a peer always speaks first, waits here until its turn comes; nothing more is read meanwhile. */
    @Override
    public void messageReceived(NextFilter next, IoSession session, Object message) {
        Turns.Turn turn = (Turns.Turn) session.getAttribute(TURN);
        if (turn == null || session.containsAttribute(BEGUN)) {
            next.messageReceived(session, message);
            return;
        }
        session.suspendRead();
        session.setAttribute(FIRST, message);
        turn.speaks();
    }

    private static Network network(IoSession session) {
        InetSocketAddress remote = (InetSocketAddress) session.getRemoteAddress();
        // one that has gone already has no address
        return Network.of(remote == null ? InetAddress.getLoopbackAddress() : remote.getAddress());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void begin(NextFilter next, IoSession session) {
        session.setAttribute(BEGUN);
        next.sessionOpened(session);
        next.messageReceived(session, session.removeAttribute(FIRST));
        session.resumeRead();
        // MINA does not wake its thread for that, which may sleep for a second
        ((org.apache.mina.core.service.IoProcessor) ((AbstractIoSession) session).getProcessor()).flush(session);
    }

    /** Thousands may come at once: a line a second. */
    private void refuse(IoSession session, String reason) {
        refused.incrementAndGet();
        long now = System.nanoTime();
        long last = told.get();
        if (now - last >= SECOND && told.compareAndSet(last, now)) {
            LOG.warn("refused remote={} connections={} reason={}", session.getRemoteAddress(), refused.getAndSet(0), reason);
        }
        session.closeNow();
    }
}

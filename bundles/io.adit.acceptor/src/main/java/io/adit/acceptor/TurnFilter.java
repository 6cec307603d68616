package io.adit.acceptor;

import java.util.concurrent.atomic.AtomicLong;

import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.AbstractIoSession;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back that a connection is open until its turn comes, and does not read from it before: no TLS, no session of the engine, no deadline yet. Stands
 * before all other filters.
 *
 * <p>Thread-safety: thread-safe.
 */
final class TurnFilter extends IoFilterAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(TurnFilter.class);
    private static final AttributeKey TURN = new AttributeKey(TurnFilter.class, "turn");
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
        session.suspendRead();
        Turns.Turn turn = turns.enter(() -> begin(next, session), () -> refuse(session, "no turn within handshake.wait.millis"));
        if (turn == null) {
            refuse(session, "max.handshakes");
            return;
        }
        session.setAttribute(TURN, turn);
        // also where it ended meanwhile
        session.getCloseFuture().addListener(closed -> done(session));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void begin(NextFilter next, IoSession session) {
        next.sessionOpened(session);
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

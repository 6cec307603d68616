package io.adit.connector;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.future.ConnectFuture;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.DefaultWriteRequest;
import org.apache.mina.core.write.WriteRequest;

/**
 * Leads one connection through a forward proxy: holds back that it is open until the dialogue is done, and is transparent from then on. Stands before all
 * other filters, so that TLS begins after the dialogue, with the first byte that belongs to it. (MINA's own proxy support loses the answer to CONNECT
 * when it comes in pieces, and takes a redirection for a success; docs/DESIGN.md.)
 *
 * <p>Thread-safety: MINA calls for one session come one at a time; the deadline comes on another thread.
 */
final class ViaFilter extends IoFilterAdapter {

    private final Dialogue dialogue;
    private final ScheduledExecutorService timer;
    private final int timeoutMillis;
    private final Consumer<DialException> failed;
    /** That the outcome is known: there is one. */
    private final AtomicBoolean decided = new AtomicBoolean();
    private volatile ConnectFuture connecting;
    private volatile ScheduledFuture<?> deadline;
    private boolean open;

    /** @param failed called at most once, and not when the connection was opened; on any thread */
    ViaFilter(Dialogue dialogue, ScheduledExecutorService timer, int timeoutMillis, Consumer<DialException> failed) {
        this.dialogue = dialogue;
        this.timer = timer;
        this.timeoutMillis = timeoutMillis;
        this.failed = failed;
    }

    /** Becomes the first filter of a new session. */
    void lead(IoSession session, ConnectFuture future) {
        connecting = future;
        session.getFilterChain().addFirst("via", this);
    }

    @Override
    public void sessionOpened(NextFilter next, IoSession session) {
        session.getCloseFuture().addListener(closed -> decide(end()));
        try {
            deadline = timer.schedule(() -> fail(session, new DialException("did not answer within " + timeoutMillis + " ms")), timeoutMillis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            fail(session, new DialException("is not needed any more: the connector ends"));
            return;
        }
        send(next, session, dialogue.begin());
    }

    @Override
    public void messageReceived(NextFilter next, IoSession session, Object message) {
        if (open) {
            next.messageReceived(session, message);
            return;
        }
        IoBuffer bytes = (IoBuffer) message;
        try {
            while (bytes.hasRemaining() && !dialogue.isDone()) {
                send(next, session, dialogue.received(bytes.buf()));
            }
        } catch (DialException e) {
            fail(session, e);
            return;
        }
        if (dialogue.isDone() && decided.compareAndSet(false, true)) {
            deadline.cancel(false);
            open = true;
            next.sessionOpened(session);
            if (bytes.hasRemaining()) {
                next.messageReceived(session, bytes);
            }
        }
    }

    @Override
    public void inputClosed(NextFilter next, IoSession session) {
        if (open) {
            next.inputClosed(session);
        } else {
            session.closeNow();
        }
    }

    /** What the dialogue sent is nothing to the filters that come after it. */
    @Override
    public void messageSent(NextFilter next, IoSession session, WriteRequest request) {
        if (!(request instanceof Words)) {
            next.messageSent(session, request);
        }
    }

    private static void send(NextFilter next, IoSession session, byte[] words) {
        if (words.length > 0) {
            next.filterWrite(session, new Words(words));
        }
    }

    /** Its connector could not connect, or the connection broke. */
    void failed(Throwable cause) {
        decide(deadline == null ? new DialException("cannot be connected to: " + cause.getMessage()) : end());
    }

    /** How the connection ended: MINA gives an exception before a session is open to the connector's future, and not to the filters. */
    private DialException end() {
        Throwable cause = connecting.getException();
        return new DialException(cause == null ? "closed the connection before it answered" : "broke the connection: " + cause.getMessage());
    }

    private void fail(IoSession session, DialException reason) {
        if (decide(reason)) {
            session.closeNow();
        }
    }

    private boolean decide(DialException reason) {
        if (!decided.compareAndSet(false, true)) {
            return false;
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        failed.accept(reason);
        return true;
    }

    private static final class Words extends DefaultWriteRequest {
        Words(byte[] bytes) {
            super(IoBuffer.wrap(bytes));
        }
    }
}

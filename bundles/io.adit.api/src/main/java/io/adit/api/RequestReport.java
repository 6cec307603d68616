package io.adit.api;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.Course;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Timing;
import io.adit.api.packet.Fields;

/**
 * What becomes of one request, said by whoever carries it: counts, takes the time, and tells the listeners. Made by {@link RequestReports}.
 *
 * <p>Thread-safe, though calls come in an order that one thread at a time gives them. {@link #SILENT} does nothing at all.
 */
public final class RequestReport {

    /** Nobody listens. */
    public static final RequestReport SILENT = new RequestReport(0, report -> { }, (listener, failure) -> { });

    private static final long NEVER = -1;
    /** Of W3C Trace Context: which request of which trace it is part of. */
    private static final String TRACE = "traceparent";

    /** One listener, and what it still takes of the bodies. */
    private static final class Told {
        private final RequestListener listener;
        private final Course course;
        private int requestLeft;
        private int responseLeft;

        Told(RequestListener listener, Course course, int bodyBytes) {
            this.listener = listener;
            this.course = course;
            requestLeft = bodyBytes;
            responseLeft = bodyBytes;
        }
    }

    private final long begun;
    private final Consumer<RequestReport> atEnd;
    private final BiConsumer<RequestListener, Throwable> failed;
    private final List<Told> all = new ArrayList<>(2);
    private PeerSession session;
    private Fields onward = Fields.EMPTY;
    private String trace = "";
    private int status;
    private long requestBytes;
    private long responseBytes;
    private long opened = NEVER;
    private long sent = NEVER;
    private long head = NEVER;
    private boolean ended;

    RequestReport(long begun, Consumer<RequestReport> atEnd, BiConsumer<RequestListener, Throwable> failed) {
        this.begun = begun;
        this.atEnd = atEnd;
        this.failed = failed;
    }

    synchronized void tell(RequestListener listener, Begin request) {
        try {
            Course course = listener.begin(request);
            if (course != null) {
                Fields replaced = course.onward();
                all.add(new Told(listener, course, Math.max(0, course.bodyBytes())));
                onward = replaced.with(onward);
            }
        } catch (RuntimeException | LinkageError e) {
            failed.accept(listener, e);
        }
    }

    /** All are told: it goes on as it came, but for what they replaced. */
    synchronized void begins(Begin request) {
        String own = onward.first(TRACE);
        String came = own == null ? request.fields().first(TRACE) : own;
        trace = came == null ? "" : came;
    }

    /** Fields that take the place of those of the same names in the request as it goes on ({@link Course#onward}). */
    public Fields onward() {
        return this == SILENT ? Fields.EMPTY : replaced();
    }

    private synchronized Fields replaced() {
        return onward;
    }

    /** The listener is told that this is all, and no more. */
    synchronized void forget(RequestListener listener) {
        End left = made(How.LEFT, ErrorCode.NONE, "");
        List<Told> own = all.stream().filter(each -> each.listener == listener).toList();
        all.removeAll(own);
        for (Told told : own) {
            try {
                told.course.end(left);
            } catch (RuntimeException | LinkageError e) {
                failed.accept(listener, e);
            }
        }
    }

    private End made(How how, ErrorCode code, String error) {
        return new End(how, status, code, error, session == null ? "" : session.id(), session == null ? 0 : session.codec(), trace, requestBytes, responseBytes,
                new Timing(opened, sent, head, elapsed()));
    }

    /** A stream to the peer is open. @param by the session that carries it; null where that is not known */
    public void opened(PeerSession by) {
        if (this != SILENT) {
            synchronized (this) {
                session = by;
                opened = elapsed();
            }
        }
    }

    /** The request is with the peer as a whole. */
    public void sent() {
        if (this != SILENT) {
            synchronized (this) {
                sent = elapsed();
            }
        }
    }

    /** Bytes of the request's body are passed on; they are not consumed. */
    public void requestBody(ByteBuffer bytes) {
        if (this != SILENT && bytes != null) {
            synchronized (this) {
                requestBytes += bytes.remaining();
                each(told -> {
                    if (told.requestLeft > 0 && bytes.hasRemaining()) {
                        ByteBuffer piece = piece(bytes, told.requestLeft);
                        told.requestLeft -= piece.remaining();
                        told.course.requestBody(piece);
                    }
                });
            }
        }
    }

    /** The final head of the response. */
    public void head(int newStatus, Fields fields) {
        if (this != SILENT) {
            synchronized (this) {
                status = newStatus;
                head = elapsed();
                each(told -> told.course.head(newStatus, fields));
            }
        }
    }

    /** Bytes of the response's body are passed on; they are not consumed. */
    public void responseBody(ByteBuffer bytes) {
        if (this != SILENT && bytes != null) {
            synchronized (this) {
                responseBytes += bytes.remaining();
                each(told -> {
                    if (told.responseLeft > 0 && bytes.hasRemaining()) {
                        ByteBuffer piece = piece(bytes, told.responseLeft);
                        told.responseLeft -= piece.remaining();
                        told.course.responseBody(piece);
                    }
                });
            }
        }
    }

    /** It is over; only the first call counts. */
    public void end(How how, ErrorCode code, String error) {
        if (this == SILENT) {
            return;
        }
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            End end = made(how, code, error);
            each(told -> told.course.end(end));
            all.clear();
        }
        atEnd.accept(this);
    }

    private void each(Consumer<Told> step) {
        all.removeIf(told -> {
            try {
                step.accept(told);
                return false;
            } catch (RuntimeException | LinkageError e) {
                failed.accept(told.listener, e);
                return true;
            }
        });
    }

    private static ByteBuffer piece(ByteBuffer bytes, int most) {
        ByteBuffer piece = bytes.asReadOnlyBuffer();
        piece.limit(piece.position() + Math.min(most, piece.remaining()));
        return piece;
    }

    private long elapsed() {
        return System.nanoTime() - begun;
    }
}

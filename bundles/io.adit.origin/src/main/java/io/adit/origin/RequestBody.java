package io.adit.origin;

import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.packet.Fields;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;

/**
 * The request's body: what the stream has, when the client has written what came before. A chunk is released, which is credit for the
 * browser's side, when it is written to the origin, so a slow origin slows the browser and memory stays bounded.
 *
 * <p>Thread-safety: thread-safe; one reader at a time, as the client does it.
 */
final class RequestBody implements Request.Content, Supplier<HttpFields> {

    private final MessageStream stream;
    private final long length;
    private final Runnable progress;
    private final Function<Fields, OriginException> trailersCheck;

    private Runnable reader;
    private boolean held;
    private boolean asked;
    private boolean discarding;
    private boolean ended;
    private Throwable failure;
    private long received;
    private Fields trailers = Fields.EMPTY;

    /**
     * @param length as declared, or -1
     * @param held whether nothing may be sent until {@link #proceed()} (Expect: 100-continue)
     * @param progress told whenever bytes were written to the origin, or arrived for it
     * @param trailersCheck is shown the trailers before they are sent, and says why they cannot be, or null
     */
    RequestBody(MessageStream stream, long length, boolean held, Runnable progress, Function<Fields, OriginException> trailersCheck) {
        this.stream = stream;
        this.length = length;
        this.held = held;
        this.progress = progress;
        this.trailersCheck = trailersCheck;
    }

    @Override
    public String getContentType() {
        return null;
    }

    @Override
    public long getLength() {
        return length;
    }

    /** The trailers, once the body was read to its end. */
    @Override
    public synchronized HttpFields get() {
        return trailers.isEmpty() ? null : Head.trailers(trailers);
    }

    @Override
    public Content.Chunk read() {
        while (true) {
            synchronized (this) {
                if (failure != null) {
                    return Content.Chunk.from(failure, true);
                }
                if (ended) {
                    return Content.Chunk.EOF;
                }
                if (held) {
                    return null;
                }
            }
            Inbound in = stream.read();
            if (in == null) {
                return null;
            }
            Content.Chunk chunk = chunk(in);
            if (chunk != null) {
                return chunk;
            }
        }
    }

    private Content.Chunk chunk(Inbound in) {
        if (in instanceof Inbound.Data data) {
            ByteBuffer bytes = data.bytes();
            boolean last = data.last();
            Throwable wrong = count(bytes.remaining(), last);
            if (wrong != null) {
                data.release();
                return Content.Chunk.from(wrong, true);
            }
            if (bytes.hasRemaining()) {
                return Content.Chunk.from(bytes, last, () -> {
                    data.release();
                    progress.run();
                });
            }
            data.release();
            return last ? Content.Chunk.EOF : null;
        }
        if (in instanceof Inbound.Trailers last) {
            Throwable wrong = count(0, true);
            OriginException refused = wrong == null ? trailersCheck.apply(last.fields()) : null;
            synchronized (this) {
                trailers = last.fields();
            }
            wrong = refused == null ? wrong : end(refused);
            return wrong == null ? Content.Chunk.EOF : Content.Chunk.from(wrong, true);
        }
        Throwable cause = in instanceof Inbound.Failure broken ? broken.cause() : OriginException.broken("unexpected packet in a request's body");
        return Content.Chunk.from(end(cause), true);
    }

    /** Content-Length promises; a body that breaks the promise must not leave the origin waiting, or its excess become another request. */
    private Throwable count(int bytes, boolean last) {
        synchronized (this) {
            received += bytes;
            if (length < 0 || received == length || received < length && !last) {
                ended = last;
                return null;
            }
        }
        return end(new OriginException(io.adit.api.ErrorCode.PROTOCOL, "the body is not as long as declared"));
    }

    private synchronized Throwable end(Throwable cause) {
        ended = true;
        if (failure == null) {
            failure = cause;
        }
        return failure;
    }

    @Override
    public void demand(Runnable task) {
        synchronized (this) {
            reader = task;
            if (failure == null) {
                if (held || asked) {
                    return;
                }
                asked = true;
            }
        }
        if (isFailed()) {
            ready();
        } else {
            stream.demand(this::ready);
        }
    }

    private void ready() {
        Runnable task;
        boolean discard;
        synchronized (this) {
            asked = false;
            task = reader;
            reader = null;
            discard = task == null && discarding;
        }
        progress.run();
        if (task != null) {
            task.run();
        } else if (discard) {
            discard();
        }
    }

    /** True while nothing can be written because the browser's side has sent nothing more. */
    synchronized boolean isStarving() {
        return asked && !discarding;
    }

    synchronized boolean isHeld() {
        return held;
    }

    private synchronized boolean isFailed() {
        return failure != null;
    }

    /** The origin wants the body. */
    void proceed() {
        synchronized (this) {
            if (!held) {
                return;
            }
            held = false;
            if (reader == null) {
                return;
            }
            asked = true;
        }
        stream.demand(this::ready);
    }

    /** The client gives the request up. */
    @Override
    public void fail(Throwable cause) {
        Runnable task;
        synchronized (this) {
            if (failure == null) {
                failure = cause;
            }
            task = reader;
            reader = null;
        }
        if (task != null) {
            task.run();
        }
    }

    /** Reads what is still to come and drops it: the response stands without it, and the browser's side need not wait for credit. */
    void discard() {
        while (true) {
            synchronized (this) {
                discarding = true;
                if (asked) {
                    return;
                }
            }
            Inbound in = stream.read();
            if (in instanceof Inbound.Data data) {
                data.release();
            }
            if (in != null && in.last()) {
                return;
            }
            if (in == null) {
                synchronized (this) {
                    if (ended) {
                        return;
                    }
                    asked = true;
                }
                stream.demand(this::ready);
                return;
            }
        }
    }
}

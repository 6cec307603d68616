package io.adit.origin;

import java.nio.ByteBuffer;

import io.adit.api.Completion;
import io.adit.api.MessageStream;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Moves a response from the origin to the stream: one operation at a time, the next chunk is read when the last one is on its way. A head takes
 * along the content that is already there, and never waits for any.
 *
 * <p>Thread-safety: driven by the completions; {@link #isWaitingForOrigin()} from any thread.
 */
final class ResponsePump extends IteratingCallback implements Completion {

    private final Exchange exchange;
    private final MessageStream stream;
    private final Response response;
    private final Content.Source source;
    private final long length;

    private ResponseHead head;
    private Content.Chunk sending;
    private Content.Chunk next;
    private Fields trailers;
    private long sent;
    private boolean finished;
    private volatile boolean demanded;

    ResponsePump(Exchange exchange, MessageStream stream, ResponseHead head, Response response, Content.Source source) {
        this.exchange = exchange;
        this.stream = stream;
        this.head = head;
        this.response = response;
        this.source = source;
        this.length = head.length();
    }

    boolean isWaitingForOrigin() {
        return demanded;
    }

    /** One that comes inside of a step is the next turn of the loop that makes the step. */
    @Override
    public boolean isInline() {
        return true;
    }

    @Override
    protected Action process() throws Throwable {
        if (finished) {
            return Action.SUCCEEDED;
        }
        if (trailers != null) {
            finished = true;
            stream.trailers(trailers, this);
            return Action.SCHEDULED;
        }
        Content.Chunk chunk = next != null ? next : source.read();
        next = null;
        if (chunk == null) {
            if (head != null) {
                if (exchange.isBroken()) {
                    // Nothing was said yet, so this can still become an error page; the client tells the exchange.
                    return Action.IDLE;
                }
                send(null, false);
            } else {
                demanded = true;
                exchange.progress();
                source.demand(this::succeeded);
            }
            return Action.SCHEDULED;
        }
        if (Content.Chunk.isFailure(chunk)) {
            throw chunk.getFailure();
        }
        sending = chunk;
        sent += chunk.remaining();
        // With the end in the same operation a small response is one write; worth a look where the end can be expected.
        if (!chunk.isLast() && (head != null || length < 0 || sent >= length)) {
            next = source.read();
            if (head != null && Content.Chunk.isFailure(next)) {
                throw next.getFailure();
            }
        }
        boolean end = chunk.isLast() || isEnd(next);
        Fields after = end ? Head.trailers(response) : Fields.EMPTY;
        if (!after.isEmpty()) {
            trailers = after;
        }
        boolean last = end && trailers == null;
        ByteBuffer bytes = chunk.getByteBuffer();
        if (!bytes.hasRemaining() && !last && head == null) {
            release();
            return process();
        }
        send(bytes, last);
        return Action.SCHEDULED;
    }

    private static boolean isEnd(Content.Chunk chunk) {
        return chunk != null && chunk.isLast() && !Content.Chunk.isFailure(chunk) && !chunk.hasRemaining();
    }

    private void send(ByteBuffer bytes, boolean last) {
        finished = last;
        if (head != null) {
            ResponseHead first = head;
            head = null;
            exchange.answered();
            stream.head(first, bytes != null && bytes.hasRemaining() ? bytes : null, last, this);
        } else {
            stream.data(bytes, last, this);
        }
    }

    @Override
    protected void onSuccess() {
        demanded = false;
        release();
        exchange.progress();
    }

    @Override
    protected void onCompleteSuccess() {
        drop();
        exchange.onResponseSent();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        release();
        drop();
        exchange.onResponseBroken(cause);
    }

    private void release() {
        if (sending != null) {
            sending.release();
            sending = null;
        }
    }

    private void drop() {
        if (next != null) {
            next.release();
            next = null;
        }
    }
}

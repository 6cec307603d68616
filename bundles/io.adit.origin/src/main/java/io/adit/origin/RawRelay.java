package io.adit.origin;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

import io.adit.api.Completion;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * A connection after 101: bytes both ways, each direction on its own, each with the other side's back-pressure. Sends the head first.
 *
 * <p>Thread-safety: thread-safe; nothing blocks.
 */
final class RawRelay extends AbstractConnection implements Connection.UpgradeTo {

    private final Exchange exchange;
    private final MessageStream stream;
    private final ByteBufferPool buffers;
    private final int bufferBytes;
    private final Inward inward;
    private final Outward outward = new Outward();
    private boolean inwardDone;
    private boolean outwardDone;
    private ByteBuffer early;

    /** @param outwardDone true when the browser's side has nothing to send */
    RawRelay(Exchange exchange, MessageStream stream, ResponseHead head, boolean outwardDone, EndPoint endPoint, Executor executor,
        ByteBufferPool buffers, OriginOptions options) {
        super(endPoint, executor);
        this.exchange = exchange;
        this.stream = stream;
        this.outwardDone = outwardDone;
        this.buffers = buffers;
        this.bufferBytes = options.bufferBytes();
        this.inward = new Inward(head);
        endPoint.setIdleTimeout(options.idleTimeout());
    }

    /** Bytes that came together with the 101. */
    @Override
    public void onUpgradeTo(ByteBuffer prefilled) {
        early = prefilled;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        inward.iterate();
        if (!outwardDone) {
            outward.iterate();
        }
    }

    @Override
    public void onFillable() {
        inward.iterate();
    }

    @Override
    protected void onFillInterestedFailed(Throwable cause) {
        failed(cause);
    }

    private void failed(Throwable cause) {
        exchange.fail(cause);
        close();
    }

    private void done(boolean in) {
        boolean both;
        synchronized (this) {
            inwardDone |= in;
            outwardDone |= !in;
            both = inwardDone && outwardDone;
        }
        if (both) {
            close();
            exchange.onRelayed();
        }
    }

    /** Origin to stream. */
    private final class Inward extends IteratingCallback implements Completion {
        private ResponseHead head;
        private RetainableByteBuffer buffer;
        private boolean ended;

        Inward(ResponseHead head) {
            this.head = head;
        }

        @Override
        protected Action process() throws Throwable {
            if (head != null) {
                ResponseHead first = head;
                head = null;
                exchange.answered();
                stream.head(first, BufferUtil.hasContent(early) ? early : null, false, this);
                return Action.SCHEDULED;
            }
            if (ended) {
                return Action.SUCCEEDED;
            }
            buffer = buffers.acquire(bufferBytes, true);
            int filled = getEndPoint().fill(buffer.getByteBuffer());
            if (filled == 0) {
                drop();
                fillInterested();
                return Action.IDLE;
            }
            ended = filled < 0;
            stream.data(buffer.getByteBuffer(), ended, this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onSuccess() {
            drop();
        }

        @Override
        protected void onCompleteSuccess() {
            done(true);
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            drop();
            RawRelay.this.failed(cause);
        }

        private void drop() {
            if (buffer != null) {
                buffer.release();
                buffer = null;
            }
        }
    }

    /** Stream to origin. */
    private final class Outward extends IteratingCallback {
        private Inbound.Data data;
        private boolean ended;

        @Override
        protected Action process() throws Throwable {
            if (ended) {
                getEndPoint().shutdownOutput();
                return Action.SUCCEEDED;
            }
            Inbound in = stream.read();
            if (in == null) {
                stream.demand(this::iterate);
                return Action.IDLE;
            }
            if (in instanceof Inbound.Failure failure) {
                throw failure.cause();
            }
            ended = in.last();
            if (in instanceof Inbound.Data bytes) {
                data = bytes;
                getEndPoint().write(this, bytes.bytes());
            } else {
                succeeded();
            }
            return Action.SCHEDULED;
        }

        @Override
        protected void onSuccess() {
            drop();
        }

        @Override
        protected void onCompleteSuccess() {
            done(false);
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            drop();
            RawRelay.this.failed(cause);
        }

        private void drop() {
            if (data != null) {
                data.release();
                data = null;
            }
        }
    }
}

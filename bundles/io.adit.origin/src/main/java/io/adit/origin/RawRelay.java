package io.adit.origin;

import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.Completion;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection after 101: bytes both ways, each direction on its own, each with the other side's back-pressure. Sends the head first. An end of
 * one direction is passed on as that; whatever breaks is passed on as a reset.
 *
 * <p>Thread-safety: thread-safe; nothing blocks.
 */
final class RawRelay extends AbstractConnection implements Connection.UpgradeTo {

    private static final Logger LOG = LoggerFactory.getLogger(RawRelay.class);

    private final Exchange exchange;
    private final MessageStream stream;
    private final ByteBufferPool buffers;
    private final int bufferBytes;
    private final Inward inward;
    private final Outward outward = new Outward();
    private final AtomicInteger open = new AtomicInteger(2);
    private ByteBuffer early;

    RawRelay(Exchange exchange, MessageStream stream, ResponseHead head, EndPoint endPoint, Executor executor, ByteBufferPool buffers,
        OriginOptions options) {
        super(endPoint, executor);
        this.exchange = exchange;
        this.stream = stream;
        this.buffers = buffers;
        this.bufferBytes = options.bufferBytes();
        this.inward = new Inward(head);
        endPoint.setIdleTimeout(options.upgradeIdleTimeout());
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
        outward.iterate();
    }

    @Override
    public void onFillable() {
        inward.iterate();
    }

    @Override
    protected void onFillInterestedFailed(Throwable cause) {
        exchange.fail(cause);
    }

    /** The stream broke. What came before may still be read, and goes to the origin where that takes it; then comes the failure. */
    void streamBroken() {
        outward.broken = true;
        outward.breakIfHeldUp();
    }

    /** Closes the connection with a reset, underneath TLS: an orderly end would look like the end of what was sent. */
    void reset() {
        EndPoint bottom = getEndPoint();
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        if (bottom.isOpen() && bottom.getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (java.io.IOException e) {
                LOG.debug("closed already: {}", e.toString());
            }
        }
        bottom.close();
    }

    /** One direction, a step at a time; what a step holds is released when it is done. */
    private abstract class Direction extends IteratingCallback implements Completion {
        private Runnable held;

        /** As in {@link ResponsePump}. */
        @Override
        public boolean isInline() {
            return true;
        }

        void hold(Runnable release) {
            held = release;
        }

        void drop() {
            Runnable release = held;
            held = null;
            if (release != null) {
                release.run();
            }
        }

        @Override
        protected void onSuccess() {
            drop();
        }

        @Override
        protected void onCompleteSuccess() {
            if (open.decrementAndGet() == 0) {
                close();
                exchange.onRelayed();
            }
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            drop();
            exchange.fail(cause);
        }
    }

    /** Origin to stream. */
    private final class Inward extends Direction {
        private ResponseHead head;
        private volatile boolean ended;

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
            RetainableByteBuffer buffer = buffers.acquire(bufferBytes, true);
            hold(buffer::release);
            int filled = getEndPoint().fill(buffer.getByteBuffer());
            if (filled == 0) {
                drop();
                fillInterested();
                return Action.IDLE;
            }
            ended = filled < 0;
            if (ended && outward.writeFailure != null) {
                throw outward.writeFailure;
            }
            stream.data(buffer.getByteBuffer(), ended, this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            if (cause instanceof StreamResetException) {
                drop();
                streamBroken();
            } else {
                super.onCompleteFailure(cause);
            }
        }
    }

    /** Stream to origin. */
    private final class Outward extends Direction {
        private volatile boolean ended;
        /** What is written did not all go out in the call that began it. */
        private volatile boolean heldUp;
        /** The write that was begun last is over. */
        private volatile boolean written;
        private volatile boolean broken;
        private volatile Throwable writeFailure;

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
            if (!(in instanceof Inbound.Data data)) {
                throw OriginException.broken("no data in an upgraded stream");
            }
            ended = data.last();
            hold(data::release);
            heldUp = false;
            written = false;
            getEndPoint().write(Callback.from(InvocationType.NON_BLOCKING, () -> {
                written = true;
                succeeded();
            }, cause -> {
                writeFailure = cause;
                failed(cause);
            }), data.bytes());
            heldUp = !written;
            breakIfHeldUp(); // who heard meanwhile that the stream is broken left it to this call
            return Action.SCHEDULED;
        }

        /** A write fails when the origin is gone; its last words may still be there to be read, and after them its end. */
        @Override
        protected void onCompleteFailure(Throwable cause) {
            if (writeFailure == null || inward.ended) {
                super.onCompleteFailure(cause);
            } else {
                drop();
            }
        }

        void breakIfHeldUp() {
            if (broken && (written ? ended : heldUp)) {
                RawRelay.this.reset();
            }
        }
    }
}

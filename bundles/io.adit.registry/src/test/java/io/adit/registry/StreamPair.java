package io.adit.registry;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;

/** Both ends of one stream, without an engine: what one sends the other reads, callbacks come on other threads. Thread-safe. */
final class StreamPair {

    private static final Executor POOL = task -> CompletableFuture.runAsync(task);

    private final End proxy = new End();
    private final End peer = new End();

    StreamPair() {
        proxy.other = peer;
        peer.other = proxy;
    }

    MessageStream proxy() {
        return proxy;
    }

    MessageStream peer() {
        return peer;
    }

    /** Nobody reads: writes do not complete from now on. */
    void hold() {
        proxy.held = true;
        peer.held = true;
    }

    /** As a session that ends does. */
    void breakOff(ErrorCode code) {
        proxy.fail(new StreamResetException(code, false, false, ""));
        peer.fail(new StreamResetException(code, true, false, ""));
    }

    /** Sends the text to the end that the test is not. */
    static void send(MessageStream from, String text) {
        from.data(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)), false, Completion.NONE);
    }

    private record Bytes(ByteBuffer bytes, boolean last) implements Inbound.Data {
        @Override
        public void release() {
            // no credit here
        }
    }

    private static final class End implements MessageStream {
        private final Deque<Inbound> box = new ArrayDeque<>();
        private End other;
        private volatile boolean held;
        private Runnable demand;
        private Consumer<StreamResetException> listener;
        private StreamResetException failure;

        @Override
        public int messageBoxId() {
            return 1;
        }

        @Override
        public synchronized Inbound read() {
            Inbound next = box.poll();
            return next == null && failure != null ? new Inbound.Failure(failure) : next;
        }

        @Override
        public synchronized void demand(Runnable task) {
            if (demand != null) {
                throw new IllegalStateException("there is a demand already");
            }
            if (box.isEmpty() && failure == null) {
                demand = task;
            } else {
                POOL.execute(task);
            }
        }

        private synchronized void deliver(Inbound inbound) {
            box.add(inbound);
            wake();
        }

        private void wake() {
            if (demand != null) {
                POOL.execute(demand);
                demand = null;
            }
        }

        private synchronized void fail(StreamResetException cause) {
            if (failure == null) {
                failure = cause;
                wake();
                if (listener != null) {
                    Consumer<StreamResetException> told = listener;
                    POOL.execute(() -> told.accept(cause));
                }
            }
        }

        private void sent(Inbound inbound, Completion completion) {
            if (held) {
                return;
            }
            StreamResetException cause;
            synchronized (this) {
                cause = failure;
            }
            if (cause == null) {
                other.deliver(inbound);
            }
            POOL.execute(cause == null ? completion::succeeded : () -> completion.failed(cause));
        }

        @Override
        public void head(ResponseHead head, ByteBuffer data, boolean last, Completion completion) {
            sent(new Inbound.Head(head, last), completion);
        }

        @Override
        public void data(ByteBuffer data, boolean last, Completion completion) {
            sent(new Bytes(ByteBuffer.allocate(data.remaining()).put(data).flip(), last), completion);
        }

        @Override
        public void trailers(Fields fields, Completion completion) {
            sent(new Inbound.Trailers(fields), completion);
        }

        @Override
        public void reset(ErrorCode code, String reason) {
            fail(new StreamResetException(code, false, false, reason));
            other.fail(new StreamResetException(code, true, false, reason));
        }

        @Override
        public synchronized void onReset(Consumer<StreamResetException> told) {
            listener = told;
            if (failure != null) {
                StreamResetException cause = failure;
                POOL.execute(() -> told.accept(cause));
            }
        }
    }
}

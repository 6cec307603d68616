package io.adit.origin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;

/** The engine's side of a stream, in memory: what the test puts in is read by the handler; what the handler sends is a queue of {@link Op}s. */
final class FakeStream implements MessageStream {

    /** One operation of the handler; data is copied when it is completed, as the engine does it. */
    record Op(String kind, ResponseHead head, byte[] data, boolean last, Fields trailers, Completion completion) {
        String text() {
            return new String(data, StandardCharsets.ISO_8859_1);
        }
    }

    static final long WAIT_SECONDS = 60;

    final CompletableFuture<String> reset = new CompletableFuture<>();
    final AtomicLong released = new AtomicLong();
    private final ExecutorService executor;
    private final BlockingQueue<Op> ops = new LinkedBlockingQueue<>();
    private final Deque<Inbound> box = new ArrayDeque<>();
    private final AtomicLong put = new AtomicLong();
    private final boolean manual;
    private Runnable demand;
    private Inbound.Failure failure;
    private Consumer<StreamResetException> listener;

    /** @param manual whether the test completes the operations, instead of each completing at once */
    FakeStream(ExecutorService executor, boolean manual) {
        this.executor = executor;
        this.manual = manual;
    }

    /** The next operation. */
    Op next() throws InterruptedException {
        Op op = ops.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (op == null) {
            throw new AssertionError("no operation; reset: " + reset.getNow("no"));
        }
        return op;
    }

    int waiting() {
        return ops.size();
    }

    /** Everything up to the last operation; the first is the final head. */
    String all() throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (true) {
            Op op = next();
            text.append(op.text());
            if (op.last()) {
                return text.toString();
            }
        }
    }

    String resetCode() throws Exception {
        return reset.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    void put(String data, boolean last) {
        put(data.getBytes(StandardCharsets.ISO_8859_1), last);
    }

    void put(byte[] data, boolean last) {
        put(data, last, () -> { });
    }

    /** @param taken runs on the handler's thread when that looks at the bytes */
    void put(byte[] data, boolean last, Runnable taken) {
        put.addAndGet(data.length);
        AtomicBoolean once = new AtomicBoolean();
        ByteBuffer bytes = ByteBuffer.wrap(data);
        offer(new Inbound.Data() {
            @Override
            public ByteBuffer bytes() {
                taken.run();
                return bytes;
            }

            @Override
            public boolean last() {
                return last;
            }

            @Override
            public void release() {
                if (once.compareAndSet(false, true)) {
                    released.addAndGet(data.length);
                    synchronized (released) {
                        released.notifyAll();
                    }
                }
            }
        });
    }

    void putTrailers(Fields fields) {
        offer(new Inbound.Trailers(fields));
    }

    /** Waits until the handler has released so many bytes. */
    void awaitReleased(long bytes) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        synchronized (released) {
            while (released.get() < bytes) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("released " + released + " of " + bytes + "; reset: " + reset.getNow("no"));
                }
                released.wait(left);
            }
        }
    }

    private void offer(Inbound in) {
        Runnable task;
        synchronized (this) {
            box.add(in);
            task = demand;
            demand = null;
        }
        if (task != null) {
            executor.execute(task);
        }
    }

    /** The other side breaks the stream. */
    void breakOff(ErrorCode code) {
        breakOff(code, executor);
    }

    /** @param tells of it */
    void breakOff(ErrorCode code, Executor tells) {
        StreamResetException cause = new StreamResetException(code, true, false, "test");
        Runnable task;
        Consumer<StreamResetException> told;
        synchronized (this) {
            failure = new Inbound.Failure(cause);
            task = demand;
            demand = null;
            told = listener;
        }
        if (task != null) {
            executor.execute(task);
        }
        if (told != null) {
            tells.execute(() -> told.accept(cause));
        }
    }

    @Override
    public int messageBoxId() {
        return 1;
    }

    @Override
    public synchronized Inbound read() {
        return box.isEmpty() ? failure : box.poll();
    }

    @Override
    public void demand(Runnable task) {
        synchronized (this) {
            if (demand != null) {
                throw new IllegalStateException("a demand is pending");
            }
            if (box.isEmpty() && failure == null) {
                demand = task;
                return;
            }
        }
        executor.execute(task);
    }

    @Override
    public void head(ResponseHead head, ByteBuffer data, boolean last, Completion completion) {
        add(new Op("head", head, copy(data), last, null, completion));
    }

    @Override
    public void data(ByteBuffer data, boolean last, Completion completion) {
        add(new Op("data", null, copy(data), last, null, completion));
    }

    @Override
    public void trailers(Fields fields, Completion completion) {
        add(new Op("trailers", null, new byte[0], true, fields, completion));
    }

    private static byte[] copy(ByteBuffer data) {
        byte[] bytes = new byte[data == null ? 0 : data.remaining()];
        if (data != null) {
            data.duplicate().get(bytes);
        }
        return bytes;
    }

    private void add(Op op) {
        ops.add(op);
        if (!manual) {
            executor.execute(op.completion()::succeeded);
        }
    }

    @Override
    public void reset(ErrorCode code, String reason) {
        reset.complete(code.name());
        synchronized (this) {
            box.clear();
        }
        breakOff(code);
    }

    @Override
    public void onReset(Consumer<StreamResetException> newListener) {
        synchronized (this) {
            listener = newListener;
        }
    }
}

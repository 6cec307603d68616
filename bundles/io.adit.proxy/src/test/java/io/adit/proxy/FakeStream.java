package io.adit.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.http.HttpStatus;

/**
 * A stream of a scripted peer: a test plays the peer with {@link #answer}, {@link #send}, {@link #breakOff}, and sees what came with
 * {@link #awaitBody} and {@link #awaitReset}. Keeps to the contract of {@link MessageStream}: call-backs come on an executor thread,
 * one demand at a time, failures for ever. Thread-safe.
 */
final class FakeStream implements MessageStream {

    /** Far more than anything takes, also on a machine that does other things. */
    static final long WAIT_SECONDS = 60;

    final RequestHead head;
    private final int id;
    private final Executor executor;
    private final Deque<Inbound> inbound = new ArrayDeque<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<Completion> held = new ArrayList<>();
    private Inbound.Failure failure;
    private Runnable demand;
    private Consumer<StreamResetException> onReset;
    private Fields trailers;
    private boolean bodyEnded;
    private boolean holding;
    private boolean ended;
    private ErrorCode reset;
    private int unreleased;
    private int taken;

    FakeStream(int id, RequestHead head, ByteBuffer data, boolean last, Executor executor) {
        this.id = id;
        this.head = head;
        this.executor = executor;
        append(data, last);
    }

    // ---- the peer's side ----

    /** With the usual reason phrase; a response that is complete says so with a length. */
    FakeStream answer(int status, boolean last, String... fields) {
        Fields given = Fields.of(fields);
        boolean declare = last && status >= 200 && status != 204 && status != 304 && !head.method().equals("HEAD") && !given.contains("content-length");
        Fields.Builder all = Fields.builder().addAll(given);
        return answer(new ResponseHead(status, HttpStatus.getMessage(status), (declare ? all.add("Content-Length", "0") : all).build(), "", -1), last);
    }

    FakeStream answer(ResponseHead responseHead, boolean last) {
        return offer(new Inbound.Head(responseHead, last));
    }

    /** A whole response with status 200, which the proxy can read in one go. */
    FakeStream respond(String text, String... fields) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Runnable task;
        synchronized (this) {
            task = demand;
            demand = null;
            Fields.Builder all = Fields.builder().addAll(Fields.of(fields));
            answer(new ResponseHead(200, "OK", all.add("Content-Length", Integer.toString(bytes.length)).build(), "", -1), false).send(bytes, true);
        }
        if (task != null) {
            executor.execute(task);
        }
        return this;
    }

    FakeStream send(String text, boolean last) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1), last);
    }

    FakeStream send(byte[] bytes, boolean last) {
        synchronized (this) {
            unreleased += bytes.length;
        }
        return offer(new FakeData(ByteBuffer.wrap(bytes), last));
    }

    FakeStream sendTrailers(String... fields) {
        return offer(new Inbound.Trailers(Fields.of(fields)));
    }

    FakeStream breakOff(ErrorCode code, boolean notProcessed) {
        fail(new StreamResetException(code, true, notProcessed, "scripted"));
        return this;
    }

    /** From now on what is sent to the peer is not taken until {@link #takeAll}. */
    synchronized FakeStream hold() {
        holding = true;
        return this;
    }

    void takeAll() {
        List<Completion> now;
        synchronized (this) {
            holding = false;
            now = new ArrayList<>(held);
            held.clear();
        }
        now.forEach(completion -> executor.execute(completion::succeeded));
    }

    /** Takes the first that is held back, and goes on to hold. */
    void takeOne() {
        Completion first;
        synchronized (this) {
            first = held.remove(0);
        }
        executor.execute(first::succeeded);
    }

    synchronized int waiting() {
        return held.size();
    }

    /** Bytes that were sent and not released yet. */
    synchronized int unreleased() {
        return unreleased;
    }

    /** Things that were read from this stream. */
    synchronized int taken() {
        return taken;
    }

    synchronized String body() {
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    synchronized int bodyBytes() {
        return body.size();
    }

    synchronized boolean isBodyEnded() {
        return bodyEnded;
    }

    synchronized Fields trailers() {
        return trailers;
    }

    void awaitBody(String expected) {
        await(() -> body().equals(expected), () -> "body is " + body());
    }

    void awaitBodyEnd() {
        await(this::isBodyEnded, () -> "body has not ended after " + bodyBytes());
    }

    /** Until the proxy has what was sent and wants more: it has gone through all that it does with a new stream. */
    void awaitDemand() {
        await(() -> demand != null, () -> "nothing is wanted");
    }

    ErrorCode awaitReset() {
        await(() -> reset != null, () -> "not reset");
        return reset;
    }

    synchronized void await(BooleanSupplier condition, java.util.function.Supplier<String> message) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        try {
            while (!condition.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError(new TimeoutException(message.get()));
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    synchronized boolean isReset() {
        return reset != null;
    }

    // ---- the contract ----

    @Override
    public int messageBoxId() {
        return id;
    }

    @Override
    public synchronized Inbound read() {
        Inbound next = inbound.poll();
        if (next == null) {
            return failure;
        }
        taken++;
        notifyAll();
        return next;
    }

    @Override
    public void demand(Runnable task) {
        synchronized (this) {
            if (demand != null) {
                throw new IllegalStateException("a demand is pending");
            }
            if (failure == null && inbound.isEmpty()) {
                demand = task;
                notifyAll();
                return;
            }
        }
        executor.execute(task);
    }

    @Override
    public void head(ResponseHead responseHead, ByteBuffer data, boolean last, Completion completion) {
        throw new UnsupportedOperationException("at the peer only");
    }

    @Override
    public void data(ByteBuffer data, boolean last, Completion completion) {
        if (!data.hasRemaining() && !last) {
            throw new IllegalArgumentException("empty data");
        }
        done(() -> append(data, last), completion);
    }

    @Override
    public void trailers(Fields fields, Completion completion) {
        done(() -> {
            trailers = fields;
            append(null, true);
        }, completion);
    }

    @Override
    public void reset(ErrorCode code, String reason) {
        synchronized (this) {
            if (ended || failure != null) {
                return;
            }
            reset = code;
            inbound.clear();
        }
        fail(new StreamResetException(code, false, false, reason));
    }

    @Override
    public void onReset(Consumer<StreamResetException> listener) {
        Inbound.Failure now;
        synchronized (this) {
            onReset = listener;
            now = failure;
        }
        if (now != null) {
            executor.execute(() -> listener.accept(now.cause()));
        }
    }

    private void done(Runnable effect, Completion completion) {
        synchronized (this) {
            if (failure == null) {
                effect.run();
                if (holding) {
                    held.add(completion);
                    notifyAll();
                    return;
                }
                executor.execute(completion::succeeded);
                return;
            }
        }
        executor.execute(() -> completion.failed(failure.cause()));
    }

    private synchronized void append(ByteBuffer data, boolean last) {
        if (data != null) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            body.write(bytes, 0, bytes.length);
        }
        bodyEnded |= last;
        notifyAll();
    }

    private FakeStream offer(Inbound next) {
        Runnable task;
        synchronized (this) {
            if (failure != null) {
                return this;
            }
            inbound.add(next);
            ended |= next.last() && bodyEnded && held.isEmpty();
            task = demand;
            demand = null;
            notifyAll();
        }
        if (task != null) {
            executor.execute(task);
        }
        return this;
    }

    private void fail(StreamResetException cause) {
        Runnable task;
        Consumer<StreamResetException> listener;
        List<Completion> broken;
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = new Inbound.Failure(cause);
            task = demand;
            demand = null;
            listener = onReset;
            broken = new ArrayList<>(held);
            held.clear();
            notifyAll();
        }
        broken.forEach(completion -> executor.execute(() -> completion.failed(cause)));
        if (task != null) {
            executor.execute(task);
        }
        if (listener != null) {
            executor.execute(() -> listener.accept(cause));
        }
    }

    private final class FakeData implements Inbound.Data {
        private final ByteBuffer bytes;
        private final int length;
        private final boolean last;
        private boolean released;

        FakeData(ByteBuffer bytes, boolean last) {
            this.bytes = bytes;
            this.length = bytes.remaining();
            this.last = last;
        }

        @Override
        public boolean last() {
            return last;
        }

        @Override
        public ByteBuffer bytes() {
            return bytes;
        }

        @Override
        public void release() {
            synchronized (FakeStream.this) {
                if (!released) {
                    released = true;
                    unreleased -= length;
                    FakeStream.this.notifyAll();
                }
            }
        }
    }
}

package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.StreamInfo;
import io.adit.api.StreamResetException;
import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import io.adit.api.packet.PacketCodec;

/**
 * One stream with its message box (what came and was not read) and its send queue.
 *
 * <p>Thread-safety: all state is guarded by the session's lock; callbacks run on the session's executor, never with the lock held.
 */
final class TunnelStream implements MessageStream {

    /** What became of a turn in the flusher. */
    enum Turn { MORE, DONE, NO_ROOM }

    /** Heads that may wait in the message box: more interim ones than anybody sends. */
    private static final int MAX_HEADS = 64;
    /** What they may weigh together; they are not in the credit. */
    private static final int MAX_HEAD_BYTES = 2 * Wire.MAX_HEAD;
    /** Small data packets are joined in the box up to this size, so that a flood of them costs no more than its bytes. */
    private static final int JOIN = 16 * 1024;

    /** Set as soon as it is known which comes first: that it has gone out, or that the call that brought it is over. */
    private static final class Operation extends AtomicBoolean {
        private Packet packet;
        private final ByteBuffer data;
        private final boolean last;
        private final Completion completion;

        Operation(Packet packet, ByteBuffer data, boolean last, Completion completion) {
            this.packet = packet;
            this.data = data;
            this.last = last;
            this.completion = completion;
        }

        /** With the lock held. */
        void gone(List<Runnable> done) {
            if (completion != Completion.NONE && (!completion.isInline() || !compareAndSet(false, true))) {
                done.add(completion::succeeded);
            }
        }

        /** Without the lock, on the thread that brought it. */
        void returns() {
            if (completion.isInline() && !compareAndSet(false, true)) {
                completion.succeeded();
            }
        }
    }

    private final Session session;
    private final Object lock;
    private final int id;
    private final String method;
    private final String target;
    private final long openedAt;
    private final SendWindow sendWindow;
    private final ReceiveWindow receiveWindow;
    private final ArrayDeque<Operation> operations = new ArrayDeque<>(4);
    private final ArrayDeque<Inbound> box = new ArrayDeque<>(4);

    private StreamState state = StreamState.OPEN;
    private InboundPhase phase;
    /** Whether the opening packet went out (at the proxy) or came (at the peer). */
    private boolean announced;
    private boolean endQueued;
    private int heads;
    private int headBytes;
    private Runnable demand;
    private Consumer<StreamResetException> resetListener;
    private StreamResetException failure;
    /** S6: the other side wants no more of what we send. */
    private StreamResetException unwanted;
    /** When body bytes last moved. */
    private long movedAt;
    private long windowOffset = -1;
    private boolean windowQueued;

    /** In one of the flusher's queues. */
    boolean queued;

    TunnelStream(Session session, int id, RequestHead request, SendWindow sendWindow, ReceiveWindow receiveWindow, InboundPhase phase, boolean announced) {
        this.session = session;
        this.lock = session.lock();
        this.id = id;
        this.method = request.method();
        this.target = request.target();
        this.openedAt = session.now();
        this.movedAt = openedAt;
        this.sendWindow = sendWindow;
        this.receiveWindow = receiveWindow;
        this.phase = phase;
        this.announced = announced;
    }

    @Override
    public PeerSession session() {
        return session;
    }

    @Override
    public int messageBoxId() {
        return id;
    }

    /** With the lock held. */
    StreamInfo info(long now) {
        Operation next = operations.peek();
        boolean stuck = next != null && next.packet == null && next.data != null && next.data.hasRemaining() && sendWindow.available() <= 0;
        String waitsFor = stuck ? "credit" : receiveWindow.buffered() > 0 ? "reader" : "";
        return new StreamInfo(id, method, target, TimeUnit.NANOSECONDS.toMillis(now - openedAt), TimeUnit.NANOSECONDS.toMillis(now - movedAt), waitsFor,
                receiveWindow.received(), sendWindow.sent(), receiveWindow.buffered(), receiveWindow.window(), Math.max(0, sendWindow.available()));
    }

    // ---- receiving, by the handler

    @Override
    public Inbound read() {
        synchronized (lock) {
            Inbound next = box.poll();
            if (next instanceof Inbound.Head head) {
                heads--;
                headBytes -= weight(head.head());
            } else if (next instanceof Chunk chunk) {
                chunk.taken = true;
            }
            return next != null || failure == null ? next : new Inbound.Failure(failure);
        }
    }

    @Override
    public void demand(Runnable task) {
        synchronized (lock) {
            if (demand != null) {
                throw new IllegalStateException("there is a demand already");
            }
            if (box.isEmpty() && failure == null) {
                demand = task;
                return;
            }
        }
        session.execute(task);
    }

    @Override
    public void onReset(Consumer<StreamResetException> listener) {
        StreamResetException cause;
        synchronized (lock) {
            cause = failure;
            if (cause == null) {
                resetListener = listener;
                return;
            }
        }
        session.execute(() -> listener.accept(cause));
    }

    // ---- sending, by the handler

    @Override
    public void head(ResponseHead head, ByteBuffer data, boolean last, Completion completion) {
        enqueue(new Operation(head, data, last, completion));
    }

    @Override
    public void data(ByteBuffer data, boolean last, Completion completion) {
        enqueue(new Operation(null, data, last, completion));
    }

    @Override
    public void trailers(Fields fields, Completion completion) {
        enqueue(new Operation(new Trailers(fields), null, true, completion));
    }

    /** The opening packet, by the session, with the lock held. */
    void open(Packet request, ByteBuffer data, boolean last) {
        operations.add(new Operation(request, data, last, Completion.NONE));
        endQueued = last;
        session.flusher().ready(this);
    }

    private void enqueue(Operation operation) {
        StreamResetException cause;
        synchronized (lock) {
            cause = failure == null ? unwanted : failure;
            if (cause == null) {
                if (endQueued) {
                    throw new IllegalStateException("this direction has ended");
                }
                if (operations.size() == MAX_PENDING) {
                    throw new IllegalStateException("more than " + MAX_PENDING + " operations wait");
                }
                endQueued = operation.last;
                operations.add(operation);
                session.flusher().ready(this);
            }
        }
        if (cause == null) {
            session.flusher().flush();
            operation.returns();
        } else {
            session.execute(() -> operation.completion.failed(cause));
        }
    }

    @Override
    public void reset(ErrorCode code, String reason) {
        StreamResetException cause = new StreamResetException(code, false, false, reason);
        synchronized (lock) {
            if (state == StreamState.CLOSED && box.isEmpty()) {
                return;
            }
            if (announced && state != StreamState.CLOSED) {
                session.sendReset(id, code, 0, reason);
            }
            clearBox();
            if (state == StreamState.CLOSED) {
                receiveWindow.close(); // complete, and nobody will read the rest
            } else {
                fail(cause);
            }
        }
        session.flusher().flush();
    }

    // ---- from the session's reader, with the lock held; each gives the tasks to run when the lock is free

    /** @return null when all is well, else the rule that was broken */
    String receivedHead(ResponseHead head, boolean end) {
        if (!state.canReceive()) {
            return "S3: head after the end";
        }
        headBytes += weight(head);
        if (++heads > MAX_HEADS || headBytes > MAX_HEAD_BYTES && heads > 1) {
            return "S5: too many heads";
        }
        InboundPhase next = phase.on(head.isInterim() ? InboundPhase.Event.INTERIM : InboundPhase.Event.FINAL, end);
        if (next == null) {
            return "S3: head not expected";
        }
        phase = next;
        add(new Inbound.Head(head, end), end);
        return null;
    }

    /** The request had no body: its direction ended with the opening packet. */
    void requestEnded() {
        phase = InboundPhase.DONE;
        receiveWindow.end();
        change(StreamState.Event.RECEIVE_END);
    }

    String receivedTrailers(Fields fields) {
        InboundPhase next = state.canReceive() ? phase.on(InboundPhase.Event.TRAILERS, true) : null;
        if (next == null) {
            return "S3: trailers not expected";
        }
        phase = next;
        add(new Inbound.Trailers(fields), true);
        return null;
    }

    String receivedData(ByteBuffer data, boolean end, boolean starved) {
        InboundPhase next = state.canReceive() ? phase.on(InboundPhase.Event.DATA, end) : null;
        if (next == null) {
            return "S3: data not expected";
        }
        phase = next;
        int size = data.remaining();
        movedAt = session.now();
        if (!receiveWindow.received(size, starved)) {
            return "W3: data beyond the credit";
        }
        if (box.peekLast() instanceof Chunk tail && tail.size + size <= JOIN) {
            tail.append(data, end);
            ended(end);
        } else {
            add(new Chunk(data, end), end);
        }
        return null;
    }

    void receivedWindow(long offset) {
        if (sendWindow.raise(offset)) {
            if (!operations.isEmpty()) {
                session.flusher().ready(this);
            }
        } else {
            session.floodable();
        }
    }

    void receivedReset(StreamResetException cause) {
        if (cause.code() == ErrorCode.NONE && !state.canReceive()) {
            stopSending(cause);
        } else {
            fail(cause); // what is in the box came before the reset and may be read
        }
    }

    /** S6: the other side has answered in full and does not want the rest of what we send; what we received stands. */
    private void stopSending(StreamResetException cause) {
        if (state == StreamState.CLOSED) {
            return;
        }
        session.flusher().remove(this);
        for (Operation operation : operations) {
            session.execute(() -> operation.completion.failed(cause));
        }
        operations.clear();
        unwanted = cause;
        endQueued = true;
        change(StreamState.Event.SEND_END);
    }

    private void add(Inbound inbound, boolean end) {
        box.add(inbound);
        ended(end);
    }

    private void ended(boolean end) {
        if (end) {
            receiveWindow.end();
            change(StreamState.Event.RECEIVE_END);
        }
        if (demand != null) {
            Runnable task = demand;
            demand = null;
            session.execute(task);
        }
    }

    // ---- the end, with the lock held

    void fail(StreamResetException cause) {
        if (failure != null) {
            return; // the first cause counts
        }
        boolean complete = state == StreamState.CLOSED;
        if (complete && box.isEmpty()) {
            return;
        }
        failure = cause;
        session.flusher().remove(this);
        if (!complete) {
            change(StreamState.Event.RESET);
        }
        receiveWindow.close();
        dropUnreserved();
        for (Operation operation : operations) {
            session.execute(() -> operation.completion.failed(cause));
        }
        operations.clear();
        if (demand != null) {
            session.execute(demand);
            demand = null;
        }
        if (resetListener != null) {
            Consumer<StreamResetException> listener = resetListener;
            resetListener = null;
            session.execute(() -> listener.accept(cause));
        }
    }

    /** The credit is given back, so the box may keep a little of the data only; the message is cut anyway. */
    private void dropUnreserved() {
        int kept = 0;
        for (Iterator<Inbound> each = box.iterator(); each.hasNext();) {
            if (each.next() instanceof Chunk chunk) {
                kept += chunk.size;
                if (kept > JOIN) {
                    each.remove();
                }
            }
        }
    }

    /** At the proxy: whether the request went out. */
    boolean isAnnounced() {
        return announced;
    }

    boolean isFailed() {
        synchronized (lock) {
            return failure != null;
        }
    }

    private static int weight(ResponseHead head) {
        return head.fields().bytes() + 64 * head.fields().size() + head.reason().length();
    }

    private void clearBox() {
        box.clear();
        heads = 0;
        headBytes = 0;
    }

    private void change(StreamState.Event event) {
        StreamState next = state.on(event);
        if (next == null) {
            throw new IllegalStateException(state + " " + event);
        }
        state = next;
        if (next == StreamState.CLOSED) {
            session.ended(this);
        }
    }

    // ---- from the flusher, with the lock held

    boolean isYoung() {
        return sendWindow.sent() < Flusher.YOUNG;
    }

    /** @param done gets the completions of what went out */
    Turn emit(ByteBuffer out, int turn, List<Runnable> done) {
        int left = turn;
        while (true) {
            Operation operation = operations.peek();
            if (operation == null) {
                return Turn.DONE;
            }
            boolean hasData = operation.data != null && operation.data.hasRemaining();
            if (operation.packet != null) {
                try {
                    if (!emitPacket(operation, hasData, out)) {
                        return Turn.NO_ROOM;
                    }
                } catch (CodecException | RuntimeException | LinkageError e) {
                    session.unencodable(this, e);
                    return Turn.DONE;
                }
            } else if (!hasData && operation.last) {
                if (out.remaining() < Wire.HEADER) {
                    return Turn.NO_ROOM;
                }
                Wire.header(out, 0, Wire.DATA, Wire.END, session.epoch(), id);
            }
            if (hasData) {
                try {
                    int room = Math.min(out.remaining() - Wire.HEADER, Wire.MAX_DATA) - growth();
                    if (room <= 0) {
                        return Turn.NO_ROOM;
                    }
                    left -= emitData(operation, Math.min(left, room), out);
                } catch (CodecException | RuntimeException | LinkageError e) {
                    session.unencodableData(this, e);
                    return Turn.DONE;
                }
                if (operation.data.hasRemaining()) {
                    return sendWindow.available() == 0 ? Turn.DONE : Turn.MORE; // out of credit: a WINDOW packet makes it ready again
                }
            }
            operations.poll();
            operation.gone(done);
            if (operation.last) {
                change(StreamState.Event.SEND_END);
                return Turn.DONE;
            }
            if (left <= 0 || out.remaining() <= Wire.HEADER) {
                return operations.isEmpty() ? Turn.DONE : Turn.MORE;
            }
        }
    }

    /** False when there is no room for it in this write. */
    private boolean emitPacket(Operation operation, boolean hasData, ByteBuffer out) throws CodecException {
        byte[] block = session.encoder().encode(operation.packet);
        Packet.Kind kind = operation.packet.kind();
        int extra = kind == Packet.Kind.REQUEST ? 4 : 0;
        if (block.length + extra > Wire.MAX_HEAD) {
            throw new CodecException(kind + " of " + block.length + " bytes, over " + (Wire.MAX_HEAD - extra));
        }
        if (out.remaining() < Wire.HEADER + extra + block.length) {
            return false;
        }
        boolean end = operation.last && !hasData;
        Wire.header(out, extra + block.length, kind.code(), end ? Wire.END : 0, session.epoch(), id);
        if (extra != 0) {
            out.putInt(receiveWindow.window());
        }
        out.put(block);
        operation.packet = null;
        announced = true;
        return true;
    }

    /** How much longer the codec may make a data payload. */
    private int growth() {
        return session.encoder().transformsData() ? Wire.DATA_GROWTH : 0;
    }

    private int emitData(Operation operation, int most, ByteBuffer out) throws CodecException {
        PacketCodec codec = session.encoder();
        int growth = growth();
        ByteBuffer data = operation.data;
        int credit = sendWindow.available();
        int size = Math.min(data.remaining(), Math.min(most, credit));
        if (size <= 0) {
            return 0;
        }
        ByteBuffer piece = data.slice(data.position(), size);
        if (growth != 0) {
            piece = codec.encodeData(piece);
            if (piece.remaining() > size + growth) {
                throw new CodecException("codec version " + codec.version() + " made " + piece.remaining() + " bytes of " + size);
            }
        }
        data.position(data.position() + size);
        boolean end = operation.last && !data.hasRemaining();
        int flags = end ? Wire.END : size == credit ? Wire.STARVED : 0;
        Wire.header(out, piece.remaining(), Wire.DATA, flags, session.epoch(), id);
        out.put(piece);
        sendWindow.sent(size);
        movedAt = session.now();
        return size;
    }

    void emitWindow(ByteBuffer out) {
        windowQueued = false;
        if (state.canReceive()) {
            Wire.header(out, 8, Wire.WINDOW, 0, session.epoch(), id);
            out.putLong(windowOffset);
        }
    }

    private void consumed(int bytes) {
        boolean flush = false;
        synchronized (lock) {
            if (failure != null) {
                return;
            }
            movedAt = session.now();
            long offset = receiveWindow.consumed(bytes, movedAt, session.roundTripNanos());
            if (offset >= 0) {
                windowOffset = offset;
                if (!windowQueued) {
                    windowQueued = true;
                    session.flusher().window(this);
                    flush = true;
                }
            }
        }
        if (flush) {
            session.flusher().flush();
        }
    }

    /** Body bytes in the box: own memory of their own size, so that a small piece never pins a big read buffer. */
    private final class Chunk implements Inbound.Data {
        private byte[] array;
        private int size;
        private boolean last;
        private boolean taken;
        private boolean released;

        Chunk(ByteBuffer data, boolean last) {
            this.size = data.remaining();
            this.array = new byte[size];
            data.get(array);
            this.last = last;
        }

        void append(ByteBuffer data, boolean end) {
            int more = data.remaining();
            if (size + more > array.length) {
                array = Arrays.copyOf(array, Math.min(JOIN, Math.max(2 * array.length, size + more)));
            }
            data.get(array, size, more);
            size += more;
            last = end;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(array, 0, size);
        }

        @Override
        public boolean last() {
            return last;
        }

        @Override
        public void release() {
            synchronized (lock) {
                if (released || !taken) {
                    return;
                }
                released = true;
            }
            consumed(size);
        }
    }
}

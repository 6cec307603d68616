package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import io.adit.api.Completion;
import io.adit.tunnel.Transport;

/**
 * The one writer of a session (law L1): at most one write is in flight; it gathers what is queued into one buffer, control packets first,
 * then by turns the streams that have something to send and credit for it. Young streams (little sent so far) get four turns for one of
 * the bulk streams, so that small answers pass big ones and neither starves.
 *
 * <p>Thread-safety: all state is guarded by the session's lock; the transport is called outside of it.
 */
final class Flusher {

    /** Payload bytes of one turn while others wait: one TLS record. */
    static final int TURN = 16 * 1024;
    /** A stream that sent less is young. */
    static final long YOUNG = 64 * 1024;

    private static final int YOUNG_TURNS = 4;
    /** Control packets that may wait, in bytes; an honest session has a few hundred of them. */
    private static final int MAX_CONTROL_BYTES = 1 << 20;
    /** Writes that one thread makes in a row before it hands on, should the transport complete each at once. */
    private static final int ROUNDS = 16;

    private final Session session;
    private final Object lock;
    private final Transport transport;
    private final WriteBuffers buffers;

    private final ArrayDeque<ByteBuffer> control = new ArrayDeque<>();
    private final ArrayDeque<TunnelStream> windows = new ArrayDeque<>();
    private final ArrayDeque<TunnelStream> young = new ArrayDeque<>();
    private final ArrayDeque<TunnelStream> bulk = new ArrayDeque<>();
    /** Of {@link #buffers}, from the first packet of a stream until nothing waits any more. */
    private ByteBuffer buffer;
    private int controlBytes;
    private int youngTurns;
    private boolean writing;
    private boolean calling;
    private boolean completedInCall;
    private boolean closeWhenEmpty;
    private boolean dead;

    Flusher(Session session, Transport transport, WriteBuffers buffers) {
        this.session = session;
        this.lock = session.lock();
        this.transport = transport;
        this.buffers = buffers;
    }

    // ---- with the lock held

    void control(ByteBuffer frame) {
        if (!dead) {
            if (controlBytes > MAX_CONTROL_BYTES) {
                session.execute(() -> session.lost(null)); // it makes us answer and does not read: no good-bye would reach it
                return;
            }
            controlBytes += frame.remaining();
            control.add(frame);
        }
    }

    /** The stream wants to send a WINDOW packet; its offset is computed when it goes out, so that several become one. */
    void window(TunnelStream stream) {
        windows.add(stream);
    }

    /** The stream has something that could go out now. */
    void ready(TunnelStream stream) {
        if (!stream.queued) {
            stream.queued = true;
            (stream.isYoung() ? young : bulk).add(stream);
        }
    }

    void remove(TunnelStream stream) {
        if (stream.queued) {
            stream.queued = false;
            if (!young.remove(stream)) {
                bulk.remove(stream);
            }
        }
    }

    /** The streams are over; what is in the control queue goes out. */
    void onlyControl() {
        young.clear();
        bulk.clear();
    }

    /** The same, and then the transport is closed. */
    void closeWhenEmpty() {
        onlyControl();
        closeWhenEmpty = true;
    }

    /** Nothing goes out any more. */
    void stop() {
        dead = true;
        control.clear();
        windows.clear();
        young.clear();
        bulk.clear();
        if (!writing) {
            giveBack();
        }
    }

    boolean busy() {
        return writing || !control.isEmpty() || session.encoder() != null && !(young.isEmpty() && bulk.isEmpty());
    }

    // ---- without the lock

    /** Starts a write when none is in flight and there is something to send. */
    void flush() {
        for (int round = 0;; round++) {
            if (round == ROUNDS) {
                session.execute(this::flush);
                return;
            }
            List<Runnable> done = new ArrayList<>();
            ByteBuffer out;
            boolean close = false;
            synchronized (lock) {
                if (writing || dead) {
                    return;
                }
                out = gather(done);
                if (out == null) {
                    close = closeWhenEmpty;
                } else {
                    writing = true;
                    calling = true;
                    completedInCall = false;
                }
            }
            session.execute(done);
            if (out == null) {
                if (close) {
                    transport.close(true);
                }
                return;
            }
            transport.write(out, written);
            synchronized (lock) {
                calling = false;
                if (!completedInCall) {
                    return;
                }
                writing = false;
            }
        }
    }

    private final Completion written = new Completion() {
        @Override
        public void succeeded() {
            synchronized (lock) {
                session.progress();
                if (calling) {
                    completedInCall = true; // the caller's loop goes on: no recursion, whichever thread this is
                    return;
                }
                writing = false;
            }
            flush();
        }

        @Override
        public void failed(Throwable cause) {
            session.lost(cause);
        }
    };

    /** The next write, or null when there is nothing. */
    private ByteBuffer gather(List<Runnable> done) {
        boolean parked = session.encoder() == null; // PROTOCOL X8; in the handshake no stream has anything to send
        boolean streams = !parked && !(young.isEmpty() && bulk.isEmpty());
        if (control.isEmpty() && windows.isEmpty() && !streams) {
            giveBack();
            return null;
        }
        ByteBuffer out = room(streams);
        while (!control.isEmpty() && control.peek().remaining() <= out.remaining()) {
            controlBytes -= control.peek().remaining();
            out.put(control.poll());
        }
        // a CODEC_SWITCH may be among the control packets that wait: what follows has the epoch after it
        boolean first = control.isEmpty();
        while (first && !windows.isEmpty() && out.remaining() >= Wire.HEADER + Wire.WINDOW_BYTES) {
            windows.poll().emitWindow(out);
        }
        while (first && !parked && out.remaining() > Wire.HEADER) {
            TunnelStream stream = next();
            if (stream == null) {
                break;
            }
            int turn = young.isEmpty() && bulk.isEmpty() ? Wire.MAX_DATA : TURN;
            TunnelStream.Turn result = stream.emit(out, turn, done);
            if (result == TunnelStream.Turn.MORE) {
                stream.queued = false;
                ready(stream);
            } else if (result == TunnelStream.Turn.NO_ROOM) {
                (stream.isYoung() ? young : bulk).addFirst(stream); // first in the next write: opening packets keep their order
                break;
            } else {
                stream.queued = false;
            }
        }
        if (out.position() == 0 && !control.isEmpty()) {
            return gather(done); // all that a stream had was an unencodable head, whose reset is in the control queue now
        }
        session.sent(out.position());
        if (out.position() == 0) {
            giveBack();
            return null;
        }
        return out.flip();
    }

    /** Thousands of sessions may ping in the same moment: what has no packet of a stream takes no more memory than its bytes. */
    private ByteBuffer room(boolean streams) {
        int least = controlBytes + windows.size() * (Wire.HEADER + Wire.WINDOW_BYTES);
        if (buffer == null && !streams && least < WriteBuffers.SIZE) {
            return ByteBuffer.allocate(least);
        }
        if (buffer == null) {
            buffer = buffers.take();
        }
        return buffer.clear();
    }

    private void giveBack() {
        if (buffer != null) {
            buffers.give(buffer);
            buffer = null;
        }
    }

    private TunnelStream next() {
        if (!young.isEmpty() && (youngTurns < YOUNG_TURNS || bulk.isEmpty())) {
            youngTurns++;
            return young.poll();
        }
        youngTurns = 0;
        return bulk.isEmpty() ? young.poll() : bulk.poll();
    }
}

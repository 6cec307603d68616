package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * The buffers that writes are gathered in, shared by all sessions: each has one only while it sends packets of streams, so that their number is that
 * of the writes in flight, and not that of the sessions. A few are kept for the next, since making one costs more than sending a small answer.
 *
 * <p>Thread-safety: thread-safe.
 */
final class WriteBuffers {

    /** Bytes of each: the longest packet. */
    static final int SIZE = Wire.HEADER + Wire.MAX_HEAD;
    static final int KEPT = 32;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>(KEPT);

    synchronized ByteBuffer take() {
        ByteBuffer last = free.pollLast(); // of which the processor's cache knows most
        return last == null ? ByteBuffer.allocate(SIZE) : last;
    }

    /** @param buffer which nobody reads any more */
    synchronized void give(ByteBuffer buffer) {
        if (free.size() < KEPT) {
            free.addLast(buffer);
        }
    }
}

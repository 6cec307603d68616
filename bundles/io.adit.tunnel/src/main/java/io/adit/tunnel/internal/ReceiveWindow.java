package io.adit.tunnel.internal;

/**
 * The receiver's side of one stream's credit (PROTOCOL W1..W6): how far the sender may go, when to let it go further, and when the
 * window grows. All that is promised is reserved in the pool.
 * <ul>
 * <li>Credit comes back when bytes were consumed, not when received, and when a quarter of the window was (W4).
 * <li>The window doubles when the sender ran dry (STARVED), while our own buffer was nearly empty (so it is the window and not the
 * consumer that limits), and half a window went through within a few round trips (W6).
 * </ul>
 * Guarded by the session's lock.
 */
final class ReceiveWindow {

    /** Below this a round trip says nothing about the network: scheduling weighs more. */
    private static final long LEAST_ROUND_TRIP_NANOS = 2_000_000;

    private final CreditPool pool;
    private final int maximum;
    private int window;
    private long reserved;
    private long received;
    private long consumed;
    private long granted;
    private boolean ended;

    private boolean starved;
    private long epochStart;
    private long epochConsumed;

    /** @param initial bytes that the caller reserved in the pool already */
    ReceiveWindow(CreditPool pool, int initial, int maximum, long nowNanos) {
        this.pool = pool;
        this.maximum = maximum;
        this.window = initial;
        this.reserved = initial;
        this.granted = initial;
        this.epochStart = nowNanos;
    }

    /** False when the sender went over its credit (W3). */
    boolean received(int bytes, boolean wasStarved) {
        received += bytes;
        starved |= wasStarved;
        return received <= granted;
    }

    /** The sender is done: only what is still buffered stays reserved. */
    void end() {
        ended = true;
        shrinkTo(received - consumed);
    }

    /** @return the offset to send in a WINDOW packet now, or -1 */
    long consumed(int bytes, long nowNanos, long roundTripNanos) {
        consumed += bytes;
        if (ended) {
            shrinkTo(received - consumed);
            return -1;
        }
        grow(nowNanos, roundTripNanos);
        long offset = consumed + window;
        if (offset - granted < window / 4) {
            return -1;
        }
        granted = offset;
        return offset;
    }

    /** The stream is gone: nothing stays reserved. */
    void close() {
        ended = true;
        shrinkTo(0);
    }

    int window() {
        return window;
    }

    long received() {
        return received;
    }

    long buffered() {
        return received - consumed;
    }

    private void grow(long now, long roundTripNanos) {
        long share = consumed - epochConsumed;
        if (share < window / 2) {
            return;
        }
        long elapsed = now - epochStart;
        long fast = 4 * Math.max(roundTripNanos, LEAST_ROUND_TRIP_NANOS) * share / window;
        if (starved && window < maximum && elapsed <= fast && buffered() < window / 4 && !pool.isTight()) {
            int more = Math.min(window, maximum - window);
            if (pool.reserve(more)) {
                window += more;
                reserved += more;
            }
        }
        starved = false;
        epochStart = now;
        epochConsumed = consumed;
    }

    private void shrinkTo(long bytes) {
        if (bytes < reserved) {
            pool.release(reserved - bytes);
            reserved = bytes;
        }
    }
}

package io.adit.tunnel.internal;

/**
 * Memory that may be promised as credit: no window is given that is not reserved here (law L3), so that all streams of all sessions
 * together can never hold more than the pool, and a stalled one takes only its own share.
 *
 * <p>Thread-safety: thread-safe.
 */
final class CreditPool {

    private static final int SHARES = 256;

    private final long capacity;
    private long reserved;

    /** @param capacity bytes */
    CreditPool(long capacity) {
        this.capacity = capacity;
    }

    synchronized boolean reserve(long bytes) {
        if (reserved + bytes > capacity) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    /**
     * What a new stream may start with: a small share of what is free (so that hundreds fit however small the pool), at least minimum, at
     * most maximum; 0 when not even the minimum is there.
     */
    synchronized int reserveInitial(int minimum, int maximum) {
        long free = capacity - reserved;
        if (free < minimum) {
            return 0;
        }
        int window = (int) Math.min(maximum, Math.max(minimum, free / SHARES));
        reserved += window;
        return window;
    }

    synchronized void release(long bytes) {
        reserved -= bytes;
    }

    synchronized long reserved() {
        return reserved;
    }

    /** Under pressure windows do not grow: what is left is for new streams. */
    synchronized boolean isTight() {
        return reserved > capacity / 4 * 3;
    }
}

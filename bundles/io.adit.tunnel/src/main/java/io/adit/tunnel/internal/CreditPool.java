package io.adit.tunnel.internal;

/**
 * Memory that may be promised as credit: no window is given that is not reserved here (law L3), so that all streams of all sessions
 * together can never hold more than the pool, and a stalled one takes only its own share. A session's pool takes from the one of the
 * process and never holds more than its own capacity, so that one name cannot starve the others.
 *
 * <p>Thread-safety: thread-safe; a session's pool is locked before its parent.
 */
final class CreditPool {

    private static final int SHARES = 256;

    private final CreditPool parent;
    private final long capacity;
    private long reserved;

    /** @param capacity bytes */
    CreditPool(long capacity) {
        this(null, capacity);
    }

    /**
     * @param parent what this one takes from; null for none
     * @param capacity most bytes that this one holds
     */
    CreditPool(CreditPool parent, long capacity) {
        this.parent = parent;
        this.capacity = capacity;
    }

    synchronized boolean reserve(long bytes) {
        if (reserved + bytes > capacity || parent != null && !parent.reserve(bytes)) {
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
        int window = (int) Math.min(maximum, Math.max(minimum, free() / SHARES));
        if (reserve(window)) {
            return window;
        }
        return reserve(minimum) ? minimum : 0;
    }

    synchronized void release(long bytes) {
        reserved -= bytes;
        if (parent != null) {
            parent.release(bytes);
        }
    }

    long capacity() {
        return capacity;
    }

    synchronized long reserved() {
        return reserved;
    }

    /** Under pressure windows do not grow: what is left is for new streams. */
    synchronized boolean isTight() {
        return reserved > capacity / 4 * 3 || parent != null && parent.isTight();
    }

    private synchronized long free() {
        return parent == null ? capacity - reserved : Math.min(capacity - reserved, parent.free());
    }
}

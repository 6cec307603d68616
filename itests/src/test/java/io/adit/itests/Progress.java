package io.adit.itests;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clock of one request: a pause is a time in which no byte of it moves, neither at the visitor nor, where that is in this process, at the
 * {@link SwapOrigin}. Both count, since buffers take in megabytes: a visitor who has sent all of a body may wait long while it still moves.
 * Thread-safe.
 */
final class Progress implements AutoCloseable {

    /** Says in a request which one it is. */
    static final String FIELD = "X-Progress";

    private static final AtomicLong IDS = new AtomicLong();
    private static final Map<String, Progress> ALL = new ConcurrentHashMap<>();

    interface Pauses {
        /** @param bytes that have moved before it */
        void ended(long nanos, long bytes);
    }

    private final String id = Long.toString(IDS.incrementAndGet());
    private final Pauses pauses;
    private long bytes;
    private long since = System.nanoTime();

    Progress(Pauses pauses) {
        this.pauses = pauses;
        ALL.put(id, this);
    }

    String id() {
        return id;
    }

    /** @param id what {@link #FIELD} says; null, or of one that is over, for none */
    static void made(String id, int count) {
        Progress one = id == null ? null : ALL.get(id);
        if (one != null) {
            one.made(count);
        }
    }

    synchronized void made(int count) {
        long now = System.nanoTime();
        pauses.ended(now - since, bytes);
        since = now;
        bytes += Math.max(0, count);
    }

    @Override
    public void close() {
        ALL.remove(id);
    }
}

package io.adit.tunnel.internal;

/**
 * The lowest round trip of the last ten seconds or so: a high one measures queues, and would make windows grow for nothing.
 * Guarded by the session's lock.
 */
final class RoundTrip {

    private static final long SPAN = 10_000_000_000L;

    private long current;
    private long previous;
    private long spanStart;

    void sample(long nanos, long now) {
        if (now - spanStart > SPAN) {
            previous = current;
            current = 0;
            spanStart = now;
        }
        current = current == 0 ? nanos : Math.min(current, nanos);
    }

    /** Nanoseconds; 0 when nothing was measured yet. */
    long nanos() {
        if (current == 0 || previous == 0) {
            return Math.max(current, previous);
        }
        return Math.min(current, previous);
    }
}

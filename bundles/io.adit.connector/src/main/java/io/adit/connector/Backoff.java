package io.adit.connector;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: short pauses while the proxy has not been away for long (a restart), then doubling ones up to
 * a maximum; always with jitter, so that thousands of peers do not come back in the same instant. Not thread-safe.
 */
final class Backoff {

    private final long fastMillis;
    private final long fastForMillis;
    private final long maxMillis;
    private final DoubleSupplier random;
    private long waited;
    private long pause;

    /** @param random gives 0 (inclusive) to 1 (exclusive) */
    Backoff(long fastMillis, long fastForMillis, long maxMillis, DoubleSupplier random) {
        this.fastMillis = fastMillis;
        this.fastForMillis = fastForMillis;
        this.maxMillis = Math.max(fastMillis, maxMillis);
        this.random = random;
        this.pause = fastMillis;
    }

    /** A session was up. */
    void reset() {
        waited = 0;
        pause = fastMillis;
    }

    /** Milliseconds. */
    long next() {
        if (waited >= fastForMillis) {
            pause = Math.min(2 * pause, maxMillis);
        }
        // at least a quarter: full jitter would let some attempts follow each other at once, which helps nobody
        long delay = (long) (pause * (0.25 + 0.75 * random.getAsDouble()));
        waited += delay;
        return delay;
    }

    /** The longest pause from now on: the other side said no. */
    long slow() {
        pause = maxMillis;
        waited = fastForMillis;
        return next();
    }
}

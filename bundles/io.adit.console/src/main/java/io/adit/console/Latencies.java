package io.adit.console;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long things took: counts in classes of which each is an eighth of an octave wide, so a quantile is at most 9 % off. Thread-safe; adding
 * takes no lock.
 */
final class Latencies {

    private static final int STEPS = 8;
    /** 1 microsecond times 2^30: 18 minutes. */
    private static final int CLASSES = 30 * STEPS;

    private final AtomicLongArray counts = new AtomicLongArray(CLASSES);

    void add(long nanos) {
        counts.incrementAndGet(classOf(nanos / 1000.0));
    }

    private static int classOf(double micros) {
        if (micros <= 1) {
            return 0;
        }
        return (int) Math.min(CLASSES - 1, Math.floor(STEPS * Math.log(micros) / Math.log(2)));
    }

    /** All counts so far. */
    long[] snapshot() {
        long[] now = new long[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            now[i] = counts.get(i);
        }
        return now;
    }

    /**
     * A quantile of what was added between two snapshots.
     *
     * @param quantile 0 to 1
     * @return milliseconds; 0 where nothing was added
     */
    static double quantile(long[] before, long[] after, double quantile) {
        long total = 0;
        for (int i = 0; i < CLASSES; i++) {
            total += after[i] - before[i];
        }
        long rank = (long) Math.ceil(quantile * total);
        for (int i = 0; i < CLASSES && total > 0; i++) {
            rank -= after[i] - before[i];
            if (rank <= 0) {
                return Math.pow(2, (i + 0.5) / STEPS) / 1000;
            }
        }
        return 0;
    }
}

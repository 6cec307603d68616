package io.adit.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** How many of something took how long, in buckets. Thread-safety: thread-safe; adding takes no lock and allocates nothing. */
final class Durations {

    /** Upper ends in seconds; from what a tunnel adds on a fast network to what only downloads take. What is beyond is in the last bucket. */
    private static final double[] ENDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};
    private static final double NANOS = 1e9;
    private static final long[] END_NANOS = endNanos();

    private final LongAdder[] counts = new LongAdder[ENDS.length + 1];
    private final LongAdder sum = new LongAdder();

    Durations() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    private static long[] endNanos() {
        long[] nanos = new long[ENDS.length];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = Math.round(ENDS[i] * NANOS);
        }
        return nanos;
    }

    void add(long nanos) {
        int bucket = 0;
        while (bucket < END_NANOS.length && nanos > END_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(nanos);
    }

    /** In seconds, the last one infinite. */
    static double[] ends() {
        double[] ends = Arrays.copyOf(ENDS, ENDS.length + 1);
        ends[ENDS.length] = Double.POSITIVE_INFINITY;
        return ends;
    }

    /** In each bucket, without those below. */
    long[] counts() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return now;
    }

    /** 0 where there are none. */
    double meanNanos() {
        long all = Arrays.stream(counts()).sum();
        return all == 0 ? 0 : (double) sum.sum() / all;
    }

    double seconds() {
        return sum.sum() / NANOS;
    }
}

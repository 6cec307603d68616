package io.adit.proxy;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The one deadline that an exchange has at a time. Set, cleared and run in the exchange's {@link Serial}; any thread may ask
 * {@link #isDue}.
 */
final class Deadline {

    private static final long NONE = Long.MIN_VALUE;

    private final LongSupplier nanoClock;
    private volatile long due = NONE;
    private Runnable action;

    Deadline(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    void set(long millis, Runnable newAction) {
        action = newAction;
        long at = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        due = at == NONE ? NONE + 1 : at;
    }

    void clear() {
        due = NONE;
        action = null;
    }

    boolean isDue(long nanoTime) {
        long at = due;
        return at != NONE && nanoTime - at >= 0;
    }

    /** Runs the action where it is (still) due. */
    void runIfDue() {
        Runnable now = action;
        if (now != null && isDue(nanoClock.getAsLong())) {
            clear();
            now.run();
        }
    }
}

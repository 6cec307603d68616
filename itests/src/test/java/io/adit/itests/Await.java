package io.adit.itests;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process does, by looking again and again until a deadline: the only place in these tests that does. */
final class Await {

    /** Far more than anything takes; what is not there by then is not coming. */
    static final Duration DEADLINE = Duration.ofSeconds(180);

    private static final Duration PAUSE = Duration.ofMillis(20);
    /** Looks that come after such a pause; then pauses grow, since to look costs something in most cases, up to the longest. */
    private static final int SHORT_PAUSES = 15;
    private static final double GROWTH = 1.2;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private Await() {
    }

    static void until(String what, Callable<Boolean> condition) throws Exception {
        value(what, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /** @param pause between two looks that cost something */
    static void until(String what, Duration pause, Callable<Boolean> condition) throws Exception {
        value(what, pause, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /** The first value that is there. */
    static <T> T value(String what, Callable<Optional<T>> look) throws Exception {
        return value(what, PAUSE, look);
    }

    private static <T> T value(String what, Duration pause, Callable<Optional<T>> look) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        long nanos = pause.toNanos();
        for (int looks = 1; true; looks++) {
            Optional<T> value = look.call();
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(nanos);
            if (looks > SHORT_PAUSES && nanos < LONGEST_PAUSE.toNanos()) {
                nanos = Math.min((long) (nanos * GROWTH), LONGEST_PAUSE.toNanos());
            }
        }
    }
}

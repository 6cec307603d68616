package io.adit.registry;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says when the time of an invitation is over. It goes by the clock on the wall, at which it looks at least once a second: a machine may sleep, and its
 * clock may be put right. Thread-safety: thread-safe; nothing blocks.
 */
final class Expiries {

    private static final long LEAST_MILLIS = 5;
    private static final long MOST_MILLIS = 1000;

    private record End(Instant at, String name) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int order = at.compareTo(other.at);
            return order == 0 ? name.compareTo(other.name) : order;
        }
    }

    private final InstantSource clock;
    private final Consumer<String> expired;

    // guarded by this; the number of names bounds all
    private final TreeSet<End> ends = new TreeSet<>();
    /** Told already. */
    private final TreeSet<End> past = new TreeSet<>();
    private final Map<String, End> byName = new HashMap<>();

    /** @param expired is told of a name, once for each end that was set, and again when the clock was set back before it; without a lock */
    Expiries(InstantSource clock, Consumer<String> expired) {
        this.clock = clock;
        this.expired = expired;
    }

    /** The name's time ends then; empty for never, or for a name that is no more. */
    synchronized void set(String name, Optional<Instant> at) {
        End before = byName.remove(name);
        if (before != null) {
            ends.remove(before);
            past.remove(before);
        }
        at.ifPresent(instant -> {
            End end = new End(instant, name);
            byName.put(name, end);
            ends.add(end);
        });
    }

    /** From now on, until the timer is shut down. */
    void start(ScheduledExecutorService timer) {
        timer.schedule(() -> {
            try {
                look();
            } finally {
                start(timer);
            }
        }, next(), TimeUnit.MILLISECONDS);
    }

    /** Tells of all that have ended. */
    void look() {
        List<String> over = new ArrayList<>();
        synchronized (this) {
            Instant now = clock.instant();
            while (!past.isEmpty() && past.last().at().isAfter(now)) {
                ends.add(past.pollLast()); // its peers may be back until then
            }
            while (!ends.isEmpty() && !ends.first().at().isAfter(now)) {
                End end = ends.pollFirst();
                past.add(end);
                over.add(end.name());
            }
        }
        over.forEach(expired);
    }

    /** Milliseconds until it should look again. */
    synchronized long next() {
        long left = ends.isEmpty() ? MOST_MILLIS : clock.instant().until(ends.first().at(), ChronoUnit.MILLIS) + 1;
        return Math.max(LEAST_MILLIS, Math.min(MOST_MILLIS, left));
    }
}

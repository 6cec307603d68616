package io.adit.webhook;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * What the hook is still to be told: of each name the newest event. One that fails waits for its own pause, at the end, so that a server that cannot digest one
 * name is told of the others; and as long as different ones fail, which is a server that is away, all of them wait for longer and longer.
 *
 * <p>Not thread-safe; times are of one clock, in nanoseconds.
 */
final class Backlog {

    private static final int MOST_DOUBLINGS = 20;

    private record Waiting(Event event, int failures, long due) {
    }

    private final int most;
    private final Duration retry;
    private final Duration retryMost;
    private final DoubleSupplier random;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    /** Failures of different events in a row. */
    private int streak;
    private Event failedLast;
    private long pausedUntil;

    /**
     * @param retry the pause after the first failure; it doubles up to {@code retryMost}, and is up to a quarter longer at random
     * @param random at least 0, less than 1
     */
    Backlog(int most, Duration retry, Duration retryMost, DoubleSupplier random) {
        this.most = most;
        this.retry = retry;
        this.retryMost = retryMost;
        this.random = random;
    }

    /** @return what was dropped for it: the oldest */
    Optional<Event> put(Event event, long now) {
        waiting.remove(event.name());
        Optional<Event> dropped = Optional.empty();
        if (waiting.size() >= most) {
            String oldest = waiting.keySet().iterator().next();
            dropped = Optional.of(waiting.remove(oldest).event());
        }
        waiting.put(event.name(), new Waiting(event, 0, now));
        return dropped;
    }

    /** The next one to be told now; it waits until it is {@link #done} or {@link #failed}. */
    Optional<Event> due(long now) {
        if (streak > 0 && pausedUntil - now > 0) {
            return Optional.empty();
        }
        return waiting.values().stream().filter(each -> each.due() - now <= 0).findFirst().map(Waiting::event);
    }

    /** How long until {@link #due} may have one; empty when nothing waits. Nanoseconds. */
    Optional<Long> delay(long now) {
        long paused = streak > 0 ? Math.max(0, pausedUntil - now) : 0;
        return waiting.values().stream().map(each -> Math.max(0, each.due() - now)).min(Long::compare).map(delay -> Math.max(delay, paused));
    }

    /** The server has it, or wants it not: it answers. */
    void done(Event event) {
        streak = 0;
        failedLast = null;
        remove(event);
    }

    /** Told no more, whatever the server does. */
    void remove(Event event) {
        if (isNewest(event)) {
            waiting.remove(event.name());
        }
    }

    /** Once more later, unless there is a newer one of its name. @return how often it has failed */
    int failed(Event event, long now) {
        if (event != failedLast) {
            streak++;
            failedLast = event;
            pausedUntil = now + pause(streak);
        }
        if (!isNewest(event)) {
            return 0;
        }
        int failures = waiting.remove(event.name()).failures() + 1;
        waiting.put(event.name(), new Waiting(event, failures, now + pause(failures)));
        return failures;
    }

    private boolean isNewest(Event event) {
        Waiting mine = waiting.get(event.name());
        return mine != null && mine.event() == event;
    }

    private long pause(int failures) {
        long nanos = Math.min(retryMost.toNanos(), retry.toNanos() << Math.min(MOST_DOUBLINGS, failures - 1));
        return nanos + (long) (nanos * random.getAsDouble() / 4);
    }
}

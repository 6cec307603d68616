package io.adit.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

import org.xbill.DNS.Name;

/**
 * What the other server is still to be told: of each name the last word only. Not thread-safe; times are of one clock, in nanoseconds.
 */
final class UpdateQueue {

    /**
     * @param most names that may wait
     * @param retry the pause after the first failure; it doubles, with up to a quarter more at random
     */
    record Limits(int most, Duration retry, Duration retryMost) {
    }

    /** @param addresses where the name leads; empty: nowhere */
    record Wish(Name host, List<InetAddress> addresses, int failures) {
    }

    private record Waiting(Wish wish, long due) {
    }

    private final Limits limits;
    private final DoubleSupplier random;
    private final Map<Name, Waiting> waiting = new LinkedHashMap<>();
    private int failures;
    private long pausedUntil;

    /** @param random at least 0, less than 1 */
    UpdateQueue(Limits limits, DoubleSupplier random) {
        this.limits = limits;
        this.random = random;
    }

    /** @return false when there is no room for one more name */
    boolean put(Name host, List<InetAddress> addresses, long now) {
        if (waiting.size() >= limits.most() && !waiting.containsKey(host)) {
            return false;
        }
        waiting.put(host, new Waiting(new Wish(host, addresses, 0), now));
        return true;
    }

    /** The next one to be tried now; it waits no longer. */
    Optional<Wish> take(long now) {
        if (pausedUntil - now > 0 && failures > 0) {
            return Optional.empty();
        }
        Optional<Waiting> due = waiting.values().stream().filter(each -> each.due() - now <= 0).findFirst();
        due.ifPresent(each -> waiting.remove(each.wish().host()));
        return due.map(Waiting::wish);
    }

    /** How long until {@link #take} may have one; empty when nothing waits. Nanoseconds. */
    Optional<Long> delay(long now) {
        long paused = failures > 0 ? Math.max(0, pausedUntil - now) : 0;
        return waiting.values().stream().map(each -> Math.max(0, each.due() - now)).min(Long::compare).map(delay -> Math.max(delay, paused));
    }

    /** It was refused: once more later, unless there is a newer word on its name. */
    void refused(Wish wish, long now) {
        again(wish.failures() + 1, wish, now);
    }

    /** The server was not to be reached: nothing is tried for a time. */
    void unreachable(Wish wish, long now) {
        again(wish.failures(), wish, now);
        failures++;
        pausedUntil = now + pause(failures);
    }

    void reached() {
        failures = 0;
    }

    int size() {
        return waiting.size();
    }

    private void again(int times, Wish wish, long now) {
        waiting.putIfAbsent(wish.host(), new Waiting(new Wish(wish.host(), wish.addresses(), times), times == 0 ? now : now + pause(times)));
    }

    private long pause(int times) {
        double nanos = limits.retry().toNanos() * Math.pow(2, Math.min(times, 40) - 1.0);
        return (long) (Math.min(nanos, limits.retryMost().toNanos()) * (1 + random.getAsDouble() / 4));
    }
}

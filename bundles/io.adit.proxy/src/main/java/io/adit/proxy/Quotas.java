package io.adit.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.adit.api.Quota;

/**
 * What each name with a quota uses now: requests under way, requests per second, and bytes per second each way. Names without one are not known here.
 * Thread-safe; nothing blocks.
 */
final class Quotas {

    /** What one exchange may use. */
    static final class Lease {

        /** Of a name without a quota. */
        static final Lease FREE = new Lease(null);

        private final Use use;
        private boolean over;

        private Lease(Use use) {
            this.use = use;
        }

        /** For what comes from the peer. */
        Pacer down() {
            return use == null ? Pacer.FREE : use.down;
        }

        /** For what comes from the browser. */
        Pacer up() {
            return use == null ? Pacer.FREE : use.up;
        }

        /** The exchange is over. Idempotent. */
        synchronized void end() {
            if (use != null && !over) {
                over = true;
                use.left();
            }
        }
    }

    /** The answer to a request: a lease, or for how long there is none. */
    record Answer(Lease lease, long waitSeconds) {

        private static final Answer FREE = new Answer(Lease.FREE, 0);
    }

    /** Of one name. */
    private static final class Use {
        private final LongSupplier nanoTime;
        private final Pacer down;
        private final Pacer up;

        // guarded by this
        private Quota quota = Quota.UNLIMITED;
        private Bucket requests;
        private int streams;

        Use(ScheduledExecutorService clock, LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.down = new Pacer(clock, nanoTime);
            this.up = new Pacer(clock, nanoTime);
        }

        synchronized void set(Quota newQuota) {
            if (newQuota.equals(quota)) {
                return;
            }
            long now = nanoTime.getAsLong();
            if (newQuota.rate() <= 0) {
                requests = null;
            } else if (requests == null) {
                requests = new Bucket(newQuota.rate(), newQuota.rate(), now);
            } else {
                requests.set(newQuota.rate(), newQuota.rate(), now);
            }
            down.limit(newQuota.bandwidth());
            up.limit(newQuota.bandwidth());
            quota = newQuota;
        }

        synchronized Answer enter(long busySeconds) {
            if (quota.streams() > 0 && streams >= quota.streams()) {
                return new Answer(null, busySeconds);
            }
            long now = nanoTime.getAsLong();
            if (requests != null && !requests.has(1, now)) {
                return new Answer(null, TimeUnit.NANOSECONDS.toSeconds(requests.nanosUntil(1, now)) + 1);
            }
            if (requests != null) {
                requests.take(1);
            }
            streams++;
            return new Answer(new Lease(this), 0);
        }

        synchronized void left() {
            streams--;
        }

        synchronized boolean isIdle() {
            return streams == 0 && (requests == null || requests.isFull(nanoTime.getAsLong())) && down.isIdle() && up.isIdle();
        }
    }

    private final ScheduledExecutorService clock;
    private final LongSupplier nanoTime;
    private final Map<String, Use> uses = new ConcurrentHashMap<>();

    Quotas(ScheduledExecutorService clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * A request for the name, whose quota that is now.
     *
     * @param busySeconds when to come back where too many are under way
     */
    Answer enter(String name, Quota quota, int busySeconds) {
        if (quota.isUnlimited()) {
            if (!uses.isEmpty()) {
                uses.computeIfPresent(name, (key, use) -> {
                    use.set(quota); // it had one, and there may be streams that it slows down
                    return use;
                });
            }
            return Answer.FREE;
        }
        Answer[] answer = new Answer[1];
        uses.compute(name, (key, there) -> {
            Use use = there == null ? new Use(clock, nanoTime) : there;
            use.set(quota);
            answer[0] = use.enter(busySeconds);
            return use;
        });
        return answer[0];
    }

    /** Forgets names that use nothing: called now and then. */
    void sweep() {
        uses.keySet().forEach(name -> uses.computeIfPresent(name, (key, use) -> use.isIdle() ? null : use));
    }

    int size() {
        return uses.size();
    }
}

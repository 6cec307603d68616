package io.adit.proxy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets the bytes of one direction of a name through at its bandwidth. A stream asks before it reads, and says afterwards what it has read, so nothing is
 * lost or held here: what waits stays where it is, and the windows pass that on. Streams that wait come in turn, so each has its share.
 *
 * <p>Thread-safety: thread-safe; nothing blocks. Those that waited are run on the clock's thread, one timer for all of them.
 */
final class Pacer {

    /** Limits nothing. */
    static final Pacer FREE = new Pacer(null, System::nanoTime);

    /** A read is never larger by much; with less in the bucket, a response would not start at once. */
    private static final long LEAST_BURST = 16 * 1024;
    private static final int BURSTS_PER_SECOND = 8;
    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** After that it looks again, also where there is more debt: the limit may be another one by then. */
    private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ScheduledExecutorService clock;
    private final LongSupplier nanoTime;
    private volatile boolean limited;

    // guarded by this
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Bucket bucket;
    private boolean scheduled;

    Pacer(ScheduledExecutorService clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** @param bandwidth bytes per second; 0 or less: no limit */
    synchronized void limit(long bandwidth) {
        limited = bandwidth > 0;
        long now = nanoTime.getAsLong();
        if (!limited) {
            bucket = new Bucket(1, 1, now);
        } else if (bucket == null) {
            bucket = new Bucket(bandwidth, burst(bandwidth), now);
        } else {
            bucket.set(bandwidth, burst(bandwidth), now);
        }
    }

    private static long burst(long bandwidth) {
        return Math.max(LEAST_BURST, bandwidth / BURSTS_PER_SECOND);
    }

    /** @return that it may read now; else the task is run, once, when it may, also where the stream has ended by then */
    boolean ready(Runnable later) {
        if (!limited) {
            return true;
        }
        synchronized (this) {
            if (waiting.isEmpty() && isOpen()) {
                return true;
            }
            waiting.add(later);
            schedule();
            return false;
        }
    }

    /** Whether {@link #ready} would say so now. For what is read early where that costs nobody else his turn. */
    boolean isFree() {
        if (!limited) {
            return true;
        }
        synchronized (this) {
            return waiting.isEmpty() && isOpen();
        }
    }

    /** So many bytes were read. */
    void used(long bytes) {
        if (limited) {
            synchronized (this) {
                bucket.take(bytes);
            }
        }
    }

    private boolean isOpen() {
        return !limited || bucket.has(1, nanoTime.getAsLong());
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            long nanos = Math.min(MOST_WAIT_NANOS, bucket.nanosUntil(1, nanoTime.getAsLong()));
            clock.schedule(this::turn, Math.max(LEAST_WAIT_NANOS, nanos), TimeUnit.NANOSECONDS);
        }
    }

    private void turn() {
        Runnable next = next(true);
        while (next != null) {
            next.run(); // without the lock: it reads, and may wait again
            next = next(false);
        }
    }

    private synchronized Runnable next(boolean first) {
        if (first) {
            scheduled = false;
        }
        if (!isOpen()) {
            if (!waiting.isEmpty()) {
                schedule();
            }
            return null;
        }
        return waiting.poll();
    }

    synchronized boolean isIdle() {
        return waiting.isEmpty() && (!limited || bucket.isFull(nanoTime.getAsLong()));
    }
}

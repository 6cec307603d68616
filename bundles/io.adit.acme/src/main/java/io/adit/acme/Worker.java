package io.adit.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of this bundle. It works only while the public port serves: an ACME server counts failed checks against the domain.
 *
 * <p>Thread-safe.
 */
final class Worker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Keeper keeper;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = new Thread(this::run, "adit-acme");
    private boolean serving;
    private volatile boolean stopped;

    /** @param clock the one that the keeper goes by */
    Worker(Keeper keeper, Clock clock) {
        this.keeper = keeper;
        this.clock = clock;
        thread.setDaemon(true);
        // acme4j looks for service providers there
        thread.setContextClassLoader(Worker.class.getClassLoader());
        thread.setUncaughtExceptionHandler((same, failure) -> LOG.error("certificates are not renewed any more", failure));
        thread.start();
    }

    /** The public port serves, or does not any more. */
    void serving(boolean now) {
        lock.lock();
        try {
            serving = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, and waits for that, but not long. */
    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} is still busy after {} s; it ends by itself", thread.getName(), STOP.toSeconds());
        }
    }

    private void run() {
        try {
            while (!stopped) {
                awaitServing();
                Instant next = keeper.look(() -> !stopped);
                await(next);
            }
        } catch (InterruptedException e) {
            LOG.debug("ends", e);
        }
    }

    private void awaitServing() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!serving) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Until then by the clock on the wall, looking at it every minute: it may be set, or the machine may sleep. */
    private void await(Instant time) throws InterruptedException {
        while (!stopped) {
            long millis = Math.min(Duration.between(clock.instant(), time).toMillis() + 1, TimeUnit.MINUTES.toMillis(1));
            if (millis <= 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(millis);
        }
    }
}

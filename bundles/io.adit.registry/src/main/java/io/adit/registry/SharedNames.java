package io.adit.registry;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.adit.api.ErrorCode;
import io.adit.api.RegistrationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names in a store that other registration servers write too: what they write gets into memory, within the time of {@link Limits#poll}, and at once
 * for somebody whom this one does not know. Where the store is ours alone there is nothing to do, and no thread.
 *
 * <p>While the database is away, what is in memory counts: what others write meanwhile is seen when it is back.
 *
 * <p>Thread-safety: thread-safe. Whoever writes names holds {@link #lock} from before the store to after the memory, so that what was written is not taken for
 * what another removed.
 */
final class SharedNames implements AutoCloseable {

    /**
     * @param poll how long a change of another may go unnoticed
     * @param lookUpsPerSecond how often the store may be asked on behalf of those whom nobody knows
     */
    record Limits(Duration poll, int lookUpsPerSecond) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(SharedNames.class);
    /** For the transaction that is under way. */
    private static final long PROMPT_MILLIS = 250;

    private final Ledger ledger;
    private final Ledger.Others others;
    private final boolean shared;
    private final Limits limits;
    private final LongSupplier nanoClock;
    /** In turn, or a registration would not have its own before its deadline while somebody writes one name after the other. */
    private final ReentrantLock lock = new ReentrantLock(true);
    private ScheduledThreadPoolExecutor poller;
    // guarded by this
    private double tokens;
    private long refilled;
    /** Whether the last poll failed; of the poller's thread. */
    private boolean away;

    SharedNames(Ledger ledger, Ledger.Others others, Limits limits, LongSupplier nanoClock) {
        this.ledger = ledger;
        this.others = others;
        this.shared = ledger.isShared();
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.tokens = limits.lookUpsPerSecond();
        this.refilled = nanoClock.getAsLong();
    }

    /** From now on, until {@link #close}. */
    void follow() {
        if (shared) {
            poller = RegistrarRole.timer("adit-registry-names");
            poller.scheduleWithFixedDelay(this::poll, limits.poll().toNanos(), limits.poll().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void poll() {
        lock.lock();
        try {
            catchUp(false);
            if (away) {
                LOG.info("the registry's store is back");
            }
            away = false;
        } catch (SQLException e) {
            if (!away) {
                LOG.warn("the registry's store is away, what is known of it goes on: {}", Registrations.line(e));
            }
            away = true;
        } catch (RuntimeException e) {
            LOG.error("what other registration servers wrote was not taken over", e); // and the next poll comes
        } finally {
            lock.unlock();
        }
    }

    /** Whoever has it is the only one that writes names here. */
    ReentrantLock lock() {
        return lock;
    }

    /**
     * Takes over what the others wrote so far; with the lock.
     *
     * @param promptly see {@link Ledger#follow}
     */
    void catchUp(boolean promptly) throws SQLException {
        if (shared) {
            ledger.follow(promptly, others);
        }
    }

    /**
     * Somebody came whom nobody knows here: another registration server may have invited him a moment ago.
     *
     * @return whether there was anybody to ask
     * @throws RegistrationException INTERNAL, when it cannot be said now
     */
    boolean lookUp() throws RegistrationException {
        if (!shared) {
            return false;
        } else if (!mayAsk()) {
            throw new RegistrationException(ErrorCode.INTERNAL, "too many whom nobody knows ask for it now");
        }
        try {
            if (!lock.tryLock(PROMPT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new RegistrationException(ErrorCode.INTERNAL, "the store is slow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistrationException(ErrorCode.INTERNAL, "interrupted");
        }
        try {
            catchUp(true);
            return true;
        } catch (SQLException e) {
            LOG.debug("not looked up", e);
            throw new RegistrationException(ErrorCode.INTERNAL, "the store is away, and what it held before does not tell");
        } finally {
            lock.unlock();
        }
    }

    /** A bucket of one second. */
    private synchronized boolean mayAsk() {
        long now = nanoClock.getAsLong();
        tokens = Math.min(limits.lookUpsPerSecond(), tokens + (now - refilled) * 1e-9 * limits.lookUpsPerSecond());
        refilled = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Ends the thread; a transaction that is under way ends by itself, or with the store. */
    @Override
    public void close() {
        if (poller != null) {
            poller.shutdownNow();
        }
    }
}

package io.adit.proxy;

/**
 * A token bucket that may be in debt: what is taken is refilled at a rate, up to a bound. Times are those of {@link System#nanoTime}. Not thread-safe:
 * guarded by whoever has it.
 */
final class Bucket {

    private static final double NANOS = 1e9;

    private double perSecond;
    private double most;
    private double balance;
    private long at;

    /** A full one. */
    Bucket(double perSecond, double most, long now) {
        this.perSecond = perSecond;
        this.most = most;
        this.balance = most;
        this.at = now;
    }

    /** From now on that rate, and that bound; what was taken stays taken. */
    void set(double newRate, double newMost, long now) {
        refill(now);
        balance += newMost - most;
        perSecond = newRate;
        most = newMost;
    }

    /** Whether there is that much in it. */
    boolean has(double amount, long now) {
        refill(now);
        return balance >= amount;
    }

    /** Takes it in any case. */
    void take(double amount) {
        balance -= amount;
    }

    /** How long until there is that much in it, at least 0. */
    long nanosUntil(double amount, long now) {
        refill(now);
        return balance >= amount ? 0 : (long) Math.ceil((amount - balance) / perSecond * NANOS);
    }

    boolean isFull(long now) {
        return has(most, now);
    }

    private void refill(long now) {
        balance = Math.min(most, balance + Math.max(0, now - at) / NANOS * perSecond);
        at = now;
    }
}

package io.adit.tunnel.internal;

/**
 * A token bucket for packets that cost the receiver work and the sender nothing (PROTOCOL L3): pings, resets and windows that change
 * nothing, empty data. Guarded by the session's lock.
 */
final class FloodGuard {

    private final int burst;
    private final int perSecond;
    private double tokens;
    private long last;

    FloodGuard(int perSecond, long now) {
        this.perSecond = perSecond;
        this.burst = 4 * perSecond;
        this.tokens = burst;
        this.last = now;
    }

    /** False when there were too many. */
    boolean admit(long now) {
        tokens = Math.min(burst, tokens + (now - last) / 1e9 * perSecond);
        last = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}

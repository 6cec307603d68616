package io.adit.tunnel.internal;

/**
 * Whether the other side is alive, by traffic only (law L7, PROTOCOL K1..K4). Pure: it is told the time and what happened, and says what
 * to do. A verdict always needs that nothing came while we were awake: what was sent to a process that was stopped, or whose machine slept or is very busy,
 * it has not read yet.
 * Guarded by the session's lock.
 */
final class KeepAlive {

    enum Action { NONE, PING, DEAD, STALLED }

    /**
     * All in nanoseconds.
     *
     * @param idle silence after which a ping is sent
     * @param busy the same while streams are open
     * @param answer how long a ping may go unanswered while streams are open
     * @param idleAnswer the same while none is
     * @param stall how long queued bytes may make no progress
     * @param probe how often the round trip is measured while bytes move
     * @param awake of the time between two ticks, what counts; the rest was sleep
     */
    record Timing(long idle, long busy, long answer, long idleAnswer, long stall, long probe, long awake) {
    }

    private final Timing timing;
    private long lastInbound;
    private long lastPing;
    private long pingSent;
    private boolean waiting;
    private long lastProgress;
    private long lastTick;

    KeepAlive(Timing timing, long now) {
        this.timing = timing;
        this.lastInbound = now;
        this.lastPing = now;
        this.lastProgress = now;
        this.lastTick = now;
    }

    void inbound(long now) {
        lastInbound = now;
        waiting = false;
    }

    void progress(long now) {
        lastProgress = now;
    }

    void pingSent(long now) {
        lastPing = now;
        if (!waiting) {
            waiting = true;
            pingSent = now;
        }
    }

    /**
     * @param streams whether any is open
     * @param queued whether a write is in flight or bytes could be sent
     * @param moved whether bytes moved since the last tick (the round trip is worth measuring)
     */
    Action tick(long now, boolean streams, boolean queued, boolean moved) {
        long slept = Math.max(0, now - lastTick - timing.awake);
        lastTick = now;
        pingSent += slept;
        lastProgress += slept;
        if (!queued) {
            lastProgress = now;
        } else if (now - lastProgress > timing.stall) {
            return Action.STALLED;
        }
        if (waiting && now - pingSent > (streams ? timing.answer : timing.idleAnswer)) {
            return Action.DEAD;
        }
        long silence = now - lastInbound;
        if (!waiting && silence > (streams ? timing.busy : timing.idle)) {
            return Action.PING;
        }
        return moved && now - lastPing > timing.probe ? Action.PING : Action.NONE;
    }
}

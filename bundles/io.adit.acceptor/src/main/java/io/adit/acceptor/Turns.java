package io.adit.acceptor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lets a few handshakes at a time begin, first come, first served: when thousands of peers come back in the same moment, as many finish as the processors
 * can do, instead of all being begun and none finished within its deadline. Who waits too long is turned away while it still costs nothing: its own deadline
 * is near. A handshake that takes too long goes on, but keeps nobody waiting any more, so that a few silent connections do not shut the others out.
 *
 * <p>Thread-safety: thread-safe; what is run is run without a lock, on the caller's thread or the timer's.
 */
final class Turns {

    private enum State { WAITING, ON, LATE, ENDED }

    private final int most;
    private final int atOnce;
    private final long limitMillis;
    private final ScheduledExecutorService timer;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private int present;
    private int on;

    /**
     * @param most connections that wait or are at it
     * @param atOnce those of them that are at it
     * @param limitMillis the longest wait, and the longest time for which a turn keeps others waiting
     */
    Turns(int most, int atOnce, long limitMillis, ScheduledExecutorService timer) {
        this.most = most;
        this.atOnce = atOnce;
        this.limitMillis = limitMillis;
        this.timer = timer;
    }

    /**
     * @param begin runs once when its turn comes, which may be now
     * @param refuse runs instead when it waited too long
     * @return null when there are too many, and then neither runs
     */
    Turn enter(Runnable begin, Runnable refuse) {
        Turn turn = new Turn(begin, refuse);
        synchronized (this) {
            if (present == most) {
                return null;
            }
            present++;
            waiting.add(turn);
            turn.watch();
        }
        next();
        return turn;
    }

    private void next() {
        List<Turn> begun = new ArrayList<>(1);
        synchronized (this) {
            while (on < atOnce && !waiting.isEmpty()) {
                Turn first = waiting.iterator().next();
                waiting.remove(first);
                first.state = State.ON;
                on++;
                first.watch();
                begun.add(first);
            }
        }
        begun.forEach(turn -> turn.begin.run());
    }

    /** One connection's. */
    final class Turn {
        private final Runnable begin;
        private final Runnable refuse;
        // guarded by the turns
        private State state = State.WAITING;
        private ScheduledFuture<?> limit;

        private Turn(Runnable begin, Runnable refuse) {
            this.begin = begin;
            this.refuse = refuse;
        }

        private void watch() {
            if (limit != null) {
                limit.cancel(false);
            }
            try {
                limit = timer.schedule(this::late, limitMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                limit = null; // the acceptor ends, and closes all
            }
        }

        private void late() {
            boolean refused;
            synchronized (Turns.this) {
                refused = state == State.WAITING;
                if (refused) {
                    leave();
                } else if (state == State.ON) {
                    state = State.LATE;
                    on--;
                }
            }
            if (refused) {
                refuse.run();
            }
            next();
        }

        /** The handshake is over, or the connection. */
        void end() {
            synchronized (Turns.this) {
                leave();
            }
            next();
        }

        private void leave() {
            if (state == State.ENDED) {
                return;
            }
            if (state == State.WAITING) {
                waiting.remove(this);
            } else if (state == State.ON) {
                on--;
            }
            state = State.ENDED;
            present--;
            if (limit != null) {
                limit.cancel(false);
            }
        }
    }
}

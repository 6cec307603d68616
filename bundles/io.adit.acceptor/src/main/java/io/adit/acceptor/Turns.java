package io.adit.acceptor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.MetricSource;
import io.adit.api.Network;

/**
 * Lets a few handshakes at a time begin: when thousands of peers come back in the same moment, as many finish as the processors can do, instead of all
 * being begun and none finished within its deadline. Who says nothing has no turn. Of those who wait, the first of the network with the fewest turns is
 * next, and when there are too many, the network with the most of them loses one; so whoever floods from one network is in its own way only. Who waits
 * too long is turned away while it still costs nothing: its own deadline is near. A handshake that takes too long goes on, but keeps nobody waiting any
 * more.
 *
 * <table>
 * <caption>The states of a turn</caption>
 * <tr><th></th><th>it speaks</th><th>there is room</th><th>its time is over</th><th>the place is needed</th><th>it ends</th></tr>
 * <tr><td>SILENT</td><td>WAITING</td><td></td><td>refused, ENDED</td><td>refused, ENDED</td><td>ENDED</td></tr>
 * <tr><td>WAITING</td><td></td><td>begins, ON</td><td>refused, ENDED</td><td>refused, ENDED</td><td>ENDED</td></tr>
 * <tr><td>ON</td><td></td><td></td><td>LATE</td><td></td><td>ENDED</td></tr>
 * <tr><td>LATE</td><td></td><td></td><td></td><td></td><td>ENDED</td></tr>
 * </table>
 *
 * <p>Thread-safety: thread-safe; what is run is run without a lock, on the caller's thread or the timer's.
 */
final class Turns implements MetricSource {

    private enum State { SILENT, WAITING, ON, LATE, ENDED }

    private final int most;
    private final int atOnce;
    private final long limitMillis;
    private final ScheduledExecutorService timer;

    // guarded by this, as are the turns' states
    private final Set<Turn> silent = new LinkedHashSet<>();
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final Map<Network, Integer> on = new HashMap<>();
    private int present;
    private int allOn;
    private long refused;

    /**
     * @param most connections that are silent, wait or are at it
     * @param atOnce those of them that are at it
     * @param limitMillis the longest silence, the longest wait, and the longest time for which a turn keeps others waiting
     */
    Turns(int most, int atOnce, long limitMillis, ScheduledExecutorService timer) {
        this.most = most;
        this.atOnce = atOnce;
        this.limitMillis = limitMillis;
        this.timer = timer;
    }

    /**
     * A connection that has not said anything yet.
     *
     * @param begin runs once when its turn comes
     * @param refuse runs instead when it waited too long, or others need its place
     * @return null when there are too many, and then neither runs
     */
    Turn enter(Network network, Runnable begin, Runnable refuse) {
        Turn turn = new Turn(network, begin, refuse);
        Turn given = null;
        synchronized (this) {
            if (present == most) {
                refused++;
                given = oneTooMany(network);
                if (given == null) {
                    return null;
                }
                given.leave();
            }
            present++;
            silent.add(turn);
            turn.watch();
        }
        if (given != null) {
            given.refuse.run();
        }
        return turn;
    }

    /** Whose place a newcomer gets: the longest silent one's, else that of the last who waits of a network that has more than the newcomer's. */
    private Turn oneTooMany(Network newcomer) {
        Map<Network, Integer> held = new HashMap<>();
        silent.forEach(turn -> held.merge(turn.network, 1, Integer::sum));
        waiting.forEach(turn -> held.merge(turn.network, 1, Integer::sum));
        Turn first = mostOf(silent, held);
        if (first != null) {
            return first;
        }
        List<Turn> lastFirst = new ArrayList<>(waiting);
        Collections.reverse(lastFirst);
        Turn last = mostOf(lastFirst, held);
        return last != null && held.get(last.network) > held.getOrDefault(newcomer, 0) ? last : null;
    }

    /** The first of the network with the most; null of none. */
    private static Turn mostOf(Collection<Turn> turns, Map<Network, Integer> held) {
        return turns.stream().min(Comparator.comparingInt(turn -> -held.get(turn.network))).orElse(null);
    }

    private void next() {
        List<Turn> begun = new ArrayList<>(1);
        synchronized (this) {
            while (allOn < atOnce && !waiting.isEmpty()) {
                Turn first = waiting.stream().min(Comparator.comparingInt(turn -> on.getOrDefault(turn.network, 0))).orElseThrow();
                waiting.remove(first);
                first.state = State.ON;
                allOn++;
                on.merge(first.network, 1, Integer::sum);
                first.watch();
                begun.add(first);
            }
        }
        begun.forEach(turn -> turn.begin.run());
    }

    @Override
    public synchronized List<Metric> metrics() {
        Metric connections = Metric.gauge("adit_acceptor_handshakes", "Connections before their registration, by state. silent: it said nothing; waiting: for its turn; on: at it;"
                + " late: at it for so long that it keeps nobody waiting.", 0);
        List<Metric> metrics = new ArrayList<>();
        Map.of("silent", silent.size(), "waiting", waiting.size(), "on", allOn, "late", present - silent.size() - waiting.size() - allOn)
                .forEach((state, count) -> metrics.add(connections.of(count).with("state", state)));
        metrics.add(Metric.counter("adit_acceptor_turned_away", "Connections that were turned away, since there were too many or they waited too long.", refused));
        return metrics;
    }

    /** One connection's. */
    final class Turn {
        private final Network network;
        private final Runnable begin;
        private final Runnable refuse;
        private State state = State.SILENT;
        private ScheduledFuture<?> limit;

        private Turn(Network network, Runnable begin, Runnable refuse) {
            this.network = network;
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

        /** It has said something: it is to have its turn, which may be now. */
        void speaks() {
            synchronized (Turns.this) {
                if (state != State.SILENT) {
                    return;
                }
                silent.remove(this);
                state = State.WAITING;
                waiting.add(this);
                watch();
            }
            next();
        }

        private void late() {
            boolean tooLate;
            synchronized (Turns.this) {
                tooLate = state == State.SILENT || state == State.WAITING;
                if (tooLate) {
                    refused++;
                    leave();
                } else if (state == State.ON) {
                    off();
                    state = State.LATE;
                }
            }
            if (tooLate) {
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

        private void off() {
            allOn--;
            on.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
        }

        private void leave() {
            switch (state) {
                case SILENT -> silent.remove(this);
                case WAITING -> waiting.remove(this);
                case ON -> off();
                case LATE -> { }
                case ENDED -> {
                    return;
                }
            }
            state = State.ENDED;
            present--;
            if (limit != null) {
                limit.cancel(false);
            }
        }
    }
}

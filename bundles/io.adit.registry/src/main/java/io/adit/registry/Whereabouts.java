package io.adit.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.adit.api.PeerSession;
import io.adit.api.Presence;

/**
 * Where each name is served, here or at a linked proxy, so that {@link Presences} tells the one truth: a name that moves is never away, and one
 * whose session here ended is not offline while another proxy has it.
 *
 * <p>Thread-safety: thread-safe; nothing blocks, and nothing but {@link Presences} and the timer is called with the lock held.
 */
final class Whereabouts implements Peers.Watch {

    /**
     * A name at a linked proxy, now or last.
     *
     * @param proxy its name
     * @param since online, or lost
     * @param codec of the newest session
     * @param peers how many serve it; none once it was lost
     */
    record Place(String proxy, Instant since, int codec, int peers) {

        boolean online() {
            return peers > 0;
        }
    }

    private final Presences presences;
    private final Duration grace;
    private final ScheduledExecutorService timer;

    // guarded by this; the number of names bounds it
    private final Map<String, Place> elsewhere = new HashMap<>();

    /** @param grace how long a name that was lost is not offline yet */
    Whereabouts(Presences presences, Duration grace, ScheduledExecutorService timer) {
        this.presences = presences;
        this.grace = grace;
        this.timer = timer;
    }

    @Override
    public synchronized void online(String name, PeerSession newest, int peers) {
        elsewhere.remove(name);
        presences.online(name, newest, peers);
    }

    @Override
    public synchronized void offline(String name) {
        if (!elsewhere.containsKey(name)) {
            presences.offline(name);
        }
    }

    @Override
    public synchronized void ended(String name) {
        elsewhere.remove(name);
        presences.ended(name);
    }

    @Override
    public void settled() {
        presences.settled();
    }

    /** A linked proxy serves the name. */
    synchronized void onlineAt(String proxy, Presence presence, int codec, int peers) {
        elsewhere.put(presence.name(), new Place(proxy, presence.since(), codec, peers));
        presences.online(presence);
    }

    /** A linked proxy does not serve the name any more, or can no longer say so. */
    synchronized void lostAt(String proxy, String name, Instant at) {
        Place place = elsewhere.get(name);
        if (place != null && place.online() && place.proxy().equals(proxy)) {
            Place lost = new Place(proxy, at, 0, 0);
            elsewhere.put(name, lost);
            timer.schedule(() -> absent(name, lost), grace.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** What was known of a name at a linked proxy does not count any more. */
    synchronized void forget(String name) {
        elsewhere.remove(name);
    }

    private synchronized void absent(String name, Place lost) {
        if (elsewhere.get(name) == lost) {
            presences.offline(name);
        }
    }

    /** Where the name is at a linked proxy, or was last if nobody has it since. */
    synchronized Optional<Place> find(String name) {
        return Optional.ofNullable(elsewhere.get(name));
    }
}

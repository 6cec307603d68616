package io.adit.registry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.adit.api.PeerSession;

/**
 * Sessions that others took the place of, and that finish what they have; the oldest first. The number of names bounds it. Thread-safety: all under the
 * lock of {@link Peers}.
 */
final class Replaced {

    private final Map<String, Deque<PeerSession>> draining = new HashMap<>();

    /** @return the oldest of the name that are more than {@code most}; they are here until they have ended */
    List<PeerSession> add(String name, List<PeerSession> sessions, int most) {
        List<PeerSession> tooMany = new ArrayList<>();
        if (!sessions.isEmpty()) {
            Deque<PeerSession> all = draining.computeIfAbsent(name, n -> new ArrayDeque<>());
            all.addAll(sessions);
            Iterator<PeerSession> oldest = all.iterator();
            for (int over = all.size() - most; over > 0; over--) {
                tooMany.add(oldest.next());
            }
        }
        return tooMany;
    }

    /** The session has ended; whether it was here or not. */
    void ended(String name, PeerSession session) {
        Deque<PeerSession> all = draining.get(name);
        if (all != null && all.remove(session) && all.isEmpty()) {
            draining.remove(name);
        }
    }

    /** Takes out all of the name. */
    List<PeerSession> remove(String name) {
        Deque<PeerSession> all = draining.remove(name);
        return all == null ? List.of() : List.copyOf(all);
    }

    List<PeerSession> all() {
        List<PeerSession> all = new ArrayList<>();
        draining.values().forEach(all::addAll);
        return all;
    }
}

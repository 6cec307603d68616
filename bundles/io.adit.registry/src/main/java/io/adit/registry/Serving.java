package io.adit.registry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;

import io.adit.api.Details;
import io.adit.api.PeerSession;

/**
 * The sessions of one name: one of each peer (PROTOCOL I1), the newest first, never none. Which they are is pure; which of them gets a request goes by
 * what they have to do. Thread-safety: immutable.
 */
final class Serving {

    /** What a peer may call itself; another text is as good as none. */
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    private final List<PeerSession> sessions;
    /** Made once: most names have one session, and each request asks for it. */
    private final Optional<PeerSession> newest;

    private Serving(List<PeerSession> sessions) {
        this.sessions = List.copyOf(sessions);
        this.newest = Optional.of(sessions.get(0));
    }

    /**
     * What becomes of the sessions of a name when one comes.
     *
     * @param now those that serve from now on
     * @param out those that do not any more, or never will: older ones of the same peer, and the oldest that are too many
     */
    record Change(Serving now, List<PeerSession> out) {
    }

    /**
     * PROTOCOL I2 and I3. After an update sessions come in any order: what counts is when they registered.
     *
     * @param before null when there are none
     * @param most how many peers may serve the name
     */
    static Change join(Serving before, PeerSession session, int most) {
        List<PeerSession> all = new ArrayList<>(before == null ? List.of() : before.sessions);
        int at = 0;
        while (at < all.size() && all.get(at).info().since().isAfter(session.info().since())) {
            at++;
        }
        all.add(at, session);
        return keep(all, most);
    }

    /** Of a smaller number of peers than before. */
    Change keep(int most) {
        return keep(sessions, most);
    }

    private static Change keep(List<PeerSession> newestFirst, int most) {
        List<PeerSession> kept = new ArrayList<>();
        List<PeerSession> out = new ArrayList<>();
        Set<String> instances = new HashSet<>();
        for (PeerSession each : newestFirst) {
            if (kept.size() < Math.max(1, most) && instances.add(instance(each))) {
                kept.add(each);
            } else {
                out.add(each);
            }
        }
        return new Change(new Serving(kept), out);
    }

    private static String instance(PeerSession session) {
        String said = session.details().first(Details.INSTANCE);
        return said != null && INSTANCE.matcher(said).matches() ? said : "";
    }

    /** Without that one; empty when it was the last. */
    Optional<Serving> without(PeerSession session) {
        List<PeerSession> others = sessions.stream().filter(each -> each != session).toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(new Serving(others));
    }

    boolean has(PeerSession session) {
        return sessions.contains(session);
    }

    /** The newest first. */
    List<PeerSession> sessions() {
        return sessions;
    }

    /** The one that speaks for the name. */
    PeerSession newest() {
        return sessions.get(0);
    }

    int size() {
        return sessions.size();
    }

    /** One with the fewest streams, any of those with as few; one that takes none only where all are so. */
    Optional<PeerSession> choose() {
        if (sessions.size() == 1) {
            return newest;
        }
        PeerSession least = least(null, Serving::random);
        return least == null ? newest : Optional.of(least);
    }

    /** Another one that takes a stream now. */
    Optional<PeerSession> other(PeerSession than) {
        return sessions.size() == 1 ? Optional.empty()
                : Optional.ofNullable(least(than, Serving::random)).filter(each -> each.load() != Integer.MAX_VALUE);
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    /**
     * @param but left out; may be null
     * @param random from a bound, a number below it
     * @return null when none takes a stream
     */
    PeerSession least(PeerSession but, IntUnaryOperator random) {
        PeerSession chosen = null;
        int least = 0;
        int ties = 0;
        for (int i = 0; i < sessions.size(); i++) {
            PeerSession each = sessions.get(i);
            int load = each.load();
            if (load < 0 || each == but || chosen != null && load > least) {
                continue;
            }
            ties = chosen == null || load < least ? 1 : ties + 1;
            least = load;
            if (ties == 1 || random.applyAsInt(ties) == 0) {
                chosen = each;
            }
        }
        return chosen;
    }
}

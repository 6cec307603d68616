package io.adit.registry;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which proxy a name is assigned to: a pure choice. Stateless. */
final class Balance {

    private static final Comparator<Candidate> LEAST_LOADED =
            Comparator.<Candidate>comparingDouble(each -> (double) each.peers() / each.capacity()).thenComparing(Candidate::proxy);

    private Balance() {
    }

    /**
     * A proxy that takes peers now.
     *
     * @param proxy its name; {@link Credential#HERE} for the registration server itself
     * @param peers that it has, without the one that asks
     * @param capacity how many it takes
     */
    record Candidate(String proxy, int peers, int capacity) {
    }

    /**
     * @param last the proxy that the name had last, or null
     * @param avoid one that the peer could not reach, or null: it counts only where there is no other
     */
    static Optional<String> choose(List<Candidate> candidates, String last, String avoid) {
        List<Candidate> free = candidates.stream().filter(each -> each.peers() < each.capacity()).toList();
        List<Candidate> reached = free.stream().filter(each -> !each.proxy().equals(avoid)).toList();
        List<Candidate> good = reached.isEmpty() ? free : reached;
        return good.stream().filter(each -> each.proxy().equals(last)).findFirst().or(() -> good.stream().min(LEAST_LOADED)).map(Candidate::proxy);
    }
}

package io.adit.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.adit.api.ErrorCode;
import io.adit.api.Terms;

/**
 * The names that are assigned to this linked proxy: by a ticket, or by what its registration server says. Until that said which they are, each name
 * might be one: visitors wait for it, and sessions of before an update of the registry, which a ticket let in, stay.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Assigned implements KnownNames {

    /**
     * @param at when the registration server decided so
     * @param peers how many may serve it at a time
     */
    private record Name(Instant at, int peers) {
    }

    // guarded by this; the registration server, and tickets that it signed, bound it
    private final Map<String, Name> names = new HashMap<>();
    // guarded by this; of names among those only, and not of those that have the usual terms
    private final Map<String, Terms> terms = new HashMap<>();
    private boolean listed;

    @Override
    public synchronized boolean has(String name) {
        return !listed || names.containsKey(name);
    }

    @Override
    public synchronized boolean admits(String name) {
        return has(name);
    }

    /** {@inheritDoc} That the name moved away or ended since the peer registered is nothing that ends a peer here: the registration server knows what it is. */
    @Override
    public ErrorCode refusal(String name) {
        return ErrorCode.MOVED;
    }

    /** {@inheritDoc} As many as can be, of a name that is not known yet: its sessions of before an update stay until it is. */
    @Override
    public synchronized int peers(String name) {
        Name known = names.get(name);
        return known == null ? Terms.MOST_PEERS : known.peers();
    }

    @Override
    public synchronized List<String> names() {
        return names.keySet().stream().sorted().toList();
    }

    /**
     * @param at when the registration server decided so
     * @param peers how many may serve it at a time
     */
    synchronized void add(String name, Instant at, int peers) {
        names.merge(name, new Name(at, peers), (one, other) -> one.at().isAfter(other.at()) ? one : other);
    }

    synchronized void remove(String name) {
        names.remove(name);
        terms.remove(name);
    }

    @Override
    public synchronized Terms terms(String name) {
        Terms granted = terms.getOrDefault(name, Terms.DEFAULT);
        Name known = names.get(name);
        return known == null || known.peers() == granted.peers() ? granted : granted.withPeers(known.peers());
    }

    /** The registration server says what was granted to the name. */
    synchronized void terms(String name, Terms granted) {
        if (names.containsKey(name)) {
            terms.put(name, granted);
        }
    }

    /**
     * These are all that there were at that time.
     *
     * @param all each with the number of peers that may serve it
     * @return those that were here and are not among them
     */
    synchronized List<String> retain(Map<String, Integer> all, Instant at) {
        Map<String, Name> kept = new HashMap<>();
        all.forEach((name, peers) -> kept.put(name, new Name(at, peers)));
        List<String> others = new ArrayList<>();
        names.forEach((name, known) -> {
            if (known.at().isAfter(at)) {
                kept.put(name, known);
            } else if (!kept.containsKey(name)) {
                others.add(name);
            }
        });
        names.clear();
        names.putAll(kept);
        terms.clear(); // what they are now is told next
        listed = true;
        return others;
    }
}

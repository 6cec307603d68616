package io.adit.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.adit.api.Terms;

/**
 * The names that are assigned to this linked proxy: by a ticket, or by what its registration server says. Until that said which they are, each name
 * might be one: visitors wait for it, and sessions of before an update of the registry, which a ticket let in, stay.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Assigned implements KnownNames {

    // guarded by this; the registration server, and tickets that it signed, bound it
    private final Map<String, Instant> names = new HashMap<>();
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

    @Override
    public synchronized List<String> names() {
        return names.keySet().stream().sorted().toList();
    }

    /** @param at when the registration server decided so */
    synchronized void add(String name, Instant at) {
        names.merge(name, at, (one, other) -> one.isAfter(other) ? one : other);
    }

    synchronized void remove(String name) {
        names.remove(name);
        terms.remove(name);
    }

    @Override
    public synchronized Terms terms(String name) {
        return terms.getOrDefault(name, Terms.DEFAULT);
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
     * @return those that were here and are not among them
     */
    synchronized List<String> retain(List<String> all, Instant at) {
        Map<String, Instant> kept = new HashMap<>();
        all.forEach(name -> kept.put(name, at));
        List<String> others = new ArrayList<>();
        names.forEach((name, since) -> {
            if (since.isAfter(at)) {
                kept.putIfAbsent(name, since);
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

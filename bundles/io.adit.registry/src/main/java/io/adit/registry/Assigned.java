package io.adit.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names that are assigned to this linked proxy: by a ticket, or by what its registration server says. Until that said which they are, each name
 * might be one: visitors wait for it, and sessions of before an update of the registry, which a ticket let in, stay.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Assigned implements KnownNames {

    // guarded by this; the registration server, and tickets that it signed, bound it
    private final Map<String, Instant> names = new HashMap<>();
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
        listed = true;
        return others;
    }
}

package io.adit.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.adit.api.RegistrationManager.Released;

/**
 * The names that were given up, in memory as they are in the store: nobody else gets one while links to it are still around, and the peer of a renamed
 * one, whose invitation has the old name, is known by it. Thread-safety: thread-safe.
 */
final class Quarantine {

    private final Map<String, Released> byName = new ConcurrentHashMap<>();

    Quarantine(List<Released> stored) {
        stored.forEach(this::put);
    }

    void put(Released released) {
        byName.put(released.name(), released);
    }

    /** These and no others. */
    void set(List<Released> stored) {
        byName.keySet().retainAll(stored.stream().map(Released::name).collect(Collectors.toSet()));
        stored.forEach(this::put);
    }

    void remove(String name) {
        byName.remove(name);
    }

    /** The name, where nobody gets it now. */
    Optional<Released> find(String name, Instant now) {
        return Optional.ofNullable(byName.get(name)).filter(released -> released.until().isAfter(now));
    }

    /** What the name is called now, since it was renamed; also when the quarantine is over, until it is somebody else's. */
    Optional<String> renamed(String name) {
        return Optional.ofNullable(byName.get(name)).map(Released::renamed).filter(other -> !other.isEmpty());
    }

    /** Those that nobody gets now, sorted by name. */
    List<Released> all(Instant now) {
        return byName.keySet().stream().sorted().flatMap(name -> find(name, now).stream()).toList();
    }

    /** Those that are called that now. */
    List<Released> renamedTo(String name) {
        return byName.values().stream().filter(released -> released.renamed().equals(name)).toList();
    }
}

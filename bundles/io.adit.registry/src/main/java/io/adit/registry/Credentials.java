package io.adit.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which names exist, in memory: what the store holds, for readers that must not wait. Written only after the store was.
 * Thread-safety: thread-safe.
 */
final class Credentials {

    private final Map<String, Credential> byName = new ConcurrentHashMap<>();

    Credentials(Map<String, Credential> stored) {
        byName.putAll(stored);
    }

    Optional<Credential> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Whether a session of that name can be one that the name's present invitation let in. */
    boolean admits(String name) {
        Credential credential = byName.get(name);
        return credential != null && credential.isUsed();
    }

    /** @return the invitation that ends by it */
    Optional<Credential> put(String name, Credential credential) {
        return Optional.ofNullable(byName.put(name, credential));
    }

    void remove(String name) {
        byName.remove(name);
    }

    /** A snapshot of the names, sorted. */
    List<Map.Entry<String, Credential>> sorted() {
        return byName.entrySet().stream().map(entry -> Map.entry(entry.getKey(), entry.getValue())).sorted(Map.Entry.comparingByKey()).toList();
    }
}

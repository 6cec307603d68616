package io.adit.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which names exist, in memory: what the store holds, for readers that must not wait. Written only after the store was.
 * Thread-safety: thread-safe.
 */
final class Credentials implements KnownNames {

    private final Map<String, Credential> byName = new ConcurrentHashMap<>();

    Credentials(Map<String, Credential> stored) {
        byName.putAll(stored);
    }

    Optional<Credential> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The invitation of a peer, and of nobody else. */
    Optional<Credential> peer(String name) {
        return find(name).filter(credential -> credential.kind().isPeer());
    }

    @Override
    public boolean has(String name) {
        return peer(name).isPresent();
    }

    /** Whether a session of that name can be one that the name's present invitation let in. */
    @Override
    public boolean admits(String name) {
        return peer(name).filter(Credential::isUsed).isPresent();
    }

    @Override
    public int peers(String name) {
        return peer(name).map(credential -> credential.terms().peers()).orElse(1);
    }

    @Override
    public List<String> names() {
        return sorted().stream().filter(entry -> entry.getValue().kind().isPeer()).map(Map.Entry::getKey).toList();
    }

    /** How many there are of a kind. */
    long count(Kind kind) {
        return byName.values().stream().filter(credential -> credential.kind() == kind).count();
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

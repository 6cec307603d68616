package io.adit.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which names exist, in memory: what the store holds, for readers that must not wait. Written only after the store was.
 * Thread-safety: thread-safe.
 */
final class Credentials implements KnownNames {

    private final Map<String, Credential> byName = new ConcurrentHashMap<>();
    /** The names by their {@link LookAlikes#skeleton}; mostly one each, more where that was allowed. */
    private final Map<String, Set<String>> bySkeleton = new ConcurrentHashMap<>();

    Credentials(Map<String, Credential> stored) {
        stored.forEach(this::put);
    }

    /** @return a name with that skeleton, or null */
    String lookAlike(String skeleton) {
        Set<String> names = bySkeleton.getOrDefault(skeleton, Set.of());
        return names.isEmpty() ? null : names.iterator().next();
    }

    Optional<Credential> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The invitation of a peer, and of nobody else. */
    Optional<Credential> peer(String name) {
        return find(name).filter(credential -> credential.kind() == Kind.PEER);
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
    public List<String> names() {
        return sorted().stream().filter(entry -> entry.getValue().kind() == Kind.PEER).map(Map.Entry::getKey).toList();
    }

    /** How many invitations of proxies there are. */
    long proxies() {
        return byName.values().stream().filter(credential -> credential.kind() == Kind.PROXY).count();
    }

    /** @return the invitation that ends by it */
    Optional<Credential> put(String name, Credential credential) {
        bySkeleton.merge(LookAlikes.skeleton(name), Set.of(name), (some, one) -> {
            Set<String> all = new HashSet<>(some);
            all.addAll(one);
            return Set.copyOf(all);
        });
        return Optional.ofNullable(byName.put(name, credential));
    }

    void remove(String name) {
        byName.remove(name);
        bySkeleton.computeIfPresent(LookAlikes.skeleton(name), (skeleton, some) -> {
            Set<String> left = new HashSet<>(some);
            left.remove(name);
            return left.isEmpty() ? null : Set.copyOf(left);
        });
    }

    /** A snapshot of the names, sorted. */
    List<Map.Entry<String, Credential>> sorted() {
        return byName.entrySet().stream().map(entry -> Map.entry(entry.getKey(), entry.getValue())).sorted(Map.Entry.comparingByKey()).toList();
    }
}

package io.adit.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.adit.api.ErrorCode;
import io.adit.api.Quota;
import io.adit.api.Terms;

/**
 * Which names exist, in memory: what the store holds, for readers that must not wait. Written only after the store was.
 * Thread-safety: thread-safe.
 */
final class Credentials implements KnownNames {

    private final Map<String, Credential> byName = new ConcurrentHashMap<>();
    /** The names by their {@link LookAlikes#skeleton}; mostly one each, more where that was allowed. */
    private final Map<String, Set<String>> bySkeleton = new ConcurrentHashMap<>();

    private final Quota quota;
    private volatile Predicate<String> renamed = name -> false;

    /** Without a configured quota. */
    Credentials(Map<String, Credential> stored) {
        this(stored, Quota.UNLIMITED);
    }

    /** @param quota of names that have none of their own */
    Credentials(Map<String, Credential> stored, Quota quota) {
        this.quota = quota;
        stored.forEach(this::put);
    }

    /** @return a name with that skeleton, and another than that one, or null */
    String lookAlike(String skeleton, String but) {
        return bySkeleton.getOrDefault(skeleton, Set.of()).stream().filter(name -> !name.equals(but)).findAny().orElse(null);
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
        return peer(name).filter(credential -> !credential.isExpired()).isPresent();
    }

    /** Whether a session of that name can be one that the name's present invitation let in. */
    @Override
    public boolean admits(String name) {
        return peer(name).filter(credential -> credential.isUsed() && !credential.isExpired()).isPresent();
    }

    @Override
    public ErrorCode refusal(String name) {
        if (peer(name).filter(Credential::isExpired).isPresent()) {
            return ErrorCode.EXPIRED;
        }
        // it was renamed since its peer registered, or is about to end its session of before that
        return renamed.test(name) ? ErrorCode.MOVED : ErrorCode.REVOKED;
    }

    /** @param was whether there was such a name, which is called otherwise now */
    void renamed(Predicate<String> was) {
        renamed = was;
    }

    @Override
    public Terms terms(String name) {
        return peer(name).map(this::terms).orElse(Terms.DEFAULT);
    }

    /** For each request: nothing is made where there is no limit. */
    Quota quota(String name) {
        Credential credential = byName.get(name);
        return credential == null ? Quota.UNLIMITED : credential.terms().quota().over(quota);
    }

    /** With the configured quota where there is none. */
    Terms terms(Credential credential) {
        Terms terms = credential.terms();
        Quota resolved = terms.quota().over(quota);
        return resolved.isUnlimited() && terms.quota().isUnlimited() ? terms : terms.withQuota(resolved);
    }

    @Override
    public int peers(String name) {
        Credential credential = byName.get(name);
        return credential == null ? 1 : credential.terms().peers();
    }

    @Override
    public List<String> names() {
        return sorted().stream().filter(entry -> entry.getValue().kind().isPeer() && !entry.getValue().isExpired()).map(Map.Entry::getKey).toList();
    }

    /** How many there are of a kind. */
    long count(Kind kind) {
        return byName.values().stream().filter(credential -> credential.kind() == kind).count();
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

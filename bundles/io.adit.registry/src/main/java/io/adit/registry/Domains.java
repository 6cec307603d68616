package io.adit.registry;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.adit.api.DomainManager;
import io.adit.api.ErrorCode;
import io.adit.api.RegistrationException;
import io.adit.registry.TxtRecords.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Domains of one's own: which there are, and to which names they lead. The store first, then memory, then whoever is told. Thread-safety: thread-safe; the
 * look-up for a request ({@link #nameOf}) takes no lock, and no lock is held while name servers are asked.
 */
final class Domains implements DomainManager {

    /**
     * @param perName how many domains may be asked for by one name
     * @param most how many in all
     * @param check how often the record of a domain is looked for
     * @param keep how long a domain is served without its record, and how long one is waited for
     */
    record Limits(int perName, int most, Duration check, Duration keep) {
    }

    /** Where records are looked for; waits. */
    interface Lookup {
        Set<String> of(String name) throws NotFoundException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Domains.class);
    /** With the label of the record in front it has at most 253 characters; the last label is no number, as in an IP address. */
    private static final Pattern DOMAIN = Pattern.compile("(?=.{1,247}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    /** How often a record that is waited for is looked for. */
    private static final Duration WAITING = Duration.ofMinutes(5);
    private static final int TOKEN_BYTES = 20;

    private final DomainStore store;
    private final Predicate<String> exists;
    private final String own;
    private final Limits limits;
    private final Lookup lookup;
    private final InstantSource clock;
    private final BiConsumer<String, String> told;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, String> names = new ConcurrentHashMap<>();

    // guarded by this; the limits bound them
    private final Map<String, List<Claim>> claims = new TreeMap<>();
    private final Map<String, String> problems = new HashMap<>();
    private final Map<String, Instant> due = new HashMap<>();

    /**
     * @param stored all that are in the store
     * @param exists whether there is such a name
     * @param own the domain of the names, of which nothing is anybody's own
     * @param told of each domain that leads to another name, or (null) to none, from now on; with the lock held, so it must not block
     */
    Domains(DomainStore store, List<Claim> stored, Predicate<String> exists, String own, Limits limits, Lookup lookup, InstantSource clock,
            BiConsumer<String, String> told) {
        this.store = store;
        this.exists = exists;
        this.own = Names.fold(own);
        this.limits = limits;
        this.lookup = lookup;
        this.clock = clock;
        this.told = told;
        for (Claim each : stored) {
            claims.computeIfAbsent(each.domain(), domain -> new ArrayList<>()).add(each);
            if (each.isActive()) {
                names.put(each.domain(), each.name());
            }
        }
        Instant now = clock.instant();
        // not all at once after a start
        claims.forEach((domain, all) -> due.put(domain, names.containsKey(domain)
                ? now.plusMillis(ThreadLocalRandom.current().nextLong(limits.check().toMillis())) : now));
    }

    /** The name that the host leads to. @param host in lower case, without a dot at its end */
    Optional<String> nameOf(String host) {
        return names.isEmpty() ? Optional.empty() : Optional.ofNullable(names.get(host));
    }

    /** Those that lead somewhere now, and where. */
    Map<String, String> active() {
        return Map.copyOf(names);
    }

    @Override
    public synchronized Domain add(String text, String wanted) throws RegistrationException {
        String name = Names.fold(text);
        String domain = checked(wanted);
        if (!exists.test(name)) {
            throw refused("there is no name '" + Names.printable(name) + "'");
        }
        List<Claim> all = claims.getOrDefault(domain, List.of());
        Optional<Claim> known = all.stream().filter(each -> each.name().equals(name)).findFirst();
        if (known.isPresent()) {
            return shown(known.get());
        }
        if (claims.values().stream().flatMap(List::stream).filter(each -> each.name().equals(name)).count() >= limits.perName()) {
            throw refused("'" + name + "' has " + limits.perName() + " domains already");
        } else if (claims.values().stream().mapToInt(List::size).sum() >= limits.most()) {
            throw refused("there are " + limits.most() + " domains already");
        }
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        Claim claim = new Claim(domain, name, HexFormat.of().formatHex(token), now(), null, null);
        List<Claim> next = new ArrayList<>(all);
        next.add(claim);
        put(domain, next);
        due.put(domain, now());
        LOG.info("domain wanted domain={} name={}", domain, name);
        return shown(claim);
    }

    private String checked(String wanted) throws RegistrationException {
        String folded = Names.fold(wanted.strip());
        String domain = folded.endsWith(".") ? folded.substring(0, folded.length() - 1) : folded;
        if (!DOMAIN.matcher(domain).matches()) {
            throw refused("'" + Names.printable(wanted) + "' is not a domain such as www.example.org; one with other letters is written with xn--");
        } else if (domain.equals(own) || domain.endsWith("." + own)) {
            throw refused("'" + domain + "' is in the domain of the names");
        }
        return domain;
    }

    @Override
    public List<Domain> check(String text) throws RegistrationException {
        String domain = checked(text);
        synchronized (this) {
            if (!claims.containsKey(domain)) {
                throw refused("no name wants the domain '" + domain + "'");
            }
        }
        look(domain);
        synchronized (this) {
            return claims.getOrDefault(domain, List.of()).stream().map(this::shown).toList();
        }
    }

    @Override
    public synchronized boolean remove(String text, String wanted) throws RegistrationException {
        String name = Names.fold(text);
        String domain = checked(wanted);
        List<Claim> left = new ArrayList<>(claims.getOrDefault(domain, List.of()));
        if (!left.removeIf(each -> each.name().equals(name))) {
            return false;
        }
        put(domain, left);
        return true;
    }

    @Override
    public synchronized List<Domain> domains() {
        return claims.values().stream().flatMap(List::stream).map(this::shown).toList();
    }

    /** The name is no more. */
    synchronized void ended(String name) {
        replace(name, each -> Optional.empty());
    }

    /**
     * The name is about to be somebody's who has nothing to do with those who had it before: what they left goes, where it could not be written then.
     *
     * @throws RegistrationException INTERNAL, when that fails again; the name must not be given to anybody then
     */
    synchronized void clear(String name) throws RegistrationException {
        for (Map.Entry<String, List<Claim>> entry : List.copyOf(claims.entrySet())) {
            List<Claim> left = entry.getValue().stream().filter(each -> !each.name().equals(name)).toList();
            if (left.size() < entry.getValue().size()) {
                put(entry.getKey(), left);
            }
        }
    }

    /** The name is called otherwise now; whoever owns the domains has said whose they are, so they go along. */
    synchronized void renamed(String from, String to) {
        replace(from, each -> Optional.of(new Claim(each.domain(), to, each.token(), each.added(), each.proven(), each.seen())));
    }

    private interface Change {
        Optional<Claim> of(Claim claim);
    }

    private void replace(String name, Change change) {
        List.copyOf(claims.entrySet()).forEach(entry -> {
            if (entry.getValue().stream().anyMatch(each -> each.name().equals(name))) {
                List<Claim> next = new ArrayList<>();
                entry.getValue().forEach(each -> (each.name().equals(name) ? change.of(each) : Optional.of(each)).ifPresent(next::add));
                try {
                    put(entry.getKey(), next);
                } catch (RegistrationException e) {
                    LOG.warn("domain={} still belongs to name={}: {}", entry.getKey(), name, e.getMessage());
                }
            }
        });
    }

    /** Looks for the records that it is time for. Waits for name servers; call it every few seconds, by one thread. */
    void tick() {
        List<String> now;
        synchronized (this) {
            Instant at = clock.instant();
            now = claims.keySet().stream().filter(domain -> !due.getOrDefault(domain, at).isAfter(at)).toList();
        }
        now.forEach(this::look);
    }

    private void look(String domain) {
        Set<String> texts = Set.of();
        String problem = "";
        try {
            texts = lookup.of(Claim.recordOf(domain));
        } catch (NotFoundException e) {
            problem = e.getMessage();
        }
        synchronized (this) {
            List<Claim> before = claims.get(domain);
            if (before == null) {
                return;
            }
            Set<String> found = texts;
            List<Claim> after = Claim.settle(before, found, now(), limits.keep());
            if (problem.isEmpty() && after.stream().noneMatch(each -> found.contains(each.value()))) {
                problem = "the TXT record at " + Claim.recordOf(domain) + " says something else";
            }
            problems.put(domain, problem);
            if (!after.equals(before)) {
                try {
                    put(domain, after);
                } catch (RegistrationException e) {
                    problems.put(domain, e.getMessage());
                }
            }
            if (claims.containsKey(domain)) {
                boolean waiting = !names.containsKey(domain) || !problem.isEmpty();
                long pause = Math.min(limits.check().toMillis(), waiting ? WAITING.toMillis() : Long.MAX_VALUE);
                due.put(domain, clock.instant().plusMillis(pause - ThreadLocalRandom.current().nextLong(pause / 10 + 1)));
            }
        }
    }

    /** With the lock held. */
    private void put(String domain, List<Claim> next) throws RegistrationException {
        try {
            store.put(domain, claims.getOrDefault(domain, List.of()), next);
        } catch (SQLException e) {
            LOG.warn("the registry's store failed", e);
            throw new RegistrationException(ErrorCode.INTERNAL, "'" + domain + "' stays as it was: " + Registrations.line(e));
        }
        set(domain, next);
    }

    /**
     * Takes over what other registration servers, which have the same database, made of them. What was changed here in the same moment may not be among it; it
     * is the next time.
     */
    synchronized void follow(List<Claim> stored) {
        Map<String, List<Claim>> all = stored.stream().collect(Collectors.groupingBy(Claim::domain));
        Set<String> domains = new TreeSet<>(claims.keySet());
        domains.addAll(all.keySet());
        for (String domain : domains) {
            List<Claim> theirs = all.getOrDefault(domain, List.of());
            if (!Set.copyOf(theirs).equals(Set.copyOf(claims.getOrDefault(domain, List.of())))) {
                set(domain, theirs);
                due.computeIfAbsent(domain, added -> clock.instant());
            }
        }
        due.keySet().retainAll(claims.keySet());
    }

    /** With the lock held. */
    private void set(String domain, List<Claim> next) {
        if (next.isEmpty()) {
            claims.remove(domain);
            problems.remove(domain);
            due.remove(domain);
        } else {
            claims.put(domain, List.copyOf(next));
        }
        String name = next.stream().filter(Claim::isActive).map(Claim::name).findFirst().orElse(null);
        String before = name == null ? names.remove(domain) : names.put(domain, name);
        if (name == null ? before != null : !name.equals(before)) {
            LOG.info("domain={} leads to name={}, before to {}", domain, name == null ? "-" : name, before == null ? "-" : before);
            told.accept(domain, name);
        }
    }

    private Domain shown(Claim claim) {
        String problem = problems.getOrDefault(claim.domain(), "");
        String state = !claim.isActive() ? "waiting" : problem.isEmpty() ? "active" : "failing";
        Instant since = switch (state) {
            case "active" -> claim.proven();
            case "failing" -> claim.seen();
            default -> claim.added();
        };
        return new Domain(claim.domain(), claim.name(), claim.record(), claim.value(), state, since, problem);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS); // as exact as every database keeps it
    }

    private static RegistrationException refused(String why) {
        return new RegistrationException(ErrorCode.REFUSED, why);
    }
}

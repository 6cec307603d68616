package io.adit.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a certificate for each domain: looks, gets one where none is valid for long enough, and says when to look again. A certificate
 * that is there stays until there is a better one.
 *
 * <p>Thread-safety: one thread, but for what it tells of its health.
 */
final class Keeper implements HealthSource {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    /** Back-off ends anyway at the longest pause; this keeps the doubling from overflowing. */
    private static final int MOST_DOUBLINGS = 20;
    /** Domains whose failure is told. */
    private static final int MOST_TOLD = 20;
    /** How often domains that lead to names are looked for. */
    private static final Duration OWN_LOOK = Duration.ofMinutes(1);

    private final Options options;
    private final CertificateFolder folder;
    private final Issuer issuer;
    private final Clock clock;
    private final DoubleSupplier random;
    private final Supplier<Optional<Set<String>>> owned;
    private final Map<String, Domain> domains = new LinkedHashMap<>();
    /** By domain, why the last attempt failed. */
    private volatile Map<String, String> failing = Map.of();

    /**
     * @param random 0 to 1
     * @param owned domains that lead to names now; empty while nobody knows
     */
    Keeper(Options options, CertificateFolder folder, Issuer issuer, Clock clock, DoubleSupplier random, Supplier<Optional<Set<String>>> owned) {
        this.options = options;
        this.folder = folder;
        this.issuer = issuer;
        this.clock = clock;
        this.random = random;
        this.owned = owned;
        options.domains().forEach(each -> domains.put(each, new Domain()));
    }

    /**
     * Sees to all domains whose time has come.
     *
     * @param goOn asked before each domain
     * @return when the next one's comes
     */
    Instant look(BooleanSupplier goOn) throws InterruptedException {
        if (options.ownDomains()) {
            owned.get().ifPresent(this::own);
        }
        for (Map.Entry<String, Domain> each : domains.entrySet()) {
            if (goOn.getAsBoolean() && !each.getValue().next.isAfter(clock.instant())) {
                look(each.getKey(), each.getValue(), goOn);
            }
        }
        Instant next = domains.values().stream().map(each -> each.next).min(Instant::compareTo).orElseThrow();
        // for domains that come
        Instant soon = clock.instant().plus(OWN_LOOK);
        return options.ownDomains() && next.isAfter(soon) ? soon : next;
    }

    private void own(Set<String> now) {
        domains.keySet().removeIf(each -> !now.contains(each) && !options.domains().contains(each));
        now.forEach(each -> domains.putIfAbsent(each, new Domain()));
    }

    private void look(String name, Domain domain, BooleanSupplier goOn) throws InterruptedException {
        CertificateFolder.Held held = folder.held(name);
        if (held.renewAt().isAfter(clock.instant())) {
            domain.failures = 0;
            failing(name, null);
            domain.next = nextLook(held);
            LOG.debug("certificate domain={} valid until={} next={}", name, held.until(), domain.next);
            return;
        }
        try {
            Issuer.Issued issued = issuer.issue(name);
            held = folder.store(name, issued.chain(), issued.pair());
            domain.failures = 0;
            failing(name, null);
            domain.next = latest(nextLook(held), clock.instant().plus(options.retry()));
            LOG.info("certificate domain={} issued until={} next={}", name, held.until(), shown(domain.next));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (!goOn.getAsBoolean()) {
                LOG.debug("certificate domain={} given up", name, e);
                return;
            }
            domain.failures++;
            Instant now = clock.instant();
            domain.next = now.plus(pause(domain.failures));
            if (e instanceof Issuer.TooEarlyException early) {
                domain.next = latest(domain.next, early.until());
            }
            LOG.warn("certificate domain={} failed reason={} failures={} next={} held={}", name, Reason.of(e), domain.failures, shown(domain.next),
                    held.until().isAfter(now) ? "until " + held.until() : "none");
            LOG.debug("certificate domain={}", name, e);
            failing(name, Reason.of(e) + " (attempt " + domain.failures + ", the next at " + shown(domain.next) + ")");
        }
    }

    private Instant nextLook(CertificateFolder.Held held) {
        Instant check = clock.instant().plus(options.check());
        return held.renewAt().isBefore(check) ? held.renewAt() : check;
    }

    /** Doubles with each failure up to the longest; up to a quarter longer, so that many proxies do not come at once. */
    private Duration pause(int failures) {
        Duration doubled = options.retry().multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        Duration pause = doubled.compareTo(options.retryMost()) < 0 ? doubled : options.retryMost();
        return pause.plusMillis((long) (pause.toMillis() / 4 * random.getAsDouble()));
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant shown(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Is asked by any thread. */
    @Override
    public List<Check> conditions() {
        Map<String, String> now = failing;
        return now.isEmpty() ? List.of(HealthSource.ok("acme", "no certificate is overdue"))
                : now.entrySet().stream().map(each -> HealthSource.bad("acme", Check.State.WARN, "no certificate for " + each.getKey() + ": " + each.getValue(),
                        "Does the domain lead here, and does the ACME server reach port 80? It is tried again by itself.")).toList();
    }

    private void failing(String name, String line) {
        Map<String, String> next = new TreeMap<>(failing);
        if (line == null) {
            next.remove(name);
        } else if (next.size() < MOST_TOLD || next.containsKey(name)) {
            next.put(name, line);
        }
        next.keySet().retainAll(domains.keySet());
        failing = Map.copyOf(next);
    }

    private static final class Domain {
        private Instant next = Instant.EPOCH;
        private int failures;
    }
}

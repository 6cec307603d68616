package io.adit.acceptor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.HealthSource;

/**
 * How the tunnel's port is. Immutable. No record: who lists services compares them, and the JDK then keeps a record's class in a cache of its own, and so all
 * that this bundle was wired to ({@code java.lang.runtime.ObjectMethods}).
 */
final class Condition implements HealthSource {

    /** Each invitation names the certificate, so all have to be made anew: that takes time. */
    private static final Duration SOON = Duration.ofDays(30);
    private static final String CERTIFICATE = "tunnel-certificate";

    private final String where;
    private final Optional<Instant> end;
    private final InstantSource clock;

    /**
     * @param where peers dial it
     * @param end of the certificate; empty where there is none
     */
    Condition(String where, Optional<Instant> end, InstantSource clock) {
        this.where = where;
        this.end = end;
        this.clock = clock;
    }

    @Override
    public List<Check> conditions() {
        Check port = HealthSource.ok("tunnel-port", "peers dial " + where);
        return end.map(time -> List.of(port, certificate(time))).orElse(List.of(port, HealthSource.ok(CERTIFICATE, "the tunnel has no TLS")));
    }

    private Check certificate(Instant time) {
        String advice = "Put a new one into conf/ (certificate.file and key.file of io.adit.acceptor); every invitation has to be made anew with it.";
        if (!time.isAfter(clock.instant())) {
            return HealthSource.bad(CERTIFICATE, State.WARN, "it ended at " + time + "; peers go by its fingerprint and do not mind", advice);
        }
        return time.isAfter(clock.instant().plus(SOON)) ? HealthSource.ok(CERTIFICATE, "good until " + time)
                : HealthSource.bad(CERTIFICATE, State.WARN, "it ends at " + time, advice);
    }
}

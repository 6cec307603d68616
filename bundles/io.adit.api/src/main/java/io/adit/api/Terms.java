package io.adit.api;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an invitation grants. Thread-safety: immutable.
 *
 * @param expires when it ends; empty for never
 * @param quota how much its name may use
 * @param notified addresses that are told when the peer serves, besides those that the peer itself names; as {@link MailAddress#parse} gives them
 * @param peers how many peers may serve the name at a time
 */
public record Terms(Optional<Instant> expires, Quota quota, List<String> notified, int peers) {

    public static final int MOST_NOTIFIED = 32;
    public static final int MOST_PEERS = 64;
    /** Of what every database and every program can say. */
    public static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** For ever, with the configured quota, for one peer. */
    public static final Terms DEFAULT = new Terms(Optional.empty(), Quota.DEFAULTS, List.of(), 1);

    /** @throws IllegalArgumentException with one line that says what is wrong */
    public Terms {
        Objects.requireNonNull(expires, "expires");
        Objects.requireNonNull(quota, "quota");
        notified = List.copyOf(new LinkedHashSet<>(notified.stream().map(MailAddress::parse).toList()));
        if (notified.size() > MOST_NOTIFIED) {
            throw new IllegalArgumentException("at most " + MOST_NOTIFIED + " addresses may be notified, not " + notified.size());
        }
        expires.filter(end -> end.isBefore(Instant.EPOCH) || end.isAfter(LATEST)).ifPresent(end -> {
            throw new IllegalArgumentException("expires must be in " + Instant.EPOCH + ".." + LATEST + ", not " + end);
        });
        if (peers < 1 || peers > MOST_PEERS) {
            throw new IllegalArgumentException("peers must be in 1.." + MOST_PEERS + ", not " + peers);
        }
    }

    public Terms withExpires(Optional<Instant> when) {
        return new Terms(when, quota, notified, peers);
    }

    public Terms withQuota(Quota other) {
        return new Terms(expires, other, notified, peers);
    }

    public Terms withNotified(List<String> addresses) {
        return new Terms(expires, quota, addresses, peers);
    }

    public Terms withPeers(int number) {
        return new Terms(expires, quota, notified, number);
    }

    /** Whether it has ended by then. */
    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** How long it goes on; empty for ever, zero when it has ended. */
    public Optional<Duration> left(Instant now) {
        return expires.map(end -> isExpired(now) ? Duration.ZERO : Duration.between(now, end));
    }
}

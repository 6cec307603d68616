package io.adit.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.Test;

public class TermsTest {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @Test
    public void aNamesOwnLimitGoesBeforeTheConfiguredOne() {
        Quota configured = new Quota(10, 20, 30_000);
        assertEquals(configured, Quota.DEFAULTS.over(configured));
        assertEquals(new Quota(1, 20, Quota.NONE), new Quota(1, Quota.DEFAULT, Quota.NONE).over(configured));
        assertEquals(Quota.UNLIMITED, Quota.DEFAULTS.over(Quota.DEFAULTS));
        assertTrue(Quota.DEFAULTS.isUnlimited());
        assertTrue(Quota.UNLIMITED.isUnlimited());
        assertFalse(new Quota(0, 0, 16_384).isUnlimited());
    }

    @Test
    public void limitsHaveARange() {
        assertEquals("streams must be in 1..1000000, not -2", assertThrows(IllegalArgumentException.class, () -> new Quota(-2, 0, 0)).getMessage());
        assertEquals("rate must be in 1..1000000, not 1000001", assertThrows(IllegalArgumentException.class, () -> new Quota(0, 1_000_001, 0)).getMessage());
        assertEquals("bandwidth must be in 16384..1000000000000, not 16383",
                assertThrows(IllegalArgumentException.class, () -> new Quota(0, 0, 16_383)).getMessage());
    }

    @Test
    public void theMomentOfTheEndIsNotGrantedAnyMore() {
        Terms terms = Terms.DEFAULT.withExpires(Optional.of(NOON));
        assertFalse(terms.isExpired(NOON.minusNanos(1)));
        assertTrue(terms.isExpired(NOON));
        assertEquals(Optional.of(Duration.ofSeconds(5)), terms.left(NOON.minusSeconds(5)));
        assertEquals(Optional.of(Duration.ZERO), terms.left(NOON.plusSeconds(5)));
        assertEquals(Optional.empty(), Terms.DEFAULT.left(NOON));
        assertFalse(Terms.DEFAULT.isExpired(Instant.MAX));
    }

    @Test
    public void addressesAreCheckedAndToldOnce() {
        assertEquals(List.of("a@example.org", "b@example.org"), Terms.DEFAULT.withNotified(List.of("a@EXAMPLE.org", "b@example.org", "a@example.org")).notified());
        assertEquals("'nobody' is not an e-mail address such as name@example.org",
                assertThrows(IllegalArgumentException.class, () -> Terms.DEFAULT.withNotified(List.of("nobody"))).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Terms.DEFAULT.withPeers(0));
        assertThrows(IllegalArgumentException.class, () -> Terms.DEFAULT.withPeers(65));
    }

    @Test
    public void theEndIsOneThatCanBeWritten() {
        assertThrows(IllegalArgumentException.class, () -> Terms.DEFAULT.withExpires(Optional.of(Instant.MAX)));
        assertThrows(IllegalArgumentException.class, () -> Terms.DEFAULT.withExpires(Optional.of(Instant.EPOCH.minusNanos(1))));
    }

    @Test
    public void noMoreAddressesThanTheBound() {
        List<String> many = IntStream.range(0, 33).mapToObj(i -> "a" + i + "@example.org").toList();
        assertEquals("at most 32 addresses may be notified, not 33",
                assertThrows(IllegalArgumentException.class, () -> Terms.DEFAULT.withNotified(many)).getMessage());
        assertEquals(32, Terms.DEFAULT.withNotified(many.subList(0, 32)).notified().size());
    }
}

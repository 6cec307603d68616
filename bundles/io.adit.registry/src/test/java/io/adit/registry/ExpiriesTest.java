package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.adit.api.Terms;
import org.junit.Test;

public class ExpiriesTest {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private Instant now = NOON;
    private final List<String> told = new ArrayList<>();
    private final Expiries expiries = new Expiries(() -> now, told::add);

    private List<String> at(Instant when) {
        now = when;
        told.clear();
        expiries.look();
        return told;
    }

    @Test
    public void eachEndIsToldOnceInTheOrderOfTime() {
        expiries.set("b", Optional.of(NOON.plusSeconds(10)));
        expiries.set("a", Optional.of(NOON.plusSeconds(20)));
        expiries.set("c", Optional.of(NOON.plusSeconds(10)));
        expiries.set("never", Optional.empty());
        assertEquals(List.of(), at(NOON.plusSeconds(10).minusNanos(1)));
        assertEquals(List.of("b", "c"), at(NOON.plusSeconds(10)));
        assertEquals(List.of("a"), at(NOON.plusSeconds(10_000)));
        assertEquals(List.of(), at(Instant.MAX));
    }

    @Test
    public void theLastWordOnANameCounts() {
        expiries.set("later", Optional.of(NOON.plusSeconds(10)));
        expiries.set("later", Optional.of(NOON.plusSeconds(30)));
        expiries.set("gone", Optional.of(NOON.plusSeconds(10)));
        expiries.set("gone", Optional.empty());
        expiries.set("sooner", Optional.of(NOON.plusSeconds(30)));
        expiries.set("sooner", Optional.of(NOON.plusSeconds(5)));
        assertEquals(List.of("sooner"), at(NOON.plusSeconds(20)));
        assertEquals(List.of("later"), at(NOON.plusSeconds(30)));
    }

    @Test
    public void anEndIsToldAgainWhenTheClockWasSetBackBeforeIt() {
        expiries.set("a", Optional.of(NOON.plusSeconds(10)));
        expiries.set("b", Optional.of(NOON.plusSeconds(20)));
        expiries.set("gone", Optional.of(NOON.plusSeconds(20)));
        assertEquals(List.of("a", "b", "gone"), at(NOON.plusSeconds(20)));
        expiries.set("gone", Optional.empty());
        assertEquals(List.of(), at(NOON.plusSeconds(15)));
        assertEquals("only what is yet to come", List.of("b"), at(NOON.plusSeconds(20)));
        assertEquals(List.of(), at(NOON.plusSeconds(30)));
    }

    @Test
    public void itLooksInTimeAndAtLeastOnceASecond() {
        assertEquals(1000, expiries.next());
        expiries.set("a", Optional.of(NOON.plusMillis(200)));
        assertTrue(String.valueOf(expiries.next()), expiries.next() > 200 && expiries.next() < 210);
        expiries.set("a", Optional.of(NOON.plusSeconds(5000)));
        assertEquals(1000, expiries.next());
        expiries.set("a", Optional.of(Terms.LATEST));
        assertEquals(1000, expiries.next());
        expiries.set("a", Optional.of(NOON.minusSeconds(5000)));
        assertEquals(5, expiries.next());
    }
}

package io.adit.registry;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.Test;

/** Whom a domain leads to, by table. */
public class ClaimTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final Duration KEEP = Duration.ofDays(3);

    /** NAME added N days ago, waiting. */
    private static Claim waiting(String name, int days) {
        return new Claim("www.example", name, "token-" + name, NOW.minus(Duration.ofDays(days)), null, null);
    }

    /** NAME active, its record seen N days ago. */
    private static Claim active(String name, int days) {
        return new Claim("www.example", name, "token-" + name, NOW.minus(Duration.ofDays(100)), NOW.minus(Duration.ofDays(90)), NOW.minus(Duration.ofDays(days)));
    }

    /** @param there the names whose records are there */
    private static String settled(List<Claim> claims, String... there) {
        Set<String> texts = Stream.of(there).map(name -> "adit-domain=token-" + name).collect(Collectors.toSet());
        return Claim.settle(claims, texts, NOW, KEEP).stream()
                .map(each -> each.name() + (each.isActive() ? "=active " : "=waiting ") + (each.isActive() ? each.seen() : each.added()).until(NOW,
                        java.time.temporal.ChronoUnit.DAYS)).collect(Collectors.joining(", "));
    }

    @Test
    public void whomItLeadsTo() {
        assertEquals("proof", "a=active 0", settled(List.of(waiting("a", 1)), "a"));
        assertEquals("no proof yet", "a=waiting 3", settled(List.of(waiting("a", 3))));
        assertEquals("nor ever", "", settled(List.of(waiting("a", 4))));
        assertEquals("late, but there", "a=active 0", settled(List.of(waiting("a", 4)), "a"));
        assertEquals("somebody else's record is none", "a=waiting 1", settled(List.of(waiting("a", 1)), "b"));

        assertEquals("still there", "a=active 0", settled(List.of(active("a", 1)), "a"));
        assertEquals("not now", "a=active 3", settled(List.of(active("a", 3))));
        assertEquals("not for long", "", settled(List.of(active("a", 4))));

        assertEquals("another's proof moves it", "a=waiting 0, b=active 0", settled(List.of(active("a", 1), waiting("b", 1)), "b"));
        assertEquals("but not while its own is there", "a=active 0, b=waiting 1", settled(List.of(active("a", 1), waiting("b", 1)), "a", "b"));
        assertEquals("of two the newer", "a=waiting 2, b=active 0", settled(List.of(waiting("a", 2), waiting("b", 1)), "a", "b"));
        assertEquals("and back", "a=active 0, b=waiting 0", settled(List.of(waiting("a", 2), active("b", 1)), "a"));
    }
}

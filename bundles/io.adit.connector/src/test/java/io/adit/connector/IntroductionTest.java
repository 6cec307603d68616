package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.adit.api.packet.Fields;
import org.junit.Test;

/** What of the configuration goes to the proxy. */
public class IntroductionTest {

    @Test
    public void withoutAnythingThereIsNothing() {
        assertEquals(Fields.EMPTY, Introduction.of("io.adit.connector~demo", Config.of(Map.of())));
    }

    @Test
    public void everyDetailHasItsNameAndTitlesAreUtf8() {
        Fields details = Introduction.of("io.adit.connector~demo", Config.of(Map.of("notify$", new String[] {"a@example.org, b@Example.org", " c@example.org "}, "owner", "me@example.org",
                "language", "fr-CH", "title", "F\u00eate \u2013 photos")));
        assertEquals(Fields.of("notify", "a@example.org", "notify", "b@example.org", "notify", "c@example.org", "owner", "me@example.org", "language", "fr-CH", "title",
                "F\u00c3\u00aate \u00e2\u0080\u0093 photos"), details);
    }

    @Test
    public void whatCannotBeSaidIsNamed() {
        assertRefused("notify", Map.of("notify$", new String[] {"a@example.org\r\nBcc: b@example.org"}));
        assertRefused("owner", Map.of("owner", "nobody"));
        assertRefused("language", Map.of("language", "e"));
        assertRefused("title", Map.of("title", "two\nlines"));
        assertRefused("title", Map.of("title", "x".repeat(201)));
        assertRefused("notify", Map.of("notify$", new String[] {IntStream.range(0, 200).mapToObj(i -> "someone" + i + "@example.org").collect(Collectors.joining(","))}));
    }

    private static void assertRefused(String key, Map<String, Object> given) {
        String message = assertThrows(IllegalArgumentException.class, () -> Introduction.of("io.adit.connector~demo", Config.of(given))).getMessage();
        assertTrue(message, message.startsWith("io.adit.connector~demo: " + key));
        assertEquals(1, message.lines().count());
    }
}

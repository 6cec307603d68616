package io.adit.share;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.Test;

public class UrlPathTest {

    @Test
    public void decodesEachSegmentOnce() {
        assertEquals(Optional.of(new UrlPath(List.of(), true)), UrlPath.parse("/"));
        assertEquals(Optional.of(new UrlPath(List.of("a", "b"), false)), UrlPath.parse("/a/b"));
        assertEquals(Optional.of(new UrlPath(List.of("a", "b"), true)), UrlPath.parse("/a/b/"));
        assertEquals(Optional.of(new UrlPath(List.of("ä ö"), false)), UrlPath.parse("/%C3%A4%20%c3%b6"));
        assertEquals("the slash is part of the name", Optional.of(new UrlPath(List.of("a/b"), false)), UrlPath.parse("/a%2Fb"));
        assertEquals("not decoded twice", Optional.of(new UrlPath(List.of("%2e%2e"), false)), UrlPath.parse("/%252e%252e"));
        assertEquals(Optional.of(new UrlPath(List.of("a+b;c=d"), false)), UrlPath.parse("/a+b;c=d"));
        assertEquals(Optional.of(new UrlPath(List.of("😀"), false)), UrlPath.parse("/%F0%9F%98%80"));
    }

    @Test
    public void emptySegmentsNameNothing() {
        for (String raw : List.of("//", "/a//b", "//a", "/a//")) {
            assertTrue(raw, UrlPath.parse(raw).isEmpty());
        }
    }

    @Test
    public void refusesWhatIsNoEncodedUtf8() {
        for (String raw : List.of("", "a", "/%", "/%4", "/%zz", "/%+1", "/%00", "/a%00.txt", "/%E4", "/%C0%AF", "/%ED%A0%80",
            "/%F5%80%80%80",
            "/ä", "/a b", "/a?b", "/a#b", "/a\u0001", "/\uFFFD", "/%\uff11\uff11")) {
            assertThrows(raw, IllegalArgumentException.class, () -> UrlPath.parse(raw));
        }
    }

    @Test
    public void encodesAnyNameSoThatItComesBack() {
        for (String name : List.of("a b", "100%", "#1", "a?b", "\"'", "ü", "😀", "<script>", "a:b", "a\\b", "a;b", "~-._", "a\nb",
            "a/b")) {
            String encoded = UrlPath.encode(name);
            assertTrue(encoded, encoded.matches("[A-Za-z0-9._~%-]+"));
            assertEquals(List.of(name), UrlPath.parse("/" + encoded).orElseThrow().segments());
        }
    }

    @Test
    public void goesBelowAPrefixOnly() {
        UrlPath path = UrlPath.parse("/pre/fix/a").orElseThrow();
        assertEquals(List.of("a"), path.below(List.of("pre", "fix")).orElseThrow().segments());
        assertEquals(path, path.below(List.of()).orElseThrow());
        assertFalse(path.below(List.of("pre", "fi")).isPresent());
        assertFalse(path.below(List.of("pre", "fix", "a", "b")).isPresent());
    }
}

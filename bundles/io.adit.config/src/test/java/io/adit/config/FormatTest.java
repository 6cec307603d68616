package io.adit.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.Test;

/** Which texts a format takes. */
public class FormatTest {

    private static final String XML = """
        <?xml version="1.0" encoding="UTF-8"?>
        <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0" xmlns:adit="io.adit.format.v1" localization="OSGI-INF/l10n/a">
          <OCD id="a" name="%ocd.name" description="%ocd.description">
            <AD id="url" type="String" default="http://a/" adit:kind="TEXT" adit:pattern="https?://[a-z]++/|&lt;&quot;&amp;&gt;" adit:is="a &quot;URL&quot;"/>
            <AD id="folder" type="String" required="true" default="" adit:kind="PATH" adit:pattern=".++" adit:is="a path"/>
            <AD id="secret" type="Password" adit:pattern="\\S{4,}" adit:is="long"/>
            <AD id="title" type="String" required="false"/>
          </OCD>
          <Designate factoryPid="a.b">
            <Object ocdref="a"/>
          </Designate>
        </metatype:MetaData>
        """;

    private final Map<String, Property> properties = Definition.read(XML, "a.b").orElseThrow().properties();

    private static Format format(Format.Kind kind, String pattern) {
        return new Format(pattern, "right", kind);
    }

    @Test
    public void aTextMatchesAsAWhole() {
        Property url = properties.get("url");
        for (Object good : List.of("http://a/", "https://abc/", "<\"&>", List.of("http://a/", "http://b/"))) {
            assertEquals(Optional.empty(), url.refuses(good));
        }
        for (Object bad : List.of("", " http://a/", "http://a/b", "ftp://a/", 1, true, List.of("http://a/", "b"))) {
            assertEquals(String.valueOf(bad), Optional.of("a \"URL\""), url.refuses(bad));
        }
        assertEquals(Optional.of("long"), properties.get("secret").refuses("abc"));
        assertEquals("without a format any will do", Optional.empty(), properties.get("title").refuses("\u0007"));
    }

    @Test
    public void whatIsRequiredIsWantedWhereTheDefaultIsNone() {
        assertFalse("it has a default", properties.get("url").isWanted());
        assertTrue("the default is no folder", properties.get("folder").isWanted());
        assertTrue(properties.get("secret").isWanted());
        assertFalse(properties.get("title").isWanted());
    }

    @Test
    public void whatIsShownIsOneLineWithoutAPassword() {
        Property url = properties.get("url");
        assertEquals("'a?b?c'", url.shown("a\nb\u2028c"));
        assertEquals("'http://***@a/'", url.shown("http://user:pass/word@a/"));
        assertEquals("'jdbc:x://a/b?user=c&PASSWORD=***&d=e'", url.shown("jdbc:x://a/b?user=c&PASSWORD=secret&d=e"));
        assertEquals("'" + "a".repeat(200) + "...'", url.shown("a".repeat(300)));
        assertEquals("'[a, b]'", url.shown(new String[] {"a", "b"}));
        assertEquals("'[1, 2]'", url.shown(new int[] {1, 2}));
        assertEquals("what it is", properties.get("secret").shown("abc"));
    }

    @Test
    public void aTextIsBounded() {
        Format any = format(Format.Kind.TEXT, "a*+");
        assertTrue(any.takes("a".repeat(Format.MOST)));
        assertFalse(any.takes("a".repeat(Format.MOST + 1)));
    }

    @Test
    public void aPathIsOneOfThisMachine() {
        Format path = format(Format.Kind.PATH, ".*+");
        for (String good : List.of("", "a", "/a/b.c", "data/x", "*", "%zz", "a".repeat(200), ("a".repeat(99) + "/").repeat(10))) {
            assertTrue(good, path.takes(good));
        }
        for (String bad : List.of("a\0b", "a".repeat(201), "/x/" + "a".repeat(201) + "/y", "\u00fc".repeat(101), ("a".repeat(99) + "/").repeat(11))) {
            assertFalse(bad, path.takes(bad));
        }
    }

    @Test
    public void aFilterIsOne() {
        Format filter = format(Format.Kind.FILTER, ".*+");
        assertTrue(filter.takes("(!(|(a=b)(c=*)))"));
        for (String bad : List.of("", "a", "(a=b", "(a=b))", "(|)", "((a=b))")) {
            assertFalse(bad, filter.takes(bad));
        }
    }

    @Test
    public void aFilterIsNotNestedWithoutABound() {
        Format filter = format(Format.Kind.FILTER, ".*+");
        assertTrue(filter.takes("(!".repeat(99) + "(a=\\(\\()" + ")".repeat(99)));
        assertFalse(filter.takes("(!".repeat(100) + "(a=b)" + ")".repeat(100)));
        assertFalse(filter.takes("(!".repeat(8000)));
        assertFalse(filter.takes("(!".repeat(5000) + "(a=b)" + ")".repeat(5000)));
    }

    @Test
    public void internationalHostsAreMatchedAsTheyAreInAscii() {
        Format hosts = format(Format.Kind.HOST, "(?:[a-z]++@)?+[a-z0-9-]{1,63}\\.[a-z]{2,}(?:,[a-z0-9.-]++)*+");
        for (String good : List.of("a.example", "b\u00fccher.example", "\u00fc.example,b.example,\u00e4.example", "me@\u00fc.example", "\u65e5\u672c.example")) {
            assertTrue(good, hosts.takes(good));
        }
        // what is no letter, a local part, more than 63 characters in ASCII
        for (String bad : List.of("\u00a0.example", "\u2028.example", "\u00fc@a.example", "\u65e5".repeat(40) + "\u00fc".repeat(20) + ".example", "\u00fc_.example")) {
            assertFalse(bad, hosts.takes(bad));
        }
    }
}

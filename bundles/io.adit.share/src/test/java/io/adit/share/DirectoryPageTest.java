package io.adit.share;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.adit.share.Listing.Entry;
import io.adit.share.Listing.Sort;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.Test;

public class DirectoryPageTest {

    private static final List<String> NASTY = List.of("<script>alert(1)</script>", "\"onmouseover=x", "'quote'", "a&b", "100%",
        "#1", "a?b", "ü 😀", "a:b", "../..",
        "a\nb", "\u202Eexe.txt");

    private static Entry file(String name, long size) {
        return new Entry(name, false, size, Instant.EPOCH);
    }

    private static String page(List<String> path, boolean plain, Entry... entries) {
        return new String(new DirectoryPage("top <b>", path, new Listing(List.of(entries), false), Sort.of(null), plain,
            1000).render(),
            StandardCharsets.UTF_8);
    }

    @Test
    public void namesAreTextWhereverTheyStand() {
        Entry[] entries = Stream.concat(NASTY.stream().map(name -> file(name, 1)), NASTY.stream().map(name -> file(name + ".png",
            1))).toArray(Entry[]::new);
        Entry[] pictures = NASTY.stream().map(name -> file(name + ".png", 1)).toArray(Entry[]::new);
        for (String page : List.of(page(NASTY, false, entries), page(NASTY, false, pictures))) {
            String body = page.substring(page.indexOf("<main>"));
            assertFalse(body.contains("<script"));
            assertFalse(body.contains("<b>\""));
            assertFalse(Pattern.compile("\\son\\w+=").matcher(body.replaceAll("<bdi>[^<]*</bdi>", "")).find());
            assertTrue(body.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;"));
            Matcher links = Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(body);
            while (links.find()) {
                assertTrue(links.group(1),
                    links.group(1).matches("(\\.\\./)+|[A-Za-z0-9._~%-]+/?|#i-\\w+|\\?sort=-?\\w+(&amp;view=list)?"));
            }
        }
    }

    @Test
    public void eachNameIsLinkedSoThatItIsFound() {
        String page = page(List.of(), true, NASTY.stream().map(name -> file(name, 1)).toArray(Entry[]::new));
        for (String name : NASTY) {
            assertTrue(name, page.contains("<a href=\"" + UrlPath.encode(name) + "\">"));
        }
        assertTrue(page(List.of(), true, new Entry("sub", true, 0, Instant.EPOCH)).contains("<a href=\"sub/\">"));
    }

    @Test
    public void breadcrumbLeadsUpByRelativeLinks() {
        String page = page(List.of("a", "b", "c"), true);
        assertTrue(page.contains("<a href=\"../../../\">") && page.contains("<bdi>top &lt;b&gt;</bdi>"));
        assertTrue(page.contains("<a href=\"../../\"><bdi>a</bdi>"));
        assertTrue(page.contains("<a href=\"../\"><bdi>b</bdi>"));
        assertTrue(page.contains("<h1><bdi>c</bdi></h1>"));
        assertFalse("no breadcrumb at the top", page(List.of(), true).contains("class=\"crumbs\""));
    }

    @Test
    public void picturesArePreviewedUpToALimitAndLazily() {
        String page = page(List.of(), false, file("a.jpg", 1000), file("b.PNG", 1001), file("c.txt", 1));
        assertTrue(page.contains("<img src=\"a.jpg\" alt=\"\" loading=\"lazy\""));
        assertFalse(page.contains("src=\"b.PNG\""));
        assertTrue(page.contains("href=\"b.PNG\""));
        assertFalse("a list on demand", page(List.of(), true, file("a.jpg", 1), file("b.jpg", 1)).contains("<img"));
        assertFalse("mostly other files", page(List.of(), false, file("a.jpg", 1), file("b.jpg", 1), file("c", 1), file("d",
            1)).contains("<img"));
    }

    @Test
    public void thePolicyLetsTheStyleInAndNothingElse() {
        assertTrue(Page.SECURITY_POLICY,
            Page.SECURITY_POLICY.startsWith("default-src 'none'; img-src 'self'; style-src 'sha256-"));
        String page = page(List.of(), false, file("a", 1));
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        assertTrue(Page.SECURITY_POLICY.contains("'sha256-"
            + java.util.Base64.getEncoder().encodeToString(Validators.sha256(style)) + "'"));
        assertEquals("one style, no style attributes", -1, page.indexOf(" style="));
    }

    @Test
    public void errorPagesEscapeToo() {
        String page = new String(Page.error(404, "a<b", "c<d", "/x\"y/"), StandardCharsets.UTF_8);
        assertTrue(page.contains("<h1>a&lt;b</h1>") && page.contains("c&lt;d") && page.contains("/x&quot;y/"));
    }
}

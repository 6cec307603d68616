package io.adit.mail;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.adit.api.packet.Fields;
import io.adit.mail.Event.Kind;
import jakarta.mail.Header;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import org.junit.Test;

/** Messages, as a mail program reads them. */
public class ComposerTest {

    private static final String URL = "http://alice.tunnel.example:8080/";

    private final Options options = Fixtures.options(Map.of("from.name", "J\u00fcrgen, \"Adit\" <x>"));
    private final Composer composer = Fixtures.composer(options);

    private Letter letter(Event... events) throws Exception {
        return composer.compose(List.of(events), Fixtures.START);
    }

    @Test
    public void anAnnouncementHasTheUrlInTextAndHtmlAndCleanHeaders() throws Exception {
        Letter letter = letter(Fixtures.event(Kind.SHOWN, "Photos of the trip", "en"));
        MimeMessage message = Fixtures.parse(letter);
        assertEquals("alice.tunnel.example: Photos of the trip", message.getSubject());
        assertArrayEquals(new InternetAddress[] {new InternetAddress("bob@example.net")}, message.getAllRecipients());
        InternetAddress from = (InternetAddress) message.getFrom()[0];
        assertEquals(1, message.getFrom().length);
        assertEquals("adit@example.org", from.getAddress());
        assertEquals("J\u00fcrgen, \"Adit\" <x>", from.getPersonal());
        assertEquals(Fixtures.START, message.getSentDate().toInstant());
        assertEquals("<" + letter.id() + ">", message.getMessageID());
        assertTrue(letter.id(), letter.id().matches("adit\\.[0-9a-f]{32}@example\\.org"));
        assertEquals("auto-generated", message.getHeader("Auto-Submitted", null));
        assertArrayEquals(new String[] {"en"}, message.getContentLanguage());
        String stop = message.getHeader("List-Unsubscribe", null);
        assertTrue(stop, stop.matches("<http://tunnel\\.example:8080/\\.well-known/adit/unsubscribe/[A-Za-z0-9_-]+>"));
        assertNull("RFC 8058 wants https", message.getHeader("List-Unsubscribe-Post"));

        MimeMultipart parts = (MimeMultipart) message.getContent();
        assertEquals("multipart/alternative", parts.getContentType().split(";")[0]);
        assertEquals("the plain one first", "text/plain; charset=UTF-8", parts.getBodyPart(0).getContentType());
        assertEquals("text/html; charset=UTF-8", parts.getBodyPart(1).getContentType());
        String text = (String) parts.getBodyPart(0).getContent();
        assertTrue(text, text.contains("There is something to see at alice.tunnel.example: \u201cPhotos of the trip\u201d."));
        assertTrue(text, text.contains("\r\n" + URL + "\r\n"));
        assertTrue(text, text.contains("\r\n" + stop.substring(1, stop.length() - 1) + "\r\n"));
        String html = (String) parts.getBodyPart(1).getContent();
        assertTrue("a button", html.contains("<a href=\"" + URL + "\" style=") && html.contains(">Open alice.tunnel.example</a>"));
        assertTrue("and where it leads, to be read", html.contains("<a href=\"" + URL + "\">" + URL + "</a>"));
        assertTrue(html, html.contains("<a href=\"" + stop.substring(1, stop.length() - 1) + "\">No more e-mail about alice.tunnel.example</a>"));
        assertTrue(html, html.contains("<html lang=\"en\">"));
    }

    @Test
    public void onlyAsciiAndShortLinesGoOut() throws Exception {
        for (String title : List.of("", "Gr\u00fc\u00dfe \u2603 \ud83d\udc1f", "\u65e5\u672c\u8a9e ".repeat(40), "x".repeat(120), "=?UTF-8?Q?no?=", ".", "From me")) {
            for (String language : Texts.LANGUAGES) {
                String raw = Fixtures.raw(letter(Fixtures.event(Kind.SHOWN, Interest.title(utf8(title)), language)));
                assertTrue(raw, raw.chars().allMatch(c -> c < 127));
                for (String line : raw.split("\r\n", -1)) {
                    assertTrue(line, line.length() <= 998 && line.indexOf('\r') < 0 && line.indexOf('\n') < 0);
                }
                assertFalse("encoded words are short", raw.lines().anyMatch(line -> line.contains("=?") && line.length() > 100));
            }
        }
    }

    @Test
    public void titlesOfAllLanguagesComeThrough() throws Exception {
        for (String title : List.of("Gr\u00fc\u00dfe \u2603 \ud83d\udc1f", "\u65e5\u672c\u8a9e", "a, b; \"c\" <d@e> (f)", "100 % & more")) {
            MimeMessage message = Fixtures.parse(letter(Fixtures.event(Kind.SHOWN, title, "de")));
            assertEquals("alice.tunnel.example: " + title, message.getSubject());
            MimeMultipart parts = (MimeMultipart) message.getContent();
            assertTrue(((String) parts.getBodyPart(0).getContent()).contains("\u201e" + title + "\u201c"));
            assertTrue(((String) parts.getBodyPart(1).getContent()).contains(Composer.escape(title)));
        }
    }

    @Test
    public void nothingThatAPeerSaysBecomesAHeader() throws Exception {
        for (String title : List.of("a\r\nBcc: eve@example.com", "a\nX-Evil: 1", "a\rX-Evil: 1", "a\u2028X-Evil: 1", "a\u0085X-Evil: 1", "a\u0000b", "a\r\n\r\n<b>body</b>",
                "=?UTF-8?Q?a=0D=0ABcc:_eve@example.com?=", "\r\n \r\nX-Evil: 1", "\u202egnp.exe")) {
            Letter letter = letter(Fixtures.event(Kind.SHOWN, Interest.title(utf8(title)), "en"));
            MimeMessage message = Fixtures.parse(letter);
            assertEquals(title, List.of("Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "List-Unsubscribe", "MIME-Version", "Message-ID", "Subject",
                    "To"), Collections.list(message.getAllHeaders()).stream().map(Header::getName).sorted().collect(Collectors.toList()));
            assertEquals(1, message.getAllRecipients().length);
            assertEquals(2, ((MimeMultipart) message.getContent()).getCount());
            assertFalse(message.getSubject(), message.getSubject().matches("(?s).*[\r\n].*"));
            assertFalse(((String) ((MimeMultipart) message.getContent()).getBodyPart(0).getContent()).contains("\u202e"));
        }
    }

    @Test
    public void whatAPeerSaysIsTextInHtml() throws Exception {
        MimeMessage message = Fixtures.parse(letter(Fixtures.event(Kind.SHOWN, "<script>alert(1)</script>\"'&", "en")));
        String html = (String) ((MimeMultipart) message.getContent()).getBodyPart(1).getContent();
        assertFalse(html, html.contains("<script>"));
        assertTrue(html, html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    }

    @Test
    public void anHttpsLinkIsOneClick() throws Exception {
        Options https = Fixtures.options(Map.of("unsubscribe.url", "https://tunnel.example/"));
        MimeMessage message = Fixtures.parse(Fixtures.composer(https).compose(List.of(Fixtures.event(Kind.SHOWN, "", "en")), Fixtures.START));
        assertTrue(message.getHeader("List-Unsubscribe", null).startsWith("<https://tunnel.example/.well-known/adit/unsubscribe/"));
        assertEquals("List-Unsubscribe=One-Click", message.getHeader("List-Unsubscribe-Post", null));
    }

    @Test
    public void everyKindIsToldInEveryLanguage() throws Exception {
        for (String language : Texts.LANGUAGES) {
            assertEquals(Texts.in("en").keys(), Texts.in(language).keys());
            for (Kind kind : Kind.values()) {
                MimeMessage message = Fixtures.parse(letter(Fixtures.event(kind, "", language)));
                assertTrue(message.getSubject(), message.getSubject().contains("alice.tunnel.example"));
                String text = (String) ((MimeMultipart) message.getContent()).getBodyPart(0).getContent();
                assertEquals(text, kind != Kind.SHOWN, text.contains("12:00") && text.contains("UTC"));
                assertFalse(text, text.contains("{"));
            }
        }
        assertTrue(Fixtures.parse(letter(Fixtures.event(Kind.DOWN, "", "de"))).getSubject().endsWith("ist nicht erreichbar"));
        assertTrue(Fixtures.parse(letter(Fixtures.event(Kind.SHOWN, "", "fr"))).getSubject().startsWith("Quelque chose \u00e0 voir"));
    }

    @Test
    public void severalEventsAreOneDigest() throws Exception {
        Letter letter = letter(Fixtures.event(Kind.SHOWN, "First", "en"), Fixtures.event(Kind.SHOWN, "Second", "en"));
        MimeMessage message = Fixtures.parse(letter);
        assertEquals("News from alice.tunnel.example", message.getSubject());
        String text = (String) ((MimeMultipart) message.getContent()).getBodyPart(0).getContent();
        assertTrue(text, text.indexOf("First") < text.indexOf("Second"));
        assertEquals("one link", 2, text.split(URL, -1).length);
        assertNotEquals(letter.id(), letter(Fixtures.event(Kind.SHOWN, "First", "en")).id());
    }

    @Test
    public void detailsThatCannotBeTrustedAreMadeHarmless() {
        Interest interest = Interest.of(Fields.of("notify", "a@example.org", "notify", "A@EXAMPLE.ORG", "notify", "b@example.org\r\nBcc: c@example.org", "notify",
                "c@example.org", "notify", "d@example.org", "owner", "nobody", "language", "fr-CH", "title", "\u00ff"), "en", 2);
        assertEquals(List.of("a@example.org", "c@example.org"), interest.recipients().stream().map(Recipient::address).toList());
        assertEquals("no address, and one too many", 2, interest.dropped());
        assertTrue(interest.owner().isEmpty());
        assertEquals("fr", interest.language());
        assertEquals("no UTF-8", "", interest.title());
        assertEquals("de", Interest.of(Fields.of("language", "xx"), "de", 1).language());
        assertEquals("a b", Interest.title("a \t\r\n b"));
        assertEquals("no encoded word of its own", "= ?UTF-8?Q?a=0D=0A?=", Interest.title("=?UTF-8?Q?a=0D=0A?="));
        assertEquals(120, Interest.title("x".repeat(500)).length());
        assertTrue(Interest.of(Fields.EMPTY, "en", 1).isEmpty());
    }

    private static String utf8(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(Arrays.equals(bytes, text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}

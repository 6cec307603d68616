package io.adit.mail;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

import io.adit.api.LocalAnswers.Page;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The configuration, the tokens, and the pages that they lead to. */
public class PartsTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private static void assertRefused(String key, Object... settings) {
        Map<String, Object> all = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put((String) settings[i], settings[i + 1]);
        }
        String message = assertThrows(key, IllegalArgumentException.class, () -> Fixtures.options(all)).getMessage();
        assertTrue(message, message.startsWith("io.adit.mail: " + key + " must be "));
        assertEquals(1, message.lines().count());
        assertFalse(message, message.contains("geheim"));
    }

    @Test
    public void whatCannotBeIsNamed() {
        assertRefused("smtp.host", "smtp.host", "");
        assertRefused("smtp.host", "smtp.host", "a b");
        assertRefused("smtp.port", "smtp.port", 0);
        assertRefused("tls", "tls", "maybe");
        assertRefused("tls", "smtp.host", "mail.example.org", "user", "adit", "password", "geheim");
        assertRefused("tls", "smtp.host", "203.0.113.1", "tls", "off", "user", "adit", "password", "geheim");
        assertRefused("helo.name", "helo.name", "a b");
        assertRefused("from", "from", "");
        assertRefused("from", "from", "A <a@example.org>");
        assertRefused("from", "from", "a@example.org\r\nBcc: b@example.org");
        assertRefused("from.name", "from.name", "a\nb");
        assertRefused("language", "language", "xx");
        assertRefused("unsubscribe.url", "unsubscribe.url", "ftp://example.org");
        assertRefused("unsubscribe.url", "unsubscribe.url", "http://example.org/path");
        assertRefused("store", "store", "a;b");
        assertRefused("store", "store", "");
        for (String key : new String[] {"timeout.seconds", "name.max.per.day", "max.per.hour", "recipients.max", "queue.max", "queue.max.per.name", "retry.seconds",
                "give.up.hours"}) {
            assertRefused(key, key, 0);
        }
        for (String key : new String[] {"announce.after.seconds", "offline.after.seconds", "digest.minutes"}) {
            assertRefused(key, key, -1);
        }
        assertRefused("retry.max.seconds", "retry.seconds", 60, "retry.max.seconds", 59);
    }

    @Test
    public void aPasswordMayBeInAFileAndIsNotShown() throws Exception {
        Path file = Files.writeString(temporary.getRoot().toPath().resolve("password"), "geheim\nmore\n");
        Options options = Fixtures.options(Map.of("user", "adit", "password.file", file.toString(), "password", "other"));
        assertEquals("geheim", options.smtp().password());
        Files.writeString(file, "");
        String message = assertThrows(IllegalArgumentException.class, () -> Fixtures.options(Map.of("user", "adit", "password.file", file.toString()))).getMessage();
        assertEquals("io.adit.mail: password.file: " + file + ": its first line is empty", message);
        assertFalse(options.toString(), options.toString().contains("geheim"));
        assertEquals("mail.example.org:587", Fixtures.options(Map.of("smtp.host", "mail.example.org", "smtp.port", 587, "tls", "required", "user", "adit")).smtp()
                .toString());
    }

    @Test
    public void aTokenIsKnownAgainAndNoOther() {
        Tokens tokens = new Tokens(Fixtures.KEY);
        Tokens.Link link = new Tokens.Link("alice", Recipient.of("Bob@example.org").key(), "de");
        String token = tokens.token(link);
        assertEquals(Optional.of(link), tokens.link(token));
        assertEquals("whatever the case of the address", token, tokens.token(new Tokens.Link("alice", Recipient.of("bob@Example.org").key(), "de")));
        assertNotEquals(token, tokens.token(new Tokens.Link("alicf", link.who(), "de")));
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            Optional<Tokens.Link> changed = tokens.link(token.substring(0, i) + other + token.substring(i + 1));
            // the last character has bits that say nothing
            assertTrue("at " + i, changed.isEmpty() || i == token.length() - 1 && changed.get().equals(link));
        }
        for (String text : new String[] {"", "A", token.substring(1), token.substring(0, token.length() - 2), token + "AAAA", token + "=", token + "!", "A".repeat(10_000)}) {
            assertEquals(text, Optional.empty(), tokens.link(text));
        }
        assertEquals(Optional.empty(), new Tokens(new byte[] {1}).link(token));
        Tokens.Link longest = new Tokens.Link("a".repeat(63), link.who(), "fr");
        assertEquals(Optional.of(longest), tokens.link(tokens.token(longest)));
    }

    @Test
    public void theKeyIsMadeOnceAndForItsOwnerOnly() throws Exception {
        Path file = temporary.getRoot().toPath().resolve("deep/unsubscribe.key");
        Tokens.Link link = new Tokens.Link("alice", Recipient.of("bob@example.org").key(), "en");
        String token = Tokens.of(file).token(link);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(Optional.of(link), Tokens.of(file).link(token));
        Files.writeString(file, "broken");
        assertThrows(IOException.class, () -> Tokens.of(file));
    }

    @Test
    public void onlyLinksOfOursAreAnswered() throws Exception {
        try (MailStore database = Fixtures.database(temporary.getRoot().toPath())) {
            Unsubscribe unsubscribe = new Unsubscribe(new Tokens(Fixtures.KEY), "", database, Runnable::run, new Fixtures.HandClock());
            String url = unsubscribe.url(Fixtures.event(Event.Kind.SHOWN, "", "de"));
            assertTrue(url, url.startsWith("http://tunnel.example:8080/.well-known/adit/unsubscribe/"));
            String path = url.substring(url.indexOf("/.well-known/"));
            for (String other : new String[] {"/", "/.well-known/adit/", "/.well-known/adit/unsubscribe/", path.substring(0, path.length() - 3), path + "/", path + "/all/all",
                    path + "x", "/x" + path, "/.well-known/adit/unsubscribe/all"}) {
                assertEquals(other, Optional.empty(), unsubscribe.page("POST", "tunnel.example", other));
            }
            assertEquals(Optional.empty(), unsubscribe.answer("tunnel.example", path));
            Page page = unsubscribe.page("GET", "alice.tunnel.example", path).orElseThrow().toCompletableFuture().join();
            assertEquals(200, page.status());
            assertTrue(page.html(), page.html().contains("<form method=\"post\" action=\"" + path + "\">") && page.html().contains("action=\"" + path + "/all\""));
            assertTrue(page.html(), page.html().contains("<html lang=\"de\">") && page.html().contains("Keine mehr zu alice"));
            assertFalse("a look changes nothing", database.run(tables -> tables.isUnsubscribed("alice", Recipient.of("bob@example.net").key())));
            page = unsubscribe.page("POST", "alice.tunnel.example", path).orElseThrow().toCompletableFuture().join();
            assertEquals(200, page.status());
            assertTrue(page.html(), page.html().contains("Sie erhalten keine E-Mail mehr zu alice."));
            assertTrue(database.run(tables -> tables.isUnsubscribed("alice", Recipient.of("BOB@example.net").key())));
            assertFalse(database.run(tables -> tables.isUnsubscribed("carol", Recipient.of("bob@example.net").key())));
            unsubscribe.page("POST", "tunnel.example", path + "/all").orElseThrow().toCompletableFuture().join();
            assertTrue(database.run(tables -> tables.isUnsubscribed("carol", Recipient.of("bob@example.net").key())));
        }
    }

    @Test
    public void whoCannotBeServedNowIsToldSo() throws Exception {
        MailStore database = Fixtures.database(temporary.getRoot().toPath());
        database.close();
        Unsubscribe broken = new Unsubscribe(new Tokens(Fixtures.KEY), "https://x.example", database, Runnable::run, new Fixtures.HandClock());
        String path = broken.url(Fixtures.event(Event.Kind.SHOWN, "", "en")).substring("https://x.example".length());
        assertEquals(503, broken.page("POST", "x.example", path).orElseThrow().toCompletableFuture().join().status());
        Unsubscribe busy = new Unsubscribe(new Tokens(Fixtures.KEY), "", database, task -> {
            throw new RejectedExecutionException("expected by the test");
        }, new Fixtures.HandClock());
        assertEquals(503, busy.page("POST", "x.example", path).orElseThrow().toCompletableFuture().join().status());
        assertEquals(200, busy.page("GET", "x.example", path).orElseThrow().toCompletableFuture().join().status());
    }

    @Test
    public void aUrlWithoutANameInFrontKeepsItsHost() {
        Unsubscribe unsubscribe = new Unsubscribe(new Tokens(Fixtures.KEY), "", null, null, null);
        Event event = Fixtures.event(Event.Kind.SHOWN, "", "en");
        String url = unsubscribe.url(new Event(1, "alice", event.recipient(), event.kind(), "", "https://x-alice.example/", "en", event.at(), event.due()));
        assertTrue(url, url.startsWith("https://x-alice.example/.well-known/"));
    }

    @Test
    public void allWorkIsDoneOnTheThreadOfTheBundle() throws Exception {
        Options options = Fixtures.options(Map.of("announce.after.seconds", 0));
        try (MailStore database = Fixtures.database(temporary.getRoot().toPath())) {
            CompletableFuture<Thread> sent = new CompletableFuture<>();
            Sender sender = new Sender() {
                @Override
                public Outcome send(Letter letter) {
                    sent.complete(Thread.currentThread());
                    return new Outcome(Result.SENT, "");
                }

                @Override
                public void rest() {
                    // nothing is open
                }
            };
            java.time.Clock clock = java.time.Clock.systemUTC();
            Worker worker = new Worker(new Announcer(database, Fixtures.composer(options), options, clock), new Delivery(database, sender, options, clock, () -> 0),
                    database, clock);
            worker.start();
            worker.online(Fixtures.presence("alice", "notify", "a@example.org", "owner", "me@example.org"));
            worker.offline("bob");
            Thread thread = sent.get(60, java.util.concurrent.TimeUnit.SECONDS);
            assertEquals("adit-mail", thread.getName());
            assertArrayEquals(new Object[] {Worker.class.getClassLoader()}, new Object[] {thread.getContextClassLoader()});
            worker.ended("alice");
            worker.close();
            assertFalse(thread.isAlive());
        }
    }
}

package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Upgrade (RFC 9110 section 7.8) end to end: the test is the browser and the origin, byte for byte, with a proxy and a peer between. */
public class UpgradeIT {

    private static final int MIB = 1 << 20;
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n";

    /** Writes have no time-out of their own; this only tells a test that stands still from one that works. */
    @Rule
    public final Timeout deadline = Timeout.seconds(3 * Await.DEADLINE.toSeconds());

    private static LineOrigin origin;
    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        origin = LineOrigin.start();
        site = Site.sharedBefore(origin.url(), UpgradeIT.class);
    }

    @AfterClass
    public static void stop() throws Exception {
        try (LineOrigin ended = origin) {
            if (site != null) {
                site.stop();
            }
        }
    }

    /** An upgraded connection from end to end. */
    private record Pair(Line browser, Line origin) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            browser.close();
            origin.close();
        }
    }

    private static String request(String... lines) {
        return "GET /raw?x HTTP/1.1\r\nHost: " + site.web().host() + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static Line origin() throws Exception {
        return origin.next();
    }

    private static Pair upgraded() throws Exception {
        Line browser = Line.to(site.web()).send(request("Connection: Upgrade", "Upgrade: raw"));
        Line origin = origin();
        origin.head();
        origin.send(SWITCH);
        assertTrue(browser.head().startsWith("HTTP/1.1 101 "));
        return new Pair(browser, origin);
    }

    /** The lines whose name is this, in the order in which they came. */
    private static List<String> lines(String head, String name) {
        return Arrays.stream(head.split("\r\n")).filter(each -> each.toLowerCase(Locale.ROOT).startsWith(name + ":")).toList();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    // ---- the handshake ----

    @Test
    public void aWebSocketHandshakePassesUnchanged() throws Exception {
        List<String> asked = List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Extensions: a;b=\"c, d\"",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits", "Sec-WebSocket-Protocol: chat, superchat", "Origin: http://x.example");
        List<String> request = new java.util.ArrayList<>(List.of("Upgrade: websocket", "Connection: keep-alive, Upgrade"));
        request.addAll(asked);
        List<String> answered = List.of("Server: raw/1", "x-LOWER: 1", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Protocol: chat",
            "Sec-WebSocket-Extensions: permessage-deflate", "Set-Cookie: a=1", "Set-Cookie: b=2", "X-Empty: ");
        try (Line browser = Line.to(site.web()).send(request(request.toArray(String[]::new))); Line origin = origin()) {
            String head = origin.head();
            assertTrue(head, head.startsWith("GET /raw?x HTTP/1.1\r\n"));
            assertEquals(List.of("Host: " + site.web().host()), lines(head, "host"));
            assertEquals(List.of("Connection: Upgrade"), lines(head, "connection"));
            assertEquals(List.of("Upgrade: websocket"), lines(head, "upgrade"));
            assertEquals(asked, Arrays.stream(head.split("\r\n")).filter(each -> each.toLowerCase(Locale.ROOT).matches("(sec-websocket-.*|origin:).*"))
                .toList());
            origin.send("HTTP/1.1 101 Here we go\r\nupgrade: websocket\r\nconnection: upgrade\r\n" + String.join("\r\n", answered) + "\r\n\r\n");
            List<String> answer = Arrays.asList(browser.head().stripTrailing().split("\r\n"));
            assertEquals("HTTP/1.1 101 Here we go", answer.get(0));
            assertEquals(List.of("Connection: Upgrade", "Upgrade: websocket"), answer.subList(1, 3));
            assertEquals(answered.stream().map(String::strip).toList(), answer.subList(3, answer.size()).stream().filter(each -> !each.startsWith("Date:"))
                .map(String::strip).toList());
        }
    }

    @Test
    public void anyOtherProtocolPassesToo() throws Exception {
        for (String protocol : List.of("x-shell/2.1", "IRC/6.9, RTA/x11", "q!#$%&'*+-.^_`|~")) {
            try (Line browser = Line.to(site.web()).send(request("Connection: upgrade", "Upgrade: " + protocol)); Line origin = origin()) {
                String head = origin.head();
                assertEquals(List.of("Upgrade: " + protocol), lines(head, "upgrade"));
                origin.send("HTTP/1.1 101 \r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n");
                assertEquals(List.of("Upgrade: " + protocol), lines(browser.head(), "upgrade"));
                browser.send("\0\r\n\377");
                assertEquals("\0\r\n\377", origin.text(4));
            }
        }
    }

    @Test
    public void httpItselfIsNoProtocolToChangeTo() throws Exception {
        for (String[] asked : new String[][] {{"h2c", ""}, {"websocket, h2c", "websocket"}, {"HTTP/2.0", ""}, {"TLS/1.3, raw", "raw"}}) {
            try (Line browser = Line.to(site.web()).send(request("Connection: Upgrade, HTTP2-Settings", "Upgrade: " + asked[0], "HTTP2-Settings: AAMAAABk"));
                    Line origin = origin()) {
                String head = origin.head();
                assertEquals(asked[1].isEmpty() ? List.of() : List.of("Upgrade: " + asked[1]), lines(head, "upgrade"));
                assertEquals(List.of(), lines(head, "http2-settings"));
                assertEquals(asked[1].isEmpty() ? List.of() : List.of("Connection: Upgrade"), lines(head, "connection"));
                origin.send("HTTP/1.1 204 No Content\r\n\r\n");
                assertTrue(browser.head().startsWith("HTTP/1.1 204 "));
            }
        }
    }

    @Test
    public void http10KnowsNoUpgrade() throws Exception {
        try (Line browser = Line.to(site.web()).send(request("Connection: Upgrade", "Upgrade: raw").replace("HTTP/1.1", "HTTP/1.0")); Line origin = origin()) {
            String head = origin.head();
            assertEquals(List.of(), lines(head, "upgrade"));
            assertEquals(List.of(), lines(head, "connection"));
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
            assertEquals("ok", browser.text(2));
        }
    }

    @Test
    public void upgradeWithoutTheConnectionOptionIsIgnored() throws Exception {
        try (Line browser = Line.to(site.web()).send(request("Upgrade: raw")); Line origin = origin()) {
            assertEquals(List.of(), lines(origin.head(), "upgrade"));
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    public void aRequestWithABodyIsAPlainRequest() throws Exception {
        String post = request("Connection: Upgrade", "Upgrade: raw", "Content-Length: 4").replace("GET", "POST");
        try (Line browser = Line.to(site.web()).send(post + "body"); Line origin = origin()) {
            String head = origin.head();
            assertEquals(List.of(), lines(head, "upgrade"));
            assertEquals(List.of("Content-Length: 4"), lines(head, "content-length"));
            assertEquals("body", origin.text(4));
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    public void aRefusalIsAnOrdinaryResponse() throws Exception {
        try (Line browser = Line.to(site.web())) {
            for (String status : List.of("200 OK", "403 Forbidden", "426 Upgrade Required")) {
                browser.send(request("Connection: Upgrade", "Upgrade: websocket"));
                try (Line origin = origin()) {
                    origin.head();
                    origin.send("HTTP/1.1 " + status + "\r\nContent-Length: 7\r\nConnection: Upgrade, close\r\nUpgrade: other/2, h2c\r\n\r\nrefused");
                    String head = browser.head();
                    assertTrue(head, head.startsWith("HTTP/1.1 " + status + "\r\n"));
                    // RFC 9110 section 15.5.22: 426 says what to upgrade to
                    boolean told = status.startsWith("426");
                    assertEquals(told ? List.of("Upgrade: other/2") : List.of(), lines(head, "upgrade"));
                    assertEquals(told ? List.of("Connection: Upgrade") : List.of(), lines(head, "connection"));
                    assertEquals("refused", browser.text(7));
                }
                browser.send(request("X-Number: 2"));
                try (Line origin = origin()) {
                    assertEquals(List.of("X-Number: 2"), lines(origin.head(), "x-number"));
                    origin.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                    assertTrue(browser.head().startsWith("HTTP/1.1 204 "));
                }
            }
        }
    }

    // ---- the bytes ----

    @Test
    public void mebibytesPassBothWaysAtOnce() throws Exception {
        long size = 8L * MIB;
        try (Pair pair = upgraded()) {
            CompletableFuture<Long> up = write(new Pattern(size), pair.browser());
            CompletableFuture<Long> down = write(new Pattern(size), pair.origin());
            CompletableFuture<String> atOrigin = CompletableFuture.supplyAsync(() -> digest(pair.origin().in()));
            assertEquals(Pattern.checksum(size), digest(pair.browser().in()));
            assertEquals(Pattern.checksum(size), atOrigin.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(size, up.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS).longValue());
            assertEquals(size, down.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS).longValue());
        }
    }

    @Test
    public void bytesThatComeWithAHeadAreKept() throws Exception {
        byte[] early = random(100_000);
        try (Line browser = Line.to(site.web())) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    browser.send(join(Line.bytes(request("Connection: Upgrade", "Upgrade: raw")), early));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (Line origin = origin()) {
                origin.head();
                origin.send(join(Line.bytes(SWITCH), early));
                browser.head();
                assertArrayEquals(early, origin.read(early.length));
                assertArrayEquals(early, browser.read(early.length));
                sent.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    @Test
    public void bytesThatComeWhileTheOriginThinksAreKept() throws Exception {
        try (Line browser = Line.to(site.web()).send(request("Connection: Upgrade", "Upgrade: raw")); Line origin = origin()) {
            origin.head();
            // Longer than the proxy waits before it looks out for a browser that goes away, for which it reads a byte.
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
            StringBuilder said = new StringBuilder();
            while (System.nanoTime() < end) {
                String piece = "piece at " + said.length() + "\n";
                browser.send(piece);
                said.append(piece);
                try (Pair other = upgraded()) {
                    exchange(other, true);
                }
            }
            origin.send(SWITCH);
            browser.head();
            assertEquals(said.toString(), origin.text(said.length()));
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static CompletableFuture<Long> write(Pattern from, Line to) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            byte[] buffer = new byte[16 * 1024];
            try {
                for (int count = from.read(buffer, 0, buffer.length); count >= 0; count = from.read(buffer, 0, buffer.length)) {
                    to.out().write(buffer, 0, count);
                }
                to.shutdownOutput();
                done.complete(from.position());
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        }, "writer");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static String digest(InputStream in) {
        try {
            return Pattern.checksum(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- the end ----

    @Test
    public void eachDirectionEndsOnItsOwn() throws Exception {
        try (Pair pair = upgraded()) {
            pair.browser().send("bye").shutdownOutput();
            assertEquals("bye", pair.origin().text(3));
            assertTrue(pair.origin().isAtEnd());
            byte[] more = random(300_000);
            CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> read(pair.browser(), more.length));
            pair.origin().send(more);
            assertArrayEquals(more, read.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            pair.origin().close();
            assertTrue(pair.browser().isAtEnd());
        }
        try (Pair pair = upgraded()) {
            pair.origin().send("bye").shutdownOutput();
            assertEquals("bye", pair.browser().text(3));
            assertTrue(pair.browser().isAtEnd());
            byte[] more = random(300_000);
            CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> read(pair.origin(), more.length));
            pair.browser().send(more);
            assertArrayEquals(more, read.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            pair.browser().close();
            assertTrue(pair.origin().isAtEnd());
        }
    }

    private static byte[] read(Line from, int count) {
        try {
            return from.read(count);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    public void aResetIsAResetAtTheOtherEnd() throws Exception {
        for (boolean mid : new boolean[] {false, true}) {
            try (Pair pair = upgraded()) {
                exchange(pair, mid);
                pair.browser().reset();
                assertTrue("the origin sees the browser's reset", pair.origin().isReset());
            }
            try (Pair pair = upgraded()) {
                exchange(pair, mid);
                pair.origin().reset();
                assertTrue("the browser sees the origin's reset", pair.browser().isReset());
            }
        }
    }

    private static void exchange(Pair pair, boolean really) throws IOException {
        if (really) {
            pair.browser().send("ping");
            assertEquals("ping", pair.origin().text(4));
            pair.origin().send("pong");
            assertEquals("pong", pair.browser().text(4));
        }
    }

    @Test
    public void whatWasSaidBeforeAResetIsHeard() throws Exception {
        try (Pair pair = upgraded()) {
            pair.origin().send("last words");
            pair.browser().send("unread, so that the origin's end is a reset");
            pair.origin().text(6);
            pair.origin().reset();
            assertEquals("last words", pair.browser().text(10));
            assertTrue(pair.browser().isReset());
        }
        try (Pair pair = upgraded()) {
            pair.browser().send("last words");
            pair.origin().send("hm");
            pair.browser().text(2);
            pair.browser().reset();
            assertEquals("last words", pair.origin().text(10));
            assertTrue(pair.origin().isReset());
        }
    }

    @Test
    public void whoReadsNothingStopsOnlyWhoWrites() throws Exception {
        long size = 200L * MIB;
        Pattern up = new Pattern(size);
        Pattern down = new Pattern(size);
        try (Pair deafOrigin = upgraded(); Pair deafBrowser = upgraded()) {
            CompletableFuture<Long> writtenUp = write(up, deafOrigin.browser());
            CompletableFuture<Long> writtenDown = write(down, deafBrowser.origin());
            byte[] more = random(MIB);
            // 40 MiB each way go past the two that stand still.
            for (int i = 0; i < 20; i++) {
                try (Pair other = upgraded()) {
                    CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> read(other.origin(), more.length));
                    other.browser().send(more);
                    assertArrayEquals(more, read.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
                    CompletableFuture<byte[]> back = CompletableFuture.supplyAsync(() -> read(other.browser(), more.length));
                    other.origin().send(more);
                    assertArrayEquals(more, back.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
                }
            }
            assertTrue("held somewhere: " + up.position() / MIB + " MiB", up.position() < 64L * MIB);
            assertTrue("held somewhere: " + down.position() / MIB + " MiB", down.position() < 64L * MIB);
            assertFalse(writtenUp.isDone() || writtenDown.isDone());
            // The deaf ends still hear what the talking ones get from them.
            deafOrigin.origin().send("still there");
            assertEquals("still there", deafOrigin.browser().text(11));
            deafBrowser.browser().send("still there");
            assertEquals("still there", deafBrowser.origin().text(11));
        }
    }

    // ---- server-sent events ----

    @Test
    public void eachEventPassesAtOnceAndABrowserThatLeavesEndsThem() throws Exception {
        for (String framing : List.of("", "Transfer-Encoding: chunked\r\n")) {
            try (Line browser = Line.to(site.web()).send(request("Accept: text/event-stream")); Line origin = origin()) {
                origin.head();
                origin.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing + "\r\n");
                assertEquals(List.of("Content-Type: text/event-stream"), lines(browser.head(), "content-type"));
                for (int i = 0; i < 5; i++) {
                    String event = "data: " + i + "\n\n";
                    origin.send(framing.isEmpty() ? event : "9\r\n" + event + "\r\n");
                    String chunk = browser.text(i == 0 ? 12 : 14);
                    assertEquals(event, chunk.substring(chunk.length() - 9));
                }
                browser.close();
                assertTrue("nobody listens any more", isOver(origin));
            }
        }
    }

    private static boolean isOver(Line line) throws IOException {
        return line.isReset() || line.isAtEnd();
    }
}

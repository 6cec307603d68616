package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;

/** WebSockets in streams of HTTP/2 (RFC 8441): the test is the visitor, frame by frame, and the origin, byte for byte. */
@RunWith(WithJettyClient.class)
public class ExtendedConnectIT {

    private static final int MIB = 1 << 20;
    private static final HttpFields HANDSHAKE = HttpFields.build().add("sec-websocket-version", "13").add("sec-websocket-protocol", "chat, echo").add("origin", "https://x.example")
        .add("cookie", "a=1").add("cookie", "b=2").asImmutable();

    private static LineOrigin origin;
    private static Site site;
    private static URI secure;

    @Rule
    public final Timeout deadline = Timeout.seconds(3 * Await.DEADLINE.toSeconds());

    @BeforeClass
    public static void start() throws Exception {
        origin = LineOrigin.start();
        site = Site.sharedBefore(origin.url(), ExtendedConnectIT.class);
        secure = URI.create(site.proxyAddress("https"));
    }

    @AfterClass
    public static void stop() throws Exception {
        try (LineOrigin ended = origin) {
            if (site != null) {
                site.stop();
            }
        }
    }

    private static Line origin() throws Exception {
        return origin.next();
    }

    private static String host() {
        return "demo.localhost:" + secure.getPort();
    }

    private static Http2Visitor.Exchange ask(Http2Visitor visitor) throws Exception {
        return visitor.connect("websocket", host(), "/raw?x", HANDSHAKE);
    }

    private static String field(String head, String name) {
        return Arrays.stream(head.split("\r\n")).filter(each -> each.toLowerCase(Locale.ROOT).startsWith(name + ":")).map(each -> each.substring(name.length() + 1).strip())
            .reduce((a, b) -> a + " | " + b).orElse("");
    }

    private static String accepting(String head) {
        return WebSocketEcho.accept(field(head, "sec-websocket-key"), "echo");
    }

    /** The tunnel from end to end. */
    private record Pair(Http2Visitor.Exchange visitor, Line origin) implements AutoCloseable {

        static Pair open(Http2Visitor visitor) throws Exception {
            Http2Visitor.Exchange exchange = ask(visitor);
            Line origin = ExtendedConnectIT.origin();
            origin.send(accepting(origin.head()));
            assertEquals(200, exchange.status());
            return new Pair(exchange, origin);
        }

        @Override
        public void close() throws IOException {
            origin.close();
        }
    }

    /** The connection serves on. */
    private static void probe(Http2Visitor visitor) throws Exception {
        Http2Visitor.Exchange get = visitor.get(host(), "/probe");
        try (Line origin = origin()) {
            origin.head();
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nprobe");
            assertEquals(200, get.status());
            assertEquals("probe", new String(get.read(5), StandardCharsets.US_ASCII));
        }
    }

    @Test
    public void theHandshakeBecomesOneOfHttp11() throws Exception {
        try (Http2Visitor visitor = new Http2Visitor(secure)) {
            assertEquals(Integer.valueOf(1), visitor.settings().get(SettingsFrame.ENABLE_CONNECT_PROTOCOL));
            Http2Visitor.Exchange exchange = ask(visitor);
            try (Line origin = origin()) {
                String head = origin.head();
                assertTrue(head, head.startsWith("GET /raw?x HTTP/1.1\r\n"));
                assertEquals("websocket", field(head, "upgrade"));
                assertEquals("Upgrade", field(head, "connection"));
                assertEquals(16, Base64.getDecoder().decode(field(head, "sec-websocket-key")).length);
                assertEquals("13", field(head, "sec-websocket-version"));
                assertEquals("chat, echo", field(head, "sec-websocket-protocol"));
                assertEquals("https://x.example", field(head, "origin"));
                assertEquals("a=1; b=2", field(head, "cookie"));
                assertEquals(host(), field(head, "host"));
                assertEquals("2.0 adit", field(head, "via"));
                assertEquals("", field(head, "content-length") + field(head, "transfer-encoding"));
                origin.send(accepting(head).replace("Upgrade: websocket\r\n", "Upgrade: WebSocket\r\nX-Own: 1\r\nSet-Cookie: c=3\r\nSet-Cookie: d=4\r\n"));
                assertEquals(200, exchange.status());
                assertEquals("echo", exchange.field("sec-websocket-protocol"));
                assertEquals("1", exchange.field("x-own"));
                assertEquals(List.of("c=3", "d=4"), exchange.head().getHttpFields().getValuesList("set-cookie"));
                for (String none : new String[] {"sec-websocket-accept", "connection", "upgrade", "transfer-encoding", "content-length"}) {
                    assertNull(none, exchange.field(none));
                }
            }
        }
    }

    @Test
    public void bytesPassBothWaysAndEachDirectionEndsOnItsOwn() throws Exception {
        byte[] up = new byte[3 * MIB + 7];
        byte[] down = new byte[2 * MIB + 3];
        new Random(1).nextBytes(up);
        new Random(2).nextBytes(down);
        try (Http2Visitor visitor = new Http2Visitor(secure); Pair pair = Pair.open(visitor)) {
            CompletableFuture<byte[]> arrived = CompletableFuture.supplyAsync(() -> read(pair.origin(), up.length));
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(pair.origin(), down));
            CompletableFuture<Void> told = pair.visitor().send(up, true);
            assertArrayEquals(down, pair.visitor().read(down.length));
            assertArrayEquals(up, arrived.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            told.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            sent.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertTrue("END_STREAM is the end there", pair.origin().isAtEnd());
            pair.origin().send("still");
            assertEquals("still", text(pair.visitor().read(5)));
            pair.origin().shutdownOutput();
            assertTrue("and the end there is END_STREAM", pair.visitor().isAtEnd());
            probe(visitor);
        }
        try (Http2Visitor visitor = new Http2Visitor(secure); Pair pair = Pair.open(visitor)) {
            pair.origin().send("bye").shutdownOutput();
            assertEquals("bye", text(pair.visitor().read(3)));
            assertTrue(pair.visitor().isAtEnd());
            pair.visitor().send(bytes("so long"), true);
            assertEquals("so long", pair.origin().text(7));
            assertTrue(pair.origin().isAtEnd());
            probe(visitor);
        }
    }

    @Test
    public void bytesThatComeBeforeTheAnswerAreKept() throws Exception {
        try (Http2Visitor visitor = new Http2Visitor(secure)) {
            Http2Visitor.Exchange exchange = ask(visitor);
            exchange.send(bytes("early"), false);
            try (Line origin = origin()) {
                origin.send(accepting(origin.head()) + "at once");
                assertEquals(200, exchange.status());
                assertEquals("at once", text(exchange.read(7)));
                assertEquals("early", origin.text(5));
            }
        }
    }

    @Test
    public void aResetIsAResetAtTheOtherEnd() throws Exception {
        try (Http2Visitor visitor = new Http2Visitor(secure)) {
            try (Pair pair = Pair.open(visitor)) {
                pair.visitor().reset(ErrorCode.CANCEL_STREAM_ERROR);
                assertTrue(pair.origin().isReset());
            }
            try (Pair pair = Pair.open(visitor)) {
                pair.origin().reset();
                assertEquals(ErrorCode.CANCEL_STREAM_ERROR.code, pair.visitor().awaitReset());
            }
            probe(visitor);
            Pair pair = Pair.open(visitor);
            visitor.close();
            assertTrue("a connection that is gone takes its streams along", pair.origin().isReset());
        }
    }

    @Test
    public void aVisitorWhoGoesBeforeTheAnswerEndsTheRequest() throws Exception {
        try (Http2Visitor visitor = new Http2Visitor(secure)) {
            Http2Visitor.Exchange exchange = ask(visitor);
            try (Line origin = origin()) {
                origin.head();
                exchange.reset(ErrorCode.CANCEL_STREAM_ERROR);
                assertTrue(origin.isAtEnd());
            }
            probe(visitor);
        }
    }

    @Test
    public void aRefusalIsAnOrdinaryResponse() throws Exception {
        try (Http2Visitor visitor = new Http2Visitor(secure)) {
            for (String framing : new String[] {"Content-Length: 4\r\n\r\nnope", "Transfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n"}) {
                Http2Visitor.Exchange exchange = ask(visitor);
                // behind the response comes a reset with NO_ERROR, as the other direction is open (RFC 9113 section 8.1)
                CompletableFuture<byte[]> body = exchange.all();
                try (Line origin = origin()) {
                    origin.head();
                    origin.send("HTTP/1.1 403 No\r\nX-Why: x\r\n" + framing);
                    assertEquals(403, exchange.status());
                    assertEquals("x", exchange.field("x-why"));
                    assertEquals(framing, "nope", text(body.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)));
                }
            }
            Http2Visitor.Exchange exchange = ask(visitor);
            try (Line origin = origin()) {
                origin.head();
                origin.send("HTTP/1.1 302 There\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
                assertEquals(302, exchange.status());
                assertEquals("/x", exchange.field("location"));
            }
            probe(visitor);
        }
    }

    @Test
    public void whatIsNoAcceptanceIs502() throws Exception {
        try (Http2Visitor visitor = new Http2Visitor(secure)) {
            for (String answer : new String[] {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 204 OK\r\n\r\n",
                "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
                "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: other\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n"}) {
                Http2Visitor.Exchange exchange = ask(visitor);
                try (Line origin = origin()) {
                    String accept = field(accepting(origin.head()), "sec-websocket-accept");
                    origin.send(answer.replace("ACCEPT", accept));
                    assertEquals(answer, 502, exchange.status());
                    assertEquals(answer, "bad-answer", exchange.field("adit-error"));
                }
            }
            probe(visitor);
        }
    }

    @Test
    public void otherProtocolsAndTunnelsAreRefused() throws Exception {
        try (Http2Visitor visitor = new Http2Visitor(secure)) {
            assertEquals(501, visitor.connect("connect-udp", host(), "/x", HttpFields.EMPTY).status());
            assertEquals(501, visitor.connect("WebSocket", host(), "/x", HANDSHAKE).status());
            int tunnel = visitor.connect(null, host(), null, HttpFields.EMPTY).status();
            assertTrue("refused: " + tunnel, tunnel >= 400 && tunnel < 500);
            Http2Visitor.Exchange nobody = visitor.connect("websocket", "nobody.localhost:" + secure.getPort(), "/x", HANDSHAKE);
            assertEquals(404, nobody.status());
            assertEquals("unknown-name", nobody.field("adit-error"));
            probe(visitor);
        }
    }

    @Test
    public void whoReadsNothingStopsOnlyWhoWrites() throws Exception {
        Pattern down = new Pattern(200L * MIB);
        try (Http2Visitor visitor = new Http2Visitor(secure); Pair deafVisitor = Pair.open(visitor); Pair deafOrigin = Pair.open(visitor)) {
            CompletableFuture<Void> writtenDown = CompletableFuture.runAsync(() -> {
                try {
                    down.transferTo(deafVisitor.origin().out());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            AtomicInteger up = new AtomicInteger();
            CompletableFuture<Void> writtenUp = keepSending(deafOrigin.visitor(), new byte[MIB], up);
            for (int i = 0; i < 20; i++) {
                probe(visitor);
            }
            assertTrue("held somewhere: " + down.position() / MIB + " MiB", down.position() < 64L * MIB);
            assertTrue("held somewhere: " + up + " MiB", up.get() < 64);
            assertFalse(writtenDown.isDone() || writtenUp.isDone());
            deafVisitor.visitor().send(bytes("still there"), false);
            assertEquals("still there", deafVisitor.origin().text(11));
            deafOrigin.origin().send("still there");
            assertEquals("still there", text(deafOrigin.visitor().read(11)));
        }
    }

    /** Part after part, each when the one before was taken. */
    private static CompletableFuture<Void> keepSending(Http2Visitor.Exchange to, byte[] part, AtomicInteger sent) {
        return sent.get() == 64 ? CompletableFuture.completedFuture(null) : to.send(part, false).thenCompose(nothing -> {
            sent.incrementAndGet();
            return keepSending(to, part, sent);
        });
    }

    /** The port closes what is idle for a second, twice while the WebSocket is silent. */
    @Test
    public void silenceEndsNoWebSocket() throws Exception {
        try (LiveSettings impatient = site.change("io.adit.port:idle.timeout.millis=1000");
                Http2Visitor visitor = new Http2Visitor(secure); Pair pair = Pair.open(visitor)) {
            for (int i = 0; i < 2; i++) {
                try (Line idle = Line.to(site.web())) {
                    assertTrue(idle.isAtEnd());
                }
            }
            pair.visitor().send(bytes("still"), false);
            assertEquals("still", pair.origin().text(5));
            pair.origin().send("there");
            assertEquals("there", text(pair.visitor().read(5)));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] read(Line line, int count) {
        try {
            return line.read(count);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void send(Line line, byte[] bytes) {
        try {
            line.send(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

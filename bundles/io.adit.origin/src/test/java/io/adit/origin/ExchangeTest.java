package io.adit.origin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.packet.Fields;
import org.junit.Rule;
import org.junit.Test;

/** The course of an exchange, step by step: who waits for whom, and how it ends. */
public class ExchangeTest {

    @Rule
    public final OriginRule rule = new OriginRule();

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    public void lengthBodyIsSentAsItComes() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.head("POST", "/", 6, "Host", "h", "content-LENGTH", "6", "A", "1"), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertEquals("POST / HTTP/1.1\r\nHost: h\r\ncontent-LENGTH: 6\r\nA: 1\r\n\r\n", peer.head());
            stream.put("abc", false);
            assertEquals("abc", peer.read(3));
            stream.awaitReleased(3);
            stream.put("def", true);
            assertEquals("def", peer.read(3));
            peer.write(OK);
            assertEquals("ok", stream.all());
        }
    }

    @Test
    public void bodyOfUnknownLengthIsChunkedWithTrailers() throws Exception {
        FakeStream stream = rule.stream();
        stream.put("abc", false);
        stream.putTrailers(Fields.of("x-Sum", "1", "Content-Length", "9", "X-Obs", "\u00e9", "Transfer-Encoding", "x"));
        rule.handler().handle(OriginRule.head("PUT", "/", -1, "Host", "h", "Trailer", "x-Sum"), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertEquals("PUT / HTTP/1.1\r\nHost: h\r\nTrailer: x-Sum\r\nTransfer-Encoding: chunked\r\n\r\n", peer.head());
            assertEquals("3\r\nabc\r\n0\r\nx-Sum: 1\r\nX-Obs: \u00e9\r\n\r\n", peer.until("\r\n\r\n"));
            peer.write(OK);
            assertEquals("ok", stream.all());
        }
        FakeStream whole = rule.stream();
        whole.put("abc", true);
        rule.handler().handle(OriginRule.head("DELETE", "/", -1, "Host", "h"), false, whole);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertEquals("DELETE / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", peer.head());
            assertEquals("3\r\nabc\r\n0\r\n\r\n", peer.until("0\r\n\r\n"));
            peer.write(OK);
            assertEquals("ok", whole.all());
        }
    }

    @Test
    public void responseTrailersComeLast() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\nContent-Length: 1\r\n\r\n");
            FakeStream.Op first = stream.next();
            assertEquals("abc", first.text());
            assertEquals("X-Sum", first.head().fields().first("Trailer"));
            assertFalse(first.last());
            assertEquals(Fields.of("X-Sum", "7"), stream.next().trailers());
        }
    }

    @Test
    public void aHeadNeverWaitsForContentNorAnEventForTheNext() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            FakeStream.Op head = stream.next();
            assertEquals(200, head.head().status());
            assertEquals("", head.text());
            for (int i = 0; i < 5; i++) {
                String event = "data: " + i + "\n\n";
                peer.write(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
                assertEquals(event, stream.next().text());
            }
            peer.write("0\r\n\r\n");
            assertTrue(stream.next().last());
        }
    }

    @Test
    public void interimHeadsPassAndTheBodyWaitsForContinue() throws Exception {
        FakeStream stream = rule.stream();
        stream.put("abc", true);
        rule.handler("continue.timeout.millis", 600_000L).handle(
            OriginRule.head("POST", "/", 3, "Host", "h", "Expect", "100-continue", "Content-Length", "3"), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertEquals("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", peer.head());
            peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n");
            FakeStream.Op hints = stream.next();
            assertEquals(103, hints.head().status());
            assertEquals(Fields.of("Link", "</a>; rel=preload"), hints.head().fields());
            assertFalse(hints.last());
            assertEquals("held back", 0, stream.released.get());
            peer.write("HTTP/1.1 100 Continue\r\n\r\n");
            assertEquals(100, stream.next().head().status());
            assertEquals("abc", peer.read(3));
            peer.write("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n" + OK);
            assertEquals(102, stream.next().head().status());
            assertEquals(Fields.of("A", "b"), stream.next().head().fields());
            FakeStream.Op last = stream.next();
            assertEquals(Fields.of("Content-Length", "2"), last.head().fields());
            assertEquals("ok", last.text());
        }
    }

    @Test
    public void aRefusedExpectationLeavesTheBodyUnsent() throws Exception {
        FakeStream stream = rule.stream();
        stream.put("abc", true);
        rule.handler("continue.timeout.millis", 600_000L).handle(
            OriginRule.head("POST", "/", 3, "Expect", "100-Continue", "Content-Length", "3"), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno");
            assertEquals("no", stream.all());
            assertEquals("the connection ends without the body", -1, peer.socket.getInputStream().read());
            stream.awaitReleased(3);
            assertFalse(stream.reset.isDone());
        }
    }

    @Test
    public void anOriginThatIgnoresExpectGetsTheBodyAfterAWhile() throws Exception {
        FakeStream stream = rule.stream();
        stream.put("abc", true);
        rule.handler("continue.timeout.millis", 20L).handle(
            OriginRule.head("POST", "/", 3, "Expect", "100-continue", "Content-Length", "3"), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            assertEquals("abc", peer.read(3));
            peer.write(OK);
            assertEquals("ok", stream.all());
        }
    }

    @Test
    public void tooManyInterimHeads() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 102 Processing\r\n\r\n".repeat(50));
            assertEquals("ORIGIN_BROKEN", stream.resetCode());
            peer.awaitClosed();
        }
    }

    @Test
    public void anEarlyResponseIsPassedOnAtOnceAndTheUploadGoesOn() throws Exception {
        FakeStream stream = rule.stream();
        OriginComponent handler = rule.handler();
        handler.handle(OriginRule.head("POST", "/", 6, "Content-Length", "6"), false, stream);
        stream.put("abc", false);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write(OK);
            assertEquals("ok", stream.all());
            stream.put("def", true);
            assertEquals("abcdef", peer.read(6));
            OriginRule.awaitIdle(handler);
            // The connection is whole again: the next request takes it.
            FakeStream second = rule.stream();
            handler.handle(OriginRule.get("/2"), true, second);
            assertTrue(peer.head().startsWith("GET /2 "));
            peer.write(OK);
            assertEquals("ok", second.all());
        }
    }

    @Test
    public void anEarlyResponseWithCloseLeavesTheRestOfTheUploadToNobody() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.head("POST", "/", -1), false, stream);
        stream.put(new byte[1000], false);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
            assertEquals("no", stream.all());
        }
        for (int i = 0; i < 100; i++) {
            stream.put(new byte[100_000], i == 99);
        }
        stream.awaitReleased(10_001_000);
        assertFalse("the response stands", stream.reset.isDone());
    }

    @Test
    public void bodiesThatAreNotAsLongAsDeclared() throws Exception {
        for (String body : new String[] {"ab", "abcd"}) {
            FakeStream stream = rule.stream();
            rule.handler().handle(OriginRule.head("POST", "/", 3, "Content-Length", "3"), false, stream);
            try (RawOrigin.Peer peer = rule.origin.accept()) {
                peer.head();
                stream.put(body, true);
                assertEquals("PROTOCOL", stream.resetCode());
                peer.awaitClosed();
            }
        }
    }

    @Test
    public void nobodyListens() throws Exception {
        try (Socket nobody = new Socket()) {
            // bound, so that no other gets the port, and not listening
            nobody.bind(new InetSocketAddress("127.0.0.1", 0));
            String address = "127.0.0.1:" + nobody.getLocalPort();
            for (String url : new String[] {"http://" + address, "http://no-such-host.invalid:80", "https://" + address}) {
                FakeStream stream = rule.stream();
                OriginComponent handler = rule.handler("url", url);
                assertTrue(handler.conditions().toString(), handler.conditions().get(0).toString().startsWith("OK origin: " + url));
                handler.handle(OriginRule.get("/"), true, stream);
                assertEquals("ORIGIN_UNREACHABLE", stream.resetCode());
                assertTrue(handler.conditions().toString(), handler.conditions().get(0).toString().matches("(?s)FAIL origin: " + url + " cannot be reached: .* Does the web server run.*"));
            }
        }
        FakeStream none = rule.stream();
        OriginComponent without = rule.handler("url", "");
        assertTrue(without.conditions().get(0).toString().startsWith("FAIL origin: there is no web server in this container"));
        without.handle(OriginRule.get("/"), true, none);
        assertEquals("ORIGIN_UNREACHABLE", none.resetCode());
    }

    @Test
    public void silentOriginBeforeTheHead() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler("response.timeout.millis", 1_000L).handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            assertEquals("ORIGIN_TIMEOUT", stream.resetCode());
            peer.awaitClosed();
        }
    }

    @Test
    public void aSlowBrowserIsNotASilentOrigin() throws Exception {
        // The response timeout passes for another, silent, exchange while this one waits for its upload.
        FakeStream upload = rule.stream();
        OriginComponent handler = rule.handler("response.timeout.millis", 1_000L);
        handler.handle(OriginRule.head("POST", "/", 3, "Content-Length", "3"), false, upload);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            FakeStream silent = rule.stream();
            rule.handler("response.timeout.millis", 1_100L).handle(OriginRule.get("/"), true, silent);
            try (RawOrigin.Peer other = rule.origin.accept()) {
                assertEquals("ORIGIN_TIMEOUT", silent.resetCode());
            }
            assertFalse(upload.reset.isDone());
            upload.put("abc", true);
            assertEquals("abc", peer.read(3));
            peer.write(OK);
            assertEquals("ok", upload.all());
        }
    }

    @Test
    public void silentOriginInTheBody() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler("idle.timeout.millis", 500L).handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            assertEquals("abc", stream.next().text());
            assertEquals("CUT", stream.resetCode());
            peer.awaitClosed();
        }
    }

    @Test
    public void brokenBeforeTheHead() throws Exception {
        for (String bad : new String[] {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le", "hello\r\n\r\n", "HTTP/1.1 200 OK\r\nA b\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nA: " + "x".repeat(140_000) + "\r\n\r\n"}) {
            FakeStream stream = rule.stream();
            rule.handler().handle(OriginRule.get("/"), true, stream);
            try (RawOrigin.Peer peer = rule.origin.accept()) {
                peer.head();
                peer.write(bad);
            }
            assertEquals(bad.substring(0, Math.min(60, bad.length())), "ORIGIN_BROKEN", stream.resetCode());
            assertEquals(0, stream.waiting());
        }
    }

    @Test
    public void bigHeadsPass() throws Exception {
        FakeStream stream = rule.stream();
        String big = "x".repeat(64 * 1024);
        rule.handler().handle(OriginRule.get("/", "Host", "h", "X-Big", big), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertEquals("GET / HTTP/1.1\r\nHost: h\r\nX-Big: " + big + "\r\n\r\n", peer.head());
            peer.write("HTTP/1.1 200 OK\r\nX-Big: " + big + "\r\nContent-Length: 0\r\n\r\n");
            assertEquals(big, stream.next().head().fields().first("X-Big"));
        }
    }

    @Test
    public void tooBigRequestHeads() throws Exception {
        OriginComponent handler = rule.handler("max.head.bytes", 4_096);
        FakeStream big = rule.stream();
        handler.handle(OriginRule.get("/", "X", "x".repeat(4_096)), true, big);
        assertEquals("TOO_LARGE", big.resetCode());
        // One that just fits: request line 16, Host 9, X 3 + 2 + value.
        FakeStream fits = rule.stream();
        handler.handle(OriginRule.get("/", "Host", "h", "X", "x".repeat(4_096 - 16 - 9 - 5)), true, fits);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write(OK);
            assertEquals("ok", fits.all());
        }
    }

    @Test
    public void cutInTheBody() throws Exception {
        for (String bad : new String[] {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
            FakeStream stream = rule.stream();
            rule.handler().handle(OriginRule.get("/"), true, stream);
            try (RawOrigin.Peer peer = rule.origin.accept()) {
                peer.head();
                peer.write("HTTP/1.1 200 OK\r\n" + bad);
                FakeStream.Op op = stream.next();
                assertEquals("abc", op.text());
                assertFalse(op.last());
            }
            assertEquals("CUT", stream.resetCode());
        }
    }

    @Test
    public void aResetClosesTheOriginsConnection() throws Exception {
        for (String state : new String[] {"waiting", "streaming", "uploading"}) {
            OriginComponent handler = rule.handler();
            FakeStream stream = rule.stream();
            boolean upload = state.equals("uploading");
            handler.handle(OriginRule.head(upload ? "POST" : "GET", "/", -1), !upload, stream);
            try (RawOrigin.Peer peer = rule.origin.accept()) {
                peer.head();
                if (state.equals("streaming")) {
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                    stream.next();
                }
                stream.breakOff(ErrorCode.CANCEL);
                peer.awaitClosed();
            }
        }
    }

    @Test
    public void connectionsAreKept() throws Exception {
        OriginComponent handler = rule.handler();
        FakeStream first = rule.stream();
        handler.handle(OriginRule.get("/1"), true, first);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            for (int i = 2; i < 5; i++) {
                peer.head();
                peer.write(OK);
                assertEquals("ok", first.all());
                OriginRule.awaitIdle(handler);
                first = rule.stream();
                handler.handle(OriginRule.get("/" + i), true, first);
            }
            peer.head();
            peer.write(OK);
            assertEquals("ok", first.all());
        }
    }

    @Test
    public void aClosedKeptConnectionIsNotTheBrowsersProblem() throws Exception {
        OriginComponent handler = rule.handler();
        FakeStream first = rule.stream();
        handler.handle(OriginRule.get("/1"), true, first);
        FakeStream second = rule.stream();
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write(OK);
            assertEquals("ok", first.all());
            OriginRule.awaitIdle(handler);
            // Taken into use, and closed by the origin without an answer.
            handler.handle(OriginRule.get("/2"), true, second);
            assertTrue(peer.head().startsWith("GET /2 "));
        }
        try (RawOrigin.Peer fresh = rule.origin.accept()) {
            assertTrue(fresh.head().startsWith("GET /2 "));
            fresh.write(OK);
            assertEquals("ok", second.all());
            fresh.awaitClosed();
        }
    }

    @Test
    public void itIsSentAgainOnlyOnceAndOnlyWhereThatIsSafe() throws Exception {
        for (String method : new String[] {"POST", "PATCH", "GET"}) {
            OriginComponent handler = rule.handler();
            FakeStream first = rule.stream();
            handler.handle(OriginRule.get("/1"), true, first);
            FakeStream second = rule.stream();
            try (RawOrigin.Peer peer = rule.origin.accept()) {
                peer.head();
                peer.write(OK);
                assertEquals("ok", first.all());
                OriginRule.awaitIdle(handler);
                handler.handle(OriginRule.head(method, "/2", -1), true, second);
                peer.head();
            }
            if (method.equals("GET")) {
                try (RawOrigin.Peer again = rule.origin.accept()) {
                    again.head();
                }
            }
            assertEquals(method, "ORIGIN_BROKEN", second.resetCode());
        }
    }

    @Test
    public void stopResetsWhatStillRuns() throws Exception {
        OriginComponent handler = rule.handler();
        FakeStream stream = rule.stream();
        handler.handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            handler.deactivate();
            assertEquals("SHUTDOWN", stream.resetCode());
            peer.awaitClosed();
            handler.deactivate();
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("adit-origin")) {
                thread.join(TimeUnit.SECONDS.toMillis(FakeStream.WAIT_SECONDS));
                assertFalse(thread.getName(), thread.isAlive());
            }
        }
        FakeStream late = rule.stream();
        handler.handle(OriginRule.get("/"), true, late);
        assertEquals("REFUSED", late.resetCode());
    }

    @Test
    public void stopWaitsForWhatFinishes() throws Exception {
        OriginComponent handler = rule.handler("shutdown.timeout.millis", 600_000L);
        FakeStream stream = rule.stream();
        handler.handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            java.util.concurrent.Future<?> stop = rule.executor.submit(handler::deactivate);
            peer.write(OK);
            assertEquals("ok", stream.all());
            stop.get(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS);
            assertFalse(stream.reset.isDone());
        }
    }

    @Test
    public void aResetIsNotTheEndOfABodyThatEndsWithItsConnection() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 200 OK\r\n\r\nbegun");
            StringBuilder body = new StringBuilder();
            while (body.length() < 5) {
                body.append(stream.next().text());
            }
            assertEquals("begun", body.toString());
            peer.reset();
            assertEquals("CUT", stream.resetCode());
        }
    }
}

package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;

/** Bodies of requests: their framing, trailers, 100 Continue, and the requests that come after them (RFC 9112 sections 6 to 9). */
public class RequestBodyWireIT {

    @ClassRule
    public static final WireSite SITE = new WireSite();

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    private final WireSite.Table table = new WireSite.Table();

    @After
    public void answerAsUsual() {
        SITE.origin().answer(null);
    }

    private static String host() {
        return "Host: " + SITE.host() + "\r\n";
    }

    private static String bytes() {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < 70_000; i++) {
            bytes.append((char) (i * 31 & 0xff));
        }
        return bytes.toString();
    }

    private static String text(RecordingOrigin.Seen seen) {
        return seen.head() + seen.body();
    }

    /** The body without chunk sizes, and the trailers as they are. */
    private static String[] content(RecordingOrigin.Seen seen) {
        StringBuilder content = new StringBuilder();
        String rest = seen.body();
        while (true) {
            int end = rest.indexOf("\r\n");
            int size = Integer.parseInt(rest.substring(0, end), 16);
            if (size == 0) {
                return new String[] {content.toString(), rest.substring(end + 2)};
            }
            content.append(rest, end + 2, end + 2 + size);
            rest = rest.substring(end + 4 + size);
        }
    }

    @Test
    public void lengthsAreKept() {
        String any = bytes();
        for (String method : new String[] {"POST", "PUT", "GET", "DELETE", "PATCH", "QUERY", "OPTIONS", "get"}) {
            for (String body : new String[] {"", "a", any}) {
                String head = method + " / HTTP/1.1\r\n" + host() + "Content-Length: " + body.length() + "\r\nX-A: 1\r\n";
                table.row(head, head + SITE.ours() + "\r\n" + body, () -> text(SITE.pass(head + "\r\n" + body)));
            }
        }
        table.check();
    }

    @Test
    public void chunkedStaysChunked() {
        String any = bytes();
        for (String method : new String[] {"POST", "PUT", "GET", "DELETE", "PROPFIND"}) {
            for (String body : new String[] {"", "a", any}) {
                table.row(method + body.length(), method + " / HTTP/1.1\r\n" + host() + CHUNKED + "X-A: 1\r\n" + SITE.ours() + "\r\n" + body + "|\r\n", () -> {
                    String chunk = body.isEmpty() ? "" : Integer.toHexString(body.length()) + ";ext=\"a;b\"\r\n" + body + "\r\n";
                    RecordingOrigin.Seen seen = SITE.pass(method + " / HTTP/1.1\r\n" + host() + CHUNKED + "X-A: 1\r\n\r\n" + chunk + "000\r\n\r\n");
                    return seen.head() + content(seen)[0] + "|" + content(seen)[1];
                });
            }
        }
        table.check();
    }

    @Test
    public void chunkedStandsWhereItStood() {
        for (String name : new String[] {"Transfer-Encoding", "transfer-encoding", "TRANSFER-encoding"}) {
            for (String value : new String[] {"chunked", "Chunked", "\tCHUNKED "}) {
                table.row(name + value, "POST / HTTP/1.1\r\nX: 1\r\n" + name + ": chunked\r\n" + host() + "Y: 2\r\n" + SITE.ours() + "\r\n",
                    () -> SITE.pass("POST / HTTP/1.1\r\nX: 1\r\n" + name + ":" + value + "\r\n" + host() + "Y: 2\r\n\r\n1\r\na\r\n0\r\n\r\n").head());
            }
        }
        table.row("named by Connection", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + host() + SITE.ours() + "\r\n",
            () -> SITE.pass("POST / HTTP/1.1\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n" + host() + "\r\n0\r\n\r\n").head());
        table.check();
    }

    @Test
    public void longTrailersPass() throws Exception {
        for (int bytes : new int[] {8_000, 8_200, 9_000, 60_000}) {
            RecordingOrigin.Seen seen = SITE.pass("POST / HTTP/1.1\r\n" + host() + CHUNKED + "\r\n1\r\na\r\n0\r\nX-Long: " + "x".repeat(bytes) + "\r\nX-End: 1\r\n\r\n");
            assertEquals("1\r\na\r\n0\r\nX-Long: " + "x".repeat(bytes) + "\r\nX-End: 1\r\n\r\n", seen.body());
        }
    }

    @Test
    public void trailersPass() {
        String trailers = "X-Sum: 1\r\nx-sum: \u00e9\r\nX-Empty: \r\n";
        for (String body : new String[] {"", "5\r\nhello\r\n"}) {
            table.row(body, (body.isEmpty() ? "" : "hello") + "|" + trailers + "\r\n", () -> {
                RecordingOrigin.Seen seen = SITE.pass("POST / HTTP/1.1\r\n" + host() + CHUNKED + "Trailer: X-Sum, X-Empty\r\n\r\n" + body + "0\r\n" + trailers + "\r\n");
                assertTrue(seen.head(), seen.head().contains("\r\nTrailer: X-Sum, X-Empty\r\n"));
                return content(seen)[0] + "|" + content(seen)[1];
            });
        }
        table.check();
    }

    /** RFC 9110 section 6.5.1: what frames or routes cannot come after the body. */
    @Test
    public void trailersThatWouldChangeTheMessageAreDropped() throws Exception {
        RecordingOrigin.Seen seen = SITE.pass("POST / HTTP/1.1\r\n" + host() + CHUNKED + "\r\n1\r\na\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\nHost: evil\r\n"
            + "X-Ok: 1\r\nX-Forwarded-For: 1.2.3.4\r\nAuthorization: x\r\nConnection: close\r\n\r\n");
        assertEquals("X-Ok: 1\r\n\r\n", content(seen)[1]);
    }

    @Test
    public void theBodyIsNotAskedForBeforeTheOriginWantsIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch wanted = new CountDownLatch(1);
        SITE.origin().answer(talk -> {
            asked.countDown();
            await(wanted);
            assertFalse(talk.hasBody());
            talk.write("HTTP/1.1 100 Continue\r\n\r\n");
            talk.ok();
        });
        String head = "PUT /x HTTP/1.1\r\n" + host() + "Expect: 100-continue\r\nContent-Length: 5\r\n";
        try (Wire wire = SITE.open()) {
            wire.send(head + "\r\n");
            await(asked);
            assertFalse("100 before the origin said so", wire.hasMore());
            wanted.countDown();
            assertEquals("HTTP/1.1 100 Continue", wire.read().line());
            wire.send("hello");
            assertEquals(200, wire.read().status());
            SITE.origin().answer(null);
            wire.send("GET /next HTTP/1.1\r\n" + host() + "\r\n");
            assertEquals(200, wire.read().status());
        }
        assertEquals(head + SITE.ours() + "\r\nhello", text(SITE.origin().next()));
        SITE.origin().next();
    }

    @Test
    public void anOriginThatDoesNotWantTheBodyIsHeard() throws Exception {
        SITE.origin().answer(talk -> talk.write("HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno"));
        try (Wire wire = SITE.open()) {
            wire.send("PUT /x HTTP/1.1\r\n" + host() + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertEquals(417, wire.read().status());
        }
        RecordingOrigin.Seen seen = SITE.origin().next();
        assertEquals("", seen.body());
        assertFalse(seen.complete());
    }

    @Test
    public void whoDoesNotWaitForTheHundredIsServedToo() {
        table.row("all at once", "hello", () -> SITE.pass("PUT /x HTTP/1.1\r\n" + host() + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello").body());
        table.row("nothing to wait for", "", () -> SITE.pass("GET /x HTTP/1.1\r\n" + host() + "Expect: 100-continue\r\n\r\n").body());
        table.row("HTTP/1.0 gets no interim response", "hello", () -> SITE.pass("PUT /x HTTP/1.0\r\n" + host() + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello").body());
        table.check();
    }

    @Test
    public void otherExpectationsAreRefused() {
        for (String expect : new String[] {"200-ok", "100-continue, x", "x=y"}) {
            table.row(expect, true, () -> SITE.refusal("PUT /x HTTP/1.1\r\n" + host() + "Expect: " + expect + "\r\nContent-Length: 0\r\n\r\n").startsWith("417 "));
        }
        table.check();
    }

    @Test
    public void http10() {
        String ours = SITE.ours("1.0", SITE.host());
        table.row("GET", "GET /x HTTP/1.1\r\n" + host() + ours + "\r\n", () -> text(SITE.pass("GET /x HTTP/1.0\r\n" + host() + "\r\n")));
        table.row("POST", "POST /x HTTP/1.1\r\n" + host() + "Content-Length: 3\r\n" + ours + "\r\nabc",
            () -> text(SITE.pass("POST /x HTTP/1.0\r\n" + host() + "Content-Length: 3\r\n\r\nabc")));
        table.row("closes", "200 true", () -> http10("GET /x HTTP/1.0\r\n" + host() + "\r\n"));
        table.row("without a name there is nobody", "404 true", () -> http10("GET /x HTTP/1.0\r\n\r\n"));
        table.check();
    }

    private static String http10(String request) throws Exception {
        try (Wire wire = SITE.open()) {
            wire.send(request);
            Wire.Reply reply = wire.read();
            assertNull(reply.field("transfer-encoding"));
            if (reply.status() == 200) {
                SITE.origin().next();
            }
            return reply.status() + " " + wire.ends();
        }
    }

    @Test
    public void http10KeepsTheConnectionWhenAsked() throws Exception {
        try (Wire wire = SITE.open()) {
            for (int i = 0; i < 3; i++) {
                wire.send("GET /k" + i + " HTTP/1.0\r\n" + host() + "Connection: keep-alive\r\n\r\n");
                Wire.Reply reply = wire.read();
                assertEquals("keep-alive", reply.field("connection"));
                assertEquals("ok", reply.body());
                assertEquals("/k" + i, SITE.origin().next().target());
            }
        }
    }

    @Test
    public void anUnknownLengthIsChunkedForHttp11AndClosedForHttp10() throws Exception {
        SITE.origin().answer(talk -> talk.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n"));
        try (Wire wire = SITE.open()) {
            wire.send("GET /x HTTP/1.0\r\n" + host() + "Connection: keep-alive\r\n\r\n");
            Wire.Reply reply = wire.read();
            assertNull(reply.field("content-length"));
            assertEquals("abc", reply.body());
        }
        try (Wire wire = SITE.open()) {
            wire.send("GET /x HTTP/1.1\r\n" + host() + "\r\n");
            Wire.Reply reply = wire.read();
            assertEquals("abc", reply.body());
            assertEquals(List.of("X-T: 1"), reply.trailers());
        }
        SITE.origin().next();
        SITE.origin().next();
    }

    @Test
    public void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        SITE.origin().answer(talk -> {
            talk.readBody();
            String target = talk.head().split(" ")[1];
            talk.write("HTTP/1.1 200 OK\r\nContent-Length: " + target.length() + "\r\n\r\n" + target);
        });
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            all.append("GET /p").append(i).append(" HTTP/1.1\r\n").append(host()).append("\r\n");
            all.append("POST /q").append(i).append(" HTTP/1.1\r\n").append(host()).append("Content-Length: 3\r\n\r\nabc");
            all.append("POST /r").append(i).append(" HTTP/1.1\r\n").append(host()).append(CHUNKED).append("\r\n1\r\na\r\n0\r\nX-T: 1\r\n\r\n");
        }
        try (Wire wire = SITE.open()) {
            wire.send(all.toString());
            for (int i = 0; i < 20; i++) {
                for (String kind : new String[] {"/p", "/q", "/r"}) {
                    assertEquals(kind + i, wire.read().body());
                    assertEquals(kind + i, SITE.origin().next().target());
                }
            }
        }
    }

    @Test
    public void whatComesAfterCloseIsNotServed() throws Exception {
        int before = SITE.origin().targets().size();
        try (Wire wire = SITE.open()) {
            wire.send("GET /a HTTP/1.1\r\n" + host() + "Connection: close\r\n\r\nGET /b HTTP/1.1\r\n" + host() + "\r\n");
            assertEquals(200, wire.read().status());
            assertTrue(wire.ends());
        }
        assertEquals("/a", SITE.origin().next().target());
        SITE.pass("GET /fence HTTP/1.1\r\n" + host() + "\r\n");
        assertEquals(List.of("/a", "/fence"), SITE.origin().targets().subList(before, before + 2));
    }

    @Test
    public void aBodyThatIsCutOffIsNeverComplete() {
        for (String start : new String[] {"Content-Length: 10\r\n\r\nabc", CHUNKED + "\r\n3\r\nabc\r\n",
            CHUNKED + "\r\n100000003\r\nabc\r\n0\r\n\r\n", CHUNKED + "\r\n80000000\r\nabc\r\n0\r\n\r\n"}) {
            table.row(start, false, () -> {
                CountDownLatch asked = new CountDownLatch(1);
                SITE.origin().answer(talk -> {
                    asked.countDown();
                    talk.ok();
                });
                try (Wire wire = SITE.open()) {
                    wire.send("POST /x HTTP/1.1\r\n" + host() + start);
                    await(asked);
                }
                return SITE.origin().next().complete();
            });
        }
        table.check();
    }

    @Test
    public void aBodyThatTurnsInvalidIsNeverComplete() {
        for (String bad : new String[] {"zz\r\n", "3\r\nabcd\r\n", "0\r\nX Y: z\r\n\r\n"}) {
            table.row(bad, "400 true false", () -> {
                CountDownLatch asked = new CountDownLatch(1);
                SITE.origin().answer(talk -> {
                    asked.countDown();
                    talk.ok();
                });
                try (Wire wire = SITE.open()) {
                    wire.send("POST /x HTTP/1.1\r\n" + host() + CHUNKED + "\r\n3\r\nabc\r\n");
                    await(asked);
                    wire.send(bad);
                    int status = wire.read().status();
                    return status + " " + wire.ends() + " " + SITE.origin().next().complete();
                }
            });
        }
        table.check();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue("in time", latch.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

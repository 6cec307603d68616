package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.RequestListener;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What a listener is told of requests, however they end. */
public class ReportTest {

    /** Writes down all that it is told. */
    private static final class Recorder implements RequestListener {
        private final BlockingQueue<Record> ended = new LinkedBlockingQueue<>();
        private volatile int bodyBytes;
        private volatile Fields onward = Fields.EMPTY;

        private static final class Record implements Course {
            private final Begin begin;
            private final int bodyBytes;
            private final StringBuilder told = new StringBuilder();
            private final BlockingQueue<Record> queue;
            private final Fields onward;
            private volatile End end;

            Record(Begin begin, int bodyBytes, Fields onward, BlockingQueue<Record> queue) {
                this.begin = begin;
                this.bodyBytes = bodyBytes;
                this.onward = onward;
                this.queue = queue;
            }

            @Override
            public int bodyBytes() {
                return bodyBytes;
            }

            @Override
            public Fields onward() {
                return onward;
            }

            @Override
            public void requestBody(ByteBuffer piece) {
                told.append('>').append(StandardCharsets.ISO_8859_1.decode(piece));
            }

            @Override
            public void head(int status, Fields fields) {
                told.append(' ').append(status).append(fields.contains("X-Mine") ? "+" : "").append(' ');
            }

            @Override
            public void responseBody(ByteBuffer piece) {
                told.append('<').append(StandardCharsets.ISO_8859_1.decode(piece));
            }

            @Override
            public void end(End last) {
                end = last;
                queue.add(this);
            }
        }

        @Override
        public Course begin(Begin request) {
            if (request.target().equals("/fail")) {
                throw new IllegalStateException("a listener's bug");
            }
            return request.target().equals("/ignored") ? null : new Record(request, bodyBytes, onward, ended);
        }

        Record next() throws InterruptedException {
            Record record = ended.poll(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS);
            if (record == null) {
                throw new AssertionError("nothing was told");
            }
            return record;
        }
    }

    private final Recorder recorder = new Recorder();
    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of("stop.timeout.millis", 200L));
        server.gateway.reports().add(recorder);
        browser = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        server.close();
    }

    private static void assertInOrder(End end) {
        // a response may come before it is known here that the request is sent
        assertTrue(end.toString(), 0 <= end.timing().opened() && end.timing().opened() <= Math.min(end.timing().sent(), end.timing().head())
                && Math.max(end.timing().sent(), end.timing().head()) <= end.timing().end());
    }

    @Test
    public void aRequestWithBodiesFromBeginToEnd() throws Exception {
        recorder.bodyBytes = 6;
        browser.send("POST /x?y=1 HTTP/1.1\r\nHost: demo.localhost\r\nCookie: secret\r\nContent-Length: 5\r\n\r\nhello");
        FakeStream stream = server.peers.next();
        stream.awaitBodyEnd();
        stream.respond("an answer", "X-Mine", "1");
        browser.head();
        assertEquals("an answer", browser.read(9));
        Recorder.Record record = recorder.next();
        assertEquals("demo POST http demo.localhost /x?y=1 HTTP/1.1 secret", String.join(" ", record.begin.peer(), record.begin.method(), record.begin.scheme(),
                record.begin.authority(), record.begin.target(), record.begin.protocol(), record.begin.fields().first("cookie")));
        assertTrue(record.begin.client(), record.begin.client().startsWith("127.0.0.1:"));
        assertEquals("no more than was asked for", ">hello 200+ <an ans", record.told.toString());
        assertEquals(How.ANSWERED + " 200 NONE  fake 5 9", end(record.end));
        assertInOrder(record.end);
    }

    private static String end(End end) {
        return end.how() + " " + end.status() + " " + end.code() + " " + end.error() + " " + end.session() + " " + end.requestBytes() + " " + end.responseBytes();
    }

    @Test
    public void traceContextPassesUnchangedUnlessSomebodyTraces() throws Exception {
        String came = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String own = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
        browser.get("/", "TraceParent: " + came, "tracestate: a=1,b=2", "TraceState: c=3");
        FakeStream stream = server.peers.next();
        assertEquals(List.of(came), stream.head.fields().all("traceparent"));
        assertEquals("in order, each on its line, as it was spelled", List.of("a=1,b=2", "c=3"), stream.head.fields().all("tracestate"));
        stream.respond("ok");
        browser.head();
        browser.read(2);
        assertEquals(came, recorder.next().end.trace());
        recorder.onward = Fields.of("traceparent", own, "tracestate", "x=y");
        browser.get("/", "TraceParent: " + came, "tracestate: a=1", "TraceState: c=3");
        stream = server.peers.next();
        assertEquals(List.of(own), stream.head.fields().all("traceparent"));
        assertEquals(List.of("x=y"), stream.head.fields().all("tracestate"));
        stream.respond("ok");
        assertEquals(own, recorder.next().end.trace());
    }

    @Test
    public void noBodyIsToldWhereNoneIsWanted() throws Exception {
        browser.get("/");
        server.peers.next().respond("ok");
        Recorder.Record record = recorder.next();
        assertEquals(" 200 ", record.told.toString());
        assertEquals(2, record.end.responseBytes());
    }

    @Test
    public void whatTheProxyAnswersItself() throws Exception {
        browser.send("GET / HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n");
        Recorder.Record unknown = recorder.next();
        assertEquals("", unknown.begin.peer());
        assertTrue(end(unknown.end), end(unknown.end).startsWith(How.OWN + " 404 NONE unknown-name  0 "));
        assertEquals(-1, unknown.end.timing().opened());
        browser.head();
        try (Browser other = server.browser()) {
            other.send("GET / HTTP/1.1\r\nHost: away.localhost\r\n\r\n");
            Recorder.Record away = recorder.next();
            assertEquals("away", away.begin.peer());
            assertTrue(end(away.end), end(away.end).startsWith(How.OWN + " 503 NONE offline  0 "));
        }
    }

    @Test
    public void aResponseThatBreaks() throws Exception {
        browser.get("/");
        server.peers.next().answer(new ResponseHead(200, "", Fields.EMPTY, "", 10), false).send("some", false).breakOff(ErrorCode.SESSION_LOST, false);
        assertEquals(How.BROKEN + " 200 SESSION_LOST  fake 0 4", end(recorder.next().end));
    }

    @Test
    public void aBrowserThatGoes() throws Exception {
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 5\r\n\r\nhe");
        server.peers.next();
        browser.close();
        assertEquals(How.GONE, recorder.next().end.how());
    }

    @Test
    public void anUpgradedConnectionIsCountedToItsEnd() throws Exception {
        browser.get("/ws", "Connection: Upgrade", "Upgrade: websocket");
        FakeStream stream = server.peers.next();
        stream.answer(new ResponseHead(101, "", Fields.EMPTY, "websocket", -1), false);
        browser.head();
        browser.send("up");
        stream.awaitBody("up");
        stream.send("down", true);
        assertEquals("down", browser.read(4));
        browser.close();
        assertEquals(How.ANSWERED + " 101 NONE  fake 2 4", end(recorder.next().end));
    }

    @Test
    public void aListenerThatFailsOrDoesNotCareChangesNothing() throws Exception {
        for (String target : new String[] {"/fail", "/ignored"}) {
            browser.get(target);
            server.peers.next().respond("ok");
            assertTrue(browser.head().startsWith("HTTP/1.1 200"));
            browser.read(2);
        }
        assertNull(recorder.ended.poll());
    }

    @Test
    public void aListenerThatWasRemovedHearsNothingMore() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next();
        stream.awaitDemand(); // the report knows of it
        server.gateway.reports().remove(recorder);
        assertEquals(How.LEFT + " 0 NONE  fake 0 0", end(recorder.next().end));
        stream.respond("ok");
        browser.head();
        browser.read(2);
        assertNull(recorder.ended.poll());
        assertTrue(server.gateway.reports().isSilent());
    }
}

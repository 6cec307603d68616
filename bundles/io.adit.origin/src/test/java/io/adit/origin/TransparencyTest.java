package io.adit.origin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.junit.Rule;
import org.junit.Test;

/** Byte for byte: what the origin receives, and what comes back of it. */
public class TransparencyTest {

    @Rule
    public final OriginRule rule = new OriginRule();

    private String received(RequestHead head, Object... config) throws Exception {
        FakeStream stream = rule.stream();
        rule.handler(config).handle(head, true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            String received = peer.head();
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertEquals("ok", stream.all());
            return received;
        }
    }

    private FakeStream.Op answer(String method, String response) throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.head(method, "/", -1, "Host", "h"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write(response);
            return stream.next();
        }
    }

    @Test
    public void requestHeadPassesUnchanged() throws Exception {
        assertEquals("GET /a//b/../%2F%2e/%00;x=%E9%C3|{}\"^`\\?q=1&&q=%20+%zz?b HTTP/1.1\r\n"
            + "hOST: demo.localhost:8080\r\naccept: */*\r\nX-Twice: 1\r\nUSER-agent: x\r\nx-twice: 2\r\nX-Empty: \r\nX-Obs: \u00e9\u00ff\r\nCookie: a=b\r\n\r\n",
            received(OriginRule.get("/a//b/../%2F%2e/%00;x=%E9%C3|{}\"^`\\?q=1&&q=%20+%zz?b", "hOST", "demo.localhost:8080", "accept", "*/*",
                "X-Twice", "1", "USER-agent", "x", "x-twice", "2", "X-Empty", "", "X-Obs", "\u00e9\u00ff", "Cookie", "a=b")));
    }

    @Test
    public void targetsAndMethodsThatAreNoUris() throws Exception {
        for (String target : new String[] {"*", "//evil", "/?", "/\u00c3\u00a9", "/http://x/y", "/a:b", "/../..", "/?", "/%C0%AF%ff", "/%zz", "/a%2", "/%?00", "/%", "/%u0041", "/\u00ff", "/" + "x".repeat(20_000)}) {
            assertEquals("options " + target + " HTTP/1.1\r\nHost: h\r\n\r\n",
                received(OriginRule.head("options", target, -1, "Host", "h")));
        }
    }

    @Test
    public void nothingOfTheConnectionPasses() throws Exception {
        assertEquals("GET / HTTP/1.1\r\nHost: h\r\n\r\n", received(OriginRule.get("/", "Connection", "close", "Host", "h", "Transfer-Encoding",
            "chunked", "Keep-Alive", "x", "Upgrade", "h2c", "Proxy-Connection", "x")));
    }

    @Test
    public void hostIsKeptOrRewrittenInItsPlace() throws Exception {
        String authority = rule.origin.url().substring(7);
        assertEquals("GET / HTTP/1.1\r\nA: 1\r\nHost: " + authority + "\r\nB: 2\r\n\r\n",
            received(OriginRule.get("/", "A", "1", "Host", "demo.localhost", "B", "2"), "host.policy", "rewrite"));
        assertEquals("GET / HTTP/1.1\r\nHost: demo.localhost\r\n\r\n", received(OriginRule.get("/")));
    }

    @Test
    public void bodilessLengths() throws Exception {
        assertEquals("DELETE / HTTP/1.1\r\nHost: h\r\ncontent-length: 0\r\nA: 1\r\n\r\n",
            received(OriginRule.head("DELETE", "/", 0, "Host", "h", "content-length", "0", "A", "1")));
        assertEquals("POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 0\r\nA: 1\r\n\r\n",
            received(OriginRule.head("POST", "/", 0, "Host", "h", "content-length", "0", "A", "1")));
    }

    @Test
    public void whatWouldBeASecondRequestIsRefused() throws Exception {
        OriginComponent handler = rule.handler();
        for (RequestHead head : new RequestHead[] {OriginRule.get("/ HTTP/1.1\r\nX: y"), OriginRule.get(""), OriginRule.head("G T", "/", -1),
            OriginRule.head("CONNECT", "h:1", -1), OriginRule.get("/", "Transfer-Encoding ", "chunked"), OriginRule.get("/", "A: b\r\nC", "d"), OriginRule.get("/", "A", "b\r\nC: d"), OriginRule.get("/", "A", "b\nc"), OriginRule.get("/", "A", "\0"),
            OriginRule.get("/", "A", "\u0161"),
            OriginRule.get("/", "", "x"), OriginRule.get("/", "\u00e9", "x"), OriginRule.head("POST", "/", 3, "Content-Length", "4"),
            OriginRule.head("POST", "/", 3, "Content-Length", "3", "Content-Length", "3"), OriginRule.head("POST", "/", 3, "Content-Length", "+3")}) {
            FakeStream stream = rule.stream();
            handler.handle(head, false, stream);
            assertEquals(head.toString(), "PROTOCOL", stream.resetCode());
        }
        FakeStream stream = rule.stream();
        handler.handle(OriginRule.head("POST", "/", 3, "Content-Length", "3"), true, stream);
        assertEquals("PROTOCOL", stream.resetCode());
    }

    @Test
    public void responseHeadPassesWithoutTheConnectionsFields() throws Exception {
        FakeStream.Op op = answer("GET", "HTTP/1.1 234 L\u00e4uft  gut\r\nX-B: 2\r\nset-cookie: a=1\r\nConnection: close, X-Gone\r\nx-gone: 1\r\n"
            + "Set-Cookie: b=2\r\nKeep-Alive: timeout=5\r\nX-Obs: \u00e9\u00ff\r\nX-EMPTY:\r\nX-a: 1\r\nContent-Type: TEXT/HTML\r\nContent-Encoding: gzip\r\n"
            + "Content-Length: 3\r\n\r\nabc");
        assertEquals("234 L\u00e4uft  gut", op.head().status() + " " + op.head().reason());
        assertEquals(Fields.of("X-B", "2", "set-cookie", "a=1", "Set-Cookie", "b=2", "X-Obs", "\u00e9\u00ff", "X-EMPTY", "", "X-a", "1",
            "Content-Type", "TEXT/HTML", "Content-Encoding", "gzip", "Content-Length", "3"), op.head().fields());
        assertEquals(3, op.head().length());
        assertEquals("abc", op.text());
        assertTrue("one operation", op.last());
    }

    @Test
    public void redirectsAndChallengesAreTheBrowsers() throws Exception {
        assertEquals(302, answer("GET", "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n").head().status());
        assertEquals(401, answer("GET", "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n").head().status());
        assertEquals(407, answer("GET", "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n").head().status());
    }

    @Test
    public void responsesWithoutBody() throws Exception {
        for (String[] row : new String[][] {{"HEAD", "200 OK\r\nContent-Length: 12345", "12345"}, {"HEAD", "200 OK\r\nTransfer-Encoding: chunked", "-1"},
            {"GET", "204 No Content", "-1"}, {"GET", "304 Not Modified\r\nContent-Length: 7", "7"}, {"GET", "200 OK\r\nContent-Length: 0", "0"}}) {
            FakeStream.Op op = answer(row[0], "HTTP/1.1 " + row[1] + "\r\n\r\n");
            assertTrue(row[1], op.last());
            assertEquals(row[1], 0, op.data().length);
            assertEquals(row[1], Long.parseLong(row[2]), op.head().length());
        }
    }

    @Test
    public void chunkedAndCloseDelimitedResponses() throws Exception {
        FakeStream.Op op = answer("GET", "HTTP/1.1 200 OK\r\nA: 1\r\ntransfer-encoding: Chunked\r\nConnection: transfer-encoding, close\r\nB: 2\r\n\r\n"
            + "3\r\nabc\r\n0\r\n\r\n");
        assertEquals("the mark of its place stays", Fields.of("A", "1", "transfer-encoding", "Chunked", "B", "2"), op.head().fields());
        assertEquals(-1, op.head().length());
        assertEquals("abc", op.text());
        assertTrue("one operation", op.last());

        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.get("/", "Host", "h"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.0 200 OK\r\n\r\nto the end");
        }
        assertEquals("to the end", stream.all());
    }
}

package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What passes unchanged, both ways. */
public class ForwardTest {

    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of());
        browser = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        server.close();
    }

    @Test
    public void requestHeadPassesRawInOrderWithRepeats() throws Exception {
        browser.get("/a%2Fb//c/../d;x=1?q=%7B}&r", "X-One: 1", "x-TWO: a", "Accept: text/plain", "x-TWO: b", "X-Empty:", "X-Latin: caf\u00e9");
        FakeStream stream = server.peers.next();
        assertEquals("GET", stream.head.method());
        assertEquals("/a%2Fb//c/../d;x=1?q=%7B}&r", stream.head.target());
        assertEquals("HTTP/1.1", stream.head.protocol());
        assertEquals("http", stream.head.scheme());
        assertEquals("demo.localhost", stream.head.authority());
        assertEquals(-1, stream.head.length());
        assertEquals("", stream.head.upgrade());
        assertTrue(stream.head.client(), stream.head.client().matches("127\\.0\\.0\\.1:\\d+"));
        assertTrue(stream.isBodyEnded());
        Fields fields = stream.head.fields();
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            seen.append(fields.name(i)).append('=').append(fields.value(i)).append('|');
        }
        assertEquals("Host=demo.localhost|X-One=1|x-TWO=a|Accept=text/plain|x-TWO=b|X-Empty=|X-Latin=caf\u00e9|", seen.toString());
        stream.answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void responseHeadPassesInOrderWithRepeatsReasonAndCase() throws Exception {
        browser.get("/");
        Fields fields = Fields.of("x-lower", "1", "Set-Cookie", "a=1", "ETAG", "\"x\"", "Set-Cookie", "b=2", "SERVER", "mine", "Date",
                "Thu, 01 Jan 1970 00:00:00 GMT", "Content-Length", "2");
        server.peers.next().answer(new ResponseHead(299, "Fine So Far", fields, "", 2), false).send("ok", true);
        String head = browser.head();
        assertEquals("HTTP/1.1 299 Fine So Far\r\nx-lower: 1\r\nSet-Cookie: a=1\r\nETAG: \"x\"\r\nSet-Cookie: b=2\r\nSERVER: mine\r\n"
                + "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 2\r\n\r\n", head);
        assertEquals("ok", browser.read(2));
    }

    @Test
    public void aMissingDateIsAddedAndNothingElse() throws Exception {
        browser.get("/");
        server.peers.next().respond("ok", "A", "b");
        String head = browser.head();
        assertTrue(head, head.matches("(?s)HTTP/1.1 200 OK\r\nA: b\r\nDate: [^\r]+\r\nContent-Length: 2\r\n\r\n"));
        assertEquals("ok", browser.read(2));
    }

    @Test
    public void hopByHopFieldsEndHere() throws Exception {
        browser.get("/", "Connection: keep-alive, X-Mine, Host, Content-Length", "X-Mine: 1", "Keep-Alive: 5", "TE: trailers", "Proxy-Authorization: x",
                "Proxy: evil", "Proxy-Connection: y", "X-Kept: 1");
        FakeStream stream = server.peers.next();
        for (String gone : List.of("Connection", "X-Mine", "Keep-Alive", "TE", "Proxy-Authorization", "Proxy", "Proxy-Connection")) {
            assertNull(gone, stream.head.fields().first(gone));
        }
        assertEquals("1", stream.head.fields().first("X-Kept"));
        assertEquals("demo.localhost", stream.head.fields().first("Host"));
        stream.answer(200, true, "Connection", "X-Peer, close", "X-Peer", "1", "Keep-Alive", "3", "Transfer-Encoding", "chunked", "X-Too", "2",
                "Upgrade", "h2c");
        String head = browser.head();
        assertFalse(head, head.contains("X-Peer") || head.contains("Keep-Alive") || head.contains("chunked") || head.contains("Connection")
                || head.contains("Upgrade"));
        assertTrue(head, head.contains("X-Too: 2\r\n") && head.contains("Content-Length: 0\r\n"));
        browser.get("/again");
        server.peers.next().answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void forwardedFieldsAreOursWhateverTheVisitorSays() throws Exception {
        browser.get("/", "X-Forwarded-For: 6.6.6.6", "x_forwarded_for: 6.6.6.7", "X-Forwarded_Host: evil", "Forwarded: for=6.6.6.6", "X-Real-IP: 6.6.6.6",
                "X-Forwarded-Prefix: /evil", "X-Forwarded-Proto: https", "Via: 1.0 before");
        Fields fields = server.peers.next().answer(204, true).head.fields();
        assertEquals(List.of("127.0.0.1"), fields.all("X-Forwarded-For"));
        assertEquals(List.of("http"), fields.all("X-Forwarded-Proto"));
        assertEquals(List.of("demo.localhost"), fields.all("X-Forwarded-Host"));
        assertEquals(List.of("80"), fields.all("X-Forwarded-Port"));
        assertEquals(List.of("for=127.0.0.1;host=\"demo.localhost\";proto=http"), fields.all("Forwarded"));
        assertEquals(List.of("1.0 before", "1.1 adit"), fields.all("Via"));
        for (Fields.Field field : fields) {
            assertFalse(field.toString(), field.value().contains("6.6.6") || field.value().contains("evil") || field.name().contains("_"));
        }
        browser.head();
    }

    @Test
    public void aTrustedProxyIsBelieved() throws Exception {
        stop();
        server = new ProxyServer(Map.of("trusted.proxies", new String[] {"10.0.0.0/8", "127.0.0.1"}));
        browser = server.browser();
        browser.get("/", "X-Forwarded-For: 9.9.9.9", "x_forwarded_for: 6.6.6.7", "X-Forwarded-Proto: https", "Forwarded: for=9.9.9.9", "X-Real-IP: 9.9.9.9");
        Fields fields = server.peers.next().answer(204, true).head.fields();
        assertEquals(List.of("9.9.9.9, 127.0.0.1"), fields.all("X-Forwarded-For"));
        assertEquals(List.of("https"), fields.all("X-Forwarded-Proto"));
        assertEquals(List.of("9.9.9.9"), fields.all("X-Real-IP"));
        assertEquals("for=9.9.9.9, for=127.0.0.1;host=\"demo.localhost\";proto=http", fields.first("Forwarded"));
        assertNull(fields.first("x_forwarded_for"));
        browser.head();
    }

    @Test
    public void headAnd304HaveNoBodyAndKeepTheirLength() throws Exception {
        browser.send("HEAD /x HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        server.peers.next().answer(200, true, "Content-Length", "1234");
        assertTrue(browser.head().contains("Content-Length: 1234\r\n"));
        browser.send("HEAD /x HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        server.peers.next().answer(200, true);
        assertFalse(browser.head().contains("Content-Length"));
        browser.get("/x");
        server.peers.next().answer(304, true, "ETag", "\"1\"");
        assertFalse(browser.head().contains("Content-Length"));
        browser.get("/x");
        server.peers.next().answer(304, true, "Content-Length", "77");
        assertTrue(browser.head().contains("Content-Length: 77\r\n"));
        browser.get("/x");
        server.peers.next().respond("end");
        browser.head();
        assertEquals("end", browser.read(3));
    }

    @Test
    public void interimResponsesPassButNotToHttp10() throws Exception {
        browser.get("/");
        server.peers.next().answer(103, false, "Link", "</s.css>").answer(103, false, "Link", "</t.css>").answer(200, true);
        assertEquals("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n", browser.head());
        assertEquals("HTTP/1.1 103 Early Hints\r\nLink: </t.css>\r\n\r\n", browser.head());
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
        browser.send("GET / HTTP/1.0\r\nHost: demo.localhost\r\n\r\n");
        server.peers.next().answer(103, false, "Link", "</s.css>").answer(200, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
    }

    @Test
    public void trailersPassBothWays() throws Exception {
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Two: 2\r\n\r\n");
        FakeStream stream = server.peers.next();
        stream.awaitBodyEnd();
        assertEquals("abc", stream.body());
        assertEquals("1", stream.trailers().first("x-sum"));
        assertEquals("2", stream.trailers().first("x-two"));
        assertEquals("Host, Transfer-Encoding", stream.head.fields().name(0) + ", " + stream.head.fields().name(1));
        stream.answer(200, false, "Trailer", "X-End").send("data", false).sendTrailers("X-End", "yes", "Content-Length", "9");
        assertTrue(browser.head().contains("Transfer-Encoding: chunked\r\n"));
        assertEquals("data", browser.chunk());
        assertEquals("", browser.chunk());
        assertEquals("X-End: yes", browser.line());
        assertEquals("", browser.line());
    }

    @Test
    public void aThousandRequestsOnOneConnection() throws Exception {
        server.peers.handler = stream -> stream.respond("hello");
        for (int i = 0; i < 1000; i++) {
            browser.get("/" + i);
            assertTrue(browser.head().startsWith("HTTP/1.1 200 OK\r\n"));
            assertEquals("hello", browser.read(5));
        }
        assertEquals(1000, server.peers.ids.get());
    }

    @Test
    public void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        browser.send("GET /1 HTTP/1.1\r\nHost: demo.localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        server.peers.next().respond("one");
        browser.head();
        assertEquals("one", browser.read(3));
        FakeStream second = server.peers.next();
        assertEquals("/2", second.head.target());
        second.respond("two");
        browser.head();
        assertEquals("two", browser.read(3));
    }
}

package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Upgrade: after the peer's 101 the connection carries raw bytes both ways. */
public class UpgradeTest {

    private static final ResponseHead SWITCH = new ResponseHead(101, "Switching Protocols", Fields.of("Connection", "upgrade", "Upgrade", "websocket",
            "Sec-WebSocket-Accept", "abc"), "websocket", -1);

    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of("stop.timeout.millis", 500L));
        browser = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        server.close();
    }

    private FakeStream upgraded() throws Exception {
        browser.get("/ws", "Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x");
        FakeStream stream = server.peers.next();
        assertEquals("websocket", stream.head.upgrade());
        assertEquals("hop-by-hop", null, stream.head.fields().first("Upgrade"));
        assertEquals("x", stream.head.fields().first("Sec-WebSocket-Key"));
        assertTrue("raw bytes may follow", !stream.isBodyEnded());
        stream.answer(SWITCH, false);
        assertEquals("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: abc\r\n\r\n", browser.head());
        return stream;
    }

    @Test
    public void bytesPassBothWaysAsTheyCome() throws Exception {
        FakeStream stream = upgraded();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            browser.send("ping" + i);
            all.append("ping").append(i);
            stream.awaitBody(all.toString());
            stream.send("pong" + i, false);
            assertEquals("pong" + i, browser.read(("pong" + i).length()));
        }
        browser.socket.shutdownOutput();
        stream.awaitBodyEnd();
        stream.send("bye", true);
        assertEquals("bye", browser.rest());
        awaitNoneUnderWay();
        assertEquals(0, stream.unreleased());
    }

    @Test
    public void bytesThatCameBeforeThe101AreNotLost() throws Exception {
        browser.send("GET /ws HTTP/1.1\r\nHost: demo.localhost\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nearly");
        FakeStream stream = server.peers.next();
        stream.answer(new ResponseHead(101, "Switching Protocols", Fields.EMPTY, "other", -1), false).send("hi", false);
        browser.head();
        assertEquals("hi", browser.read(2));
        stream.awaitBody("early");
        browser.send(" late");
        stream.awaitBody("early late");
    }

    @Test
    public void aRefusedUpgradeIsAPlainAnswer() throws Exception {
        browser.get("/ws", "Connection: Upgrade", "Upgrade: websocket");
        FakeStream stream = server.peers.next();
        stream.answer(403, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 403"));
        browser.get("/next");
        server.peers.next().answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void theBrowserGoingAwayResetsTheStream() throws Exception {
        FakeStream stream = upgraded();
        browser.socket.setSoLinger(true, 0);
        browser.close();
        // Jetty reads a reset as an end: the peer hears of that, and the next byte for the browser ends it all
        stream.awaitBodyEnd();
        stream.send("anybody there?", false);
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        awaitNoneUnderWay();
    }

    @Test
    public void thePeerBreakingOffEndsTheConnection() throws Exception {
        FakeStream stream = upgraded();
        stream.breakOff(ErrorCode.SESSION_LOST, false);
        assertEquals("", restOrReset());
        awaitNoneUnderWay();
    }

    @Test
    public void aProtocolThatIsNotPassedOnIsAPlainRequest() throws Exception {
        for (String protocol : new String[] {"h2c", "HTTP/2.0", "TLS/1.3"}) {
            browser.get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: " + protocol, "HTTP2-Settings: x");
            FakeStream stream = server.peers.next();
            assertEquals("", stream.head.upgrade());
            assertEquals(null, stream.head.fields().first("Upgrade"));
            assertEquals(null, stream.head.fields().first("HTTP2-Settings"));
            assertTrue(stream.isBodyEnded());
            stream.answer(204, true);
            assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        }
    }

    @Test
    public void a101ThatNobodyAskedForIsRefused() throws Exception {
        browser.get("/");
        server.peers.next().answer(SWITCH, false);
        assertTrue(browser.head().startsWith("HTTP/1.1 502"));
    }

    @Test
    public void stoppingEndsUpgradedConnectionsToo() throws Exception {
        FakeStream stream = upgraded();
        server.gateway.close();
        assertEquals(ErrorCode.SHUTDOWN, stream.awaitReset());
        assertEquals("", restOrReset());
        assertThrows(IOException.class, () -> browser.send("x").send("y").head());
    }

    private String restOrReset() throws IOException {
        try {
            return browser.rest();
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    private void awaitNoneUnderWay() throws Exception {
        server.gateway.drain(java.time.Duration.ofSeconds(10)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(0, server.gateway.underWay());
    }
}

package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.ErrorCode;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.HTTP2StreamEndPoint;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
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
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        assertFalse("a reset is no end", stream.isBodyEnded());
        awaitNoneUnderWay();
    }

    /** Between the 101 and the change of connections Jetty tells the old one. */
    @Test
    public void aConnectionThatIsClosedBeforeItIsOursIsNoEnd() throws Exception {
        FakeStream stream = new FakeStream(1, null, null, false, Runnable::run);
        ByteArrayEndPoint endPoint = new ByteArrayEndPoint() {
            @Override
            public int fill(ByteBuffer buffer) {
                return isInputShutdown() ? -1 : 0; // as that of a socket
            }
        };
        endPoint.close();
        AtomicInteger ends = new AtomicInteger();
        new UpgradedConnection(endPoint, new ServerConnector(new Server()), stream, Quotas.Lease.FREE, ends::incrementAndGet).onOpen();
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        assertFalse(stream.isBodyEnded());
        assertEquals(1, ends.get());
    }

    /** Jetty tells the request, which is answered by then, as long as the stream of HTTP/2 has no end point; and says nothing to that afterwards. */
    @Test
    public void aStreamThatIsResetWhileItIsUpgradedIsReset() throws Exception {
        FakeStream stream = new FakeStream(1, null, null, false, Runnable::run);
        ArrayByteBufferPool buffers = new ArrayByteBufferPool();
        HTTP2Session session = new HTTP2Session(new ScheduledExecutorScheduler(), new ByteArrayEndPoint(), new Parser(buffers, 1024), new Generator(buffers),
                new Session.Listener() { }, new BufferingFlowControlStrategy(0.5f), 2) { };
        HTTP2Stream visitors = new HTTP2Stream(session, 1, null, false);
        visitors.process(new ResetFrame(1, org.eclipse.jetty.http2.ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        AtomicInteger ends = new AtomicInteger();
        EndPoint endPoint = new HTTP2StreamEndPoint(visitors) { };
        endPoint.upgrade(new UpgradedConnection(endPoint, new ServerConnector(new Server()), stream, Quotas.Lease.FREE, ends::incrementAndGet));
        assertTrue("the peer is told", stream.isReset());
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        assertFalse(stream.isBodyEnded());
        assertEquals(1, ends.get());
    }

    @Test
    public void whatCameBeforeTheStreamBrokeReachesTheBrowser() throws Exception {
        FakeStream stream = upgraded();
        stream.send("last words", false).breakOff(ErrorCode.CUT, false);
        assertEquals("last words", browser.read(10));
        assertThrows(SocketException.class, browser::rest);
        awaitNoneUnderWay();
    }

    @Test
    public void aBrowserThatReadsNothingDoesNotKeepABrokenStream() throws Exception {
        FakeStream stream = upgraded();
        byte[] more = new byte[64 * 1024];
        while (stream.unreleased() < 2 * more.length) {
            stream.send(more, false);
        }
        stream.breakOff(ErrorCode.CUT, false);
        awaitNoneUnderWay();
    }

    @Test
    public void bothMayEndAtTheSameTime() throws Exception {
        FakeStream stream = upgraded().hold();
        browser.send("bye").socket.shutdownOutput();
        stream.awaitBody("bye");
        stream.takeOne();
        stream.awaitBodyEnd();
        stream.send("bye", true);
        assertEquals("bye", browser.rest());
        stream.await(() -> stream.unreleased() == 0, () -> "not written");
        stream.takeAll();
        awaitNoneUnderWay();
        assertFalse(stream.isReset());
    }

    @Test
    public void lastWordsAreHeardAfterAWriteFailed() throws Exception {
        FakeStream stream = upgraded();
        stream.hold();
        browser.send("held");
        stream.awaitBody("held");
        browser.send(", last words");
        browser.socket.setSoLinger(true, 0);
        browser.close();
        stream.send("too late", false);
        stream.await(() -> stream.unreleased() == 0, () -> "not written");
        stream.takeAll();
        stream.awaitBody("held, last words");
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        assertFalse(stream.isBodyEnded());
    }

    @Test
    public void silenceEndsNoUpgradedConnection() {
        UpgradedConnection connection = new UpgradedConnection(new ByteArrayEndPoint(), new ServerConnector(new Server()), null, Quotas.Lease.FREE, () -> { });
        assertFalse(connection.onIdleExpired(new TimeoutException()));
    }

    @Test
    public void whatIsNotHttpIsPassedOnOfSeveralProtocols() throws Exception {
        browser.get("/", "Connection: close-not, UPGRADE", "Upgrade: h2c, raw/1", "Upgrade: HTTP/2.0, x-http");
        FakeStream stream = server.peers.next();
        assertEquals("raw/1, x-http", stream.head.upgrade());
        stream.answer(new ResponseHead(426, "", Fields.of("Content-Length", "0"), "h2c, x-http", 0), true);
        String head = browser.head();
        assertTrue(head, head.contains("\r\nConnection: Upgrade\r\nUpgrade: x-http\r\n"));
    }

    @Test
    public void aBodyOrAnotherConnectionOptionMakesItAPlainRequest() throws Exception {
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nConnection: Upgrade\r\nUpgrade: raw\r\nContent-Length: 2\r\n\r\nhi");
        FakeStream stream = server.peers.next();
        assertEquals("", stream.head.upgrade());
        stream.awaitBody("hi");
        stream.answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        browser.get("/", "Connection: x-upgrade", "Upgrade: raw");
        assertTrue(browser.head().startsWith("HTTP/1.1 400"));
    }

    @Test
    public void thePeerBreakingOffEndsTheConnection() throws Exception {
        FakeStream stream = upgraded();
        stream.breakOff(ErrorCode.SESSION_LOST, false);
        assertThrows("not an orderly end", SocketException.class, browser::rest);
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

    @Test
    public void leavingLetsUpgradedConnectionsGoOn() throws Exception {
        FakeStream stream = upgraded();
        server.gateway.leave();
        stream.send("still here", false);
        assertEquals("still here", browser.read("still here".length()));
    }

    private String restOrReset() throws IOException {
        try {
            return browser.rest();
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    private void awaitNoneUnderWay() throws Exception {
        server.gateway.drain().toCompletableFuture().get(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(0, server.gateway.underWay());
    }
}

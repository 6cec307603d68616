package io.adit.origin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;

import io.adit.api.ErrorCode;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.Rule;
import org.junit.Test;

/** After 101 the stream and the connection are one pipe. */
public class UpgradeTest {

    @Rule
    public final OriginRule rule = new OriginRule();

    private static RequestHead upgrade(String... fields) {
        return new RequestHead("GET", "http", "demo.localhost", "/ws", "HTTP/1.1", Fields.of(fields), "192.0.2.1:1234", "websocket", -1);
    }

    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";

    private FakeStream switched(OriginComponent handler, RawOrigin.Peer[] out, String early) throws Exception {
        FakeStream stream = rule.stream();
        handler.handle(upgrade("Host", "h", "Sec-WebSocket-Key", "k"), false, stream);
        RawOrigin.Peer peer = rule.origin.accept();
        out[0] = peer;
        assertEquals("GET /ws HTTP/1.1\r\nHost: h\r\nSec-WebSocket-Key: k\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", peer.head());
        peer.write(SWITCH + early);
        FakeStream.Op head = stream.next();
        assertEquals(101, head.head().status());
        assertEquals("websocket", head.head().upgrade());
        assertEquals(Fields.of("Sec-WebSocket-Accept", "x"), head.head().fields());
        assertFalse(head.last());
        assertEquals(early, head.text());
        return stream;
    }

    @Test
    public void bytesBothWaysUntilBothHaveEnded() throws Exception {
        OriginComponent handler = rule.handler();
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(handler, peer, "early");
        for (int i = 0; i < 3; i++) {
            stream.put("ping" + i, false);
            assertEquals("ping" + i, peer[0].read(5));
            peer[0].write("pong" + i);
            assertEquals("pong" + i, stream.next().text());
        }
        stream.awaitReleased(15);
        stream.put("bye", true);
        assertEquals("bye", peer[0].read(3));
        assertEquals("half closed", -1, peer[0].socket.getInputStream().read());
        peer[0].write("and bye");
        assertEquals("and bye", stream.next().text());
        peer[0].close();
        assertTrue(stream.next().last());
        OriginRule.awaitIdle(handler);
        assertFalse(stream.reset.isDone());
    }

    @Test
    public void aResetClosesTheConnection() throws Exception {
        OriginComponent handler = rule.handler();
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(handler, peer, "");
        stream.put("last words", false);
        stream.breakOff(ErrorCode.CANCEL);
        assertEquals("last words", peer[0].read(10));
        assertThrows("not an orderly end", SocketException.class, () -> peer[0].socket.getInputStream().read());
        OriginRule.awaitIdle(handler);
    }

    /** As when another thread hears of it at that moment. */
    @Test
    public void whatIsBeingWrittenWhenTheStreamBreaksGoesOutBefore() throws Exception {
        OriginComponent handler = rule.handler();
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(handler, peer, "");
        stream.put("last words".getBytes(StandardCharsets.US_ASCII), false, () -> stream.breakOff(ErrorCode.CANCEL, Runnable::run));
        assertEquals("last words", peer[0].read(10));
        assertThrows("not an orderly end", SocketException.class, () -> peer[0].socket.getInputStream().read());
        OriginRule.awaitIdle(handler);
    }

    @Test
    public void anOriginThatReadsNothingDoesNotKeepABrokenStream() throws Exception {
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(rule.handler(), peer, "");
        byte[] more = new byte[16 << 20];
        stream.put(more, false);
        stream.breakOff(ErrorCode.CANCEL);
        stream.awaitReleased(more.length);
        assertTrue(peer[0].isReset());
    }

    @Test
    public void aResetByTheOriginIsNoEnd() throws Exception {
        OriginComponent handler = rule.handler();
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(handler, peer, "");
        peer[0].reset();
        assertEquals("CUT", stream.resetCode());
        OriginRule.awaitIdle(handler);
    }

    @Test
    public void lastWordsAreHeardAfterAWriteFailed() throws Exception {
        FakeStream stream = rule.manualStream();
        rule.handler().handle(upgrade("Host", "h"), false, stream);
        RawOrigin.Peer peer = rule.origin.accept();
        peer.head();
        peer.write(SWITCH);
        FakeStream.Op head = stream.next();
        peer.write("last words");
        peer.reset();
        stream.put("too late", false);
        stream.awaitReleased(8);
        head.completion().succeeded();
        FakeStream.Op words = stream.next();
        assertEquals("last words", words.text());
        assertFalse(words.last());
        words.completion().succeeded();
        assertEquals("CUT", stream.resetCode());
    }

    @Test
    public void aResetAfterTheBrowsersEndIsNoEnd() throws Exception {
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(rule.handler(), peer, "");
        stream.put("bye", true);
        assertEquals("bye", peer[0].read(3));
        assertEquals(-1, peer[0].socket.getInputStream().read());
        peer[0].reset();
        assertEquals("CUT", stream.resetCode());
    }

    @Test
    public void anIdleConnectionIsCut() throws Exception {
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(rule.handler("upgrade.idle.timeout.millis", 500L), peer, "");
        assertEquals("CUT", stream.resetCode());
        peer[0].awaitClosed();
    }

    @Test
    public void anHourOfSilenceIsAllowed() {
        OriginOptions options = OriginOptions.of(OriginRule.config());
        assertTrue(options.upgradeIdleTimeout() >= 3_600_000);
        ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
        new RawRelay(null, null, null, endPoint, rule.executor, null, options);
        assertEquals("not the client's own", options.upgradeIdleTimeout(), endPoint.getIdleTimeout());
    }

    @Test
    public void stopEndsUpgradedConnections() throws Exception {
        OriginComponent handler = rule.handler();
        RawOrigin.Peer[] peer = new RawOrigin.Peer[1];
        FakeStream stream = switched(handler, peer, "");
        handler.deactivate();
        assertEquals("SHUTDOWN", stream.resetCode());
        peer[0].awaitClosed();
    }

    @Test
    public void anOriginThatDoesNotSwitchJustAnswers() throws Exception {
        OriginComponent handler = rule.handler();
        FakeStream stream = rule.stream();
        stream.put("frame", false);
        handler.handle(upgrade("Host", "h"), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 426 No\r\nConnection: Upgrade\r\nUpgrade: other\r\nContent-Length: 2\r\n\r\nno");
            FakeStream.Op head = stream.next();
            assertEquals("other", head.head().upgrade());
            assertEquals("no", head.last() ? head.text() : head.text() + stream.all());
            stream.awaitReleased(5);
            OriginRule.awaitIdle(handler);
            FakeStream next = rule.stream();
            handler.handle(OriginRule.get("/next"), true, next);
            assertTrue("the connection is kept", peer.head().startsWith("GET /next "));
            peer.write("HTTP/1.1 204 No Content\r\n\r\n");
            assertTrue(next.next().last());
        }
    }
}

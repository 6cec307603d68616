package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.Quota;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What a visitor sees of a quota. */
public class QuotaTest {

    private static final int KIB = 1024;

    private ProxyServer server;
    private Browser browser;
    private Browser other;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of("stop.timeout.millis", 500L, "retry.after.seconds", 9));
        browser = server.browser();
        other = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        other.close();
        server.close();
    }

    private void await(String what, java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FakeStream.WAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < end);
            Thread.onSpinWait();
        }
    }

    private void assertOverQuota(Browser who, String retryAfter) throws Exception {
        who.get("/");
        String head = who.head();
        assertTrue(head, head.startsWith("HTTP/1.1 429 Too Many Requests\r\n"));
        assertTrue(head, head.contains("\r\nAdit-Error: over-quota\r\n"));
        assertTrue(head, head.contains("\r\nRetry-After: " + retryAfter + "\r\n"));
        int length = Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        assertTrue(who.read(length).contains("more requests"));
    }

    @Test
    public void moreStreamsThanAllowedAre429AndTheOthersGoOn() throws Exception {
        server.peers.quota = new Quota(1, 0, 0);
        browser.get("/slow");
        FakeStream slow = server.peers.next();
        assertOverQuota(other, "9");
        slow.respond("done");
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
        assertEquals("done", browser.read(4));
        await("the slow one is over", () -> server.gateway.underWay() == 0);
        other.get("/");
        server.peers.next().respond("ok");
        assertTrue("the connection goes on after 429", other.head().startsWith("HTTP/1.1 200"));
    }

    @Test
    public void anUpgradedConnectionIsAStreamUntilItEnds() throws Exception {
        server.peers.quota = new Quota(1, 0, 0);
        browser.get("/ws", "Connection: Upgrade", "Upgrade: websocket");
        FakeStream socket = server.peers.next();
        socket.answer(new ResponseHead(101, "Switching Protocols", Fields.EMPTY, "websocket", -1), false);
        browser.head();
        assertOverQuota(other, "9");
        socket.breakOff(ErrorCode.CANCEL, false);
        await("it is over", () -> server.gateway.underWay() == 0);
        other.get("/");
        server.peers.next().respond("ok");
        assertTrue(other.head().startsWith("HTTP/1.1 200"));
    }

    @Test
    public void moreRequestsPerSecondAre429() throws Exception {
        server.stopClock();
        server.peers.quota = new Quota(0, 1, 0);
        browser.get("/");
        server.peers.next().respond("ok");
        browser.head();
        browser.read(2);
        server.pass(Duration.ofMillis(1));
        assertOverQuota(other, "1");
    }

    @Test
    public void aResponseStartsAtOnceAndItsRestIsPaced() throws Exception {
        server.stopClock();
        server.peers.quota = new Quota(0, 0, 128 * KIB);
        byte[] part = new byte[16 * KIB];
        browser.get("/big");
        FakeStream stream = server.peers.next();
        stream.answer(200, false, "Content-Length", Integer.toString(4 * part.length));
        for (int i = 0; i < 4; i++) {
            stream.send(part, i == 3);
        }
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
        browser.read(part.length);
        assertEquals("the head and what is free", 2, stream.taken());
        server.pass(Duration.ofMillis(1)); // a little is free, so the next may be in debt
        browser.read(part.length);
        assertEquals("what waits was not read", 3, stream.taken());
        server.pass(Duration.ofMillis(100));
        assertEquals("the debt is not paid", 3, stream.taken());
        server.pass(Duration.ofMillis(25));
        browser.read(part.length);
        server.pass(Duration.ofMillis(125));
        browser.read(part.length);
        await("all is given back", () -> stream.unreleased() == 0);
    }

    @Test
    public void aResetWhileSomethingWaitsEndsTheExchange() throws Exception {
        server.peers.quota = new Quota(1, 0, 16 * KIB);
        browser.get("/big");
        FakeStream stream = server.peers.next();
        stream.answer(200, false).send(new byte[64 * KIB], false).send(new byte[64 * KIB], false);
        browser.head();
        browser.chunk();
        browser.socket.setSoLinger(true, 0);
        browser.close();
        stream.breakOff(ErrorCode.SESSION_LOST, false);
        await("it ends", () -> server.gateway.underWay() == 0);
        server.peers.quota = new Quota(1, 0, 0);
        other.get("/");
        server.peers.next().respond("ok");
        assertTrue(other.head().startsWith("HTTP/1.1 200"));
    }

    @Test
    public void uploadsAndUpgradedConnectionsArePacedAndWhole() throws Exception {
        server.peers.quota = new Quota(0, 0, 512 * KIB);
        String body = "0123456789abcdef".repeat(8 * KIB);
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        FakeStream upload = server.peers.next();
        upload.awaitBody(body);
        upload.respond("ok");
        browser.head();
        other.get("/ws", "Connection: Upgrade", "Upgrade: websocket");
        FakeStream socket = server.peers.next();
        socket.answer(new ResponseHead(101, "Switching Protocols", Fields.EMPTY, "websocket", -1), false);
        other.head();
        other.send(body);
        socket.awaitBody(body);
        for (int i = 0; i < 8; i++) {
            socket.send(body.substring(i * 16 * KIB, (i + 1) * 16 * KIB), i == 7);
        }
        assertEquals(body, other.read(body.length()));
    }

    @Test
    public void smallResponsesWaitForTheirTurnToo() throws Exception {
        server.peers.quota = new Quota(0, 0, 16 * KIB);
        browser.get("/large");
        server.peers.next().answer(200, false).send(new byte[256 * KIB], true);
        browser.head();
        browser.chunk();
        other.get("/small");
        FakeStream small = server.peers.next();
        small.answer(200, false, "Content-Length", "5").send("small", true);
        assertTrue("the head comes at once", other.head().startsWith("HTTP/1.1 200"));
        assertEquals("only the head was taken", 1, small.taken());
        liftTheLimit();
        assertEquals("small", other.read(5));
    }

    @Test
    public void smallUploadsWaitForTheirTurnToo() throws Exception {
        server.peers.quota = new Quota(0, 0, 16 * KIB);
        String large = "0123456789abcdef".repeat(16 * KIB);
        browser.send("POST /large HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
        FakeStream first = server.peers.next();
        await("more than is free", () -> first.bodyBytes() > 16 * KIB);
        other.send("POST /small HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 5\r\n\r\nsmall");
        FakeStream second = server.peers.next();
        assertEquals("nothing came along with the head", 0, second.bodyBytes());
        liftTheLimit();
        second.awaitBody("small");
        first.awaitBody(large);
    }

    /** With the next request. */
    private void liftTheLimit() throws Exception {
        server.peers.quota = new Quota(1000, 0, 0);
        try (Browser third = server.browser()) {
            third.get("/");
            server.peers.next().respond("ok");
            assertTrue(third.head().startsWith("HTTP/1.1 200"));
        }
    }
}

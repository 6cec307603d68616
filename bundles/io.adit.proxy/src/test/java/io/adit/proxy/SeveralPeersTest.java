package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.adit.api.ErrorCode;
import io.adit.api.PeerUnavailableException;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A name that two peers serve: what one does not take, or loses, goes to the other, where it may be sent again. */
public class SeveralPeersTest {

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final FakePeers other = new FakePeers(executor);
    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of("stop.timeout.millis", 100L, "hold.timeout.millis", 300L));
        server.peers.other = other;
        browser = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        server.close();
        executor.shutdownNow();
    }

    private String status() throws Exception {
        return browser.head().substring(9, 12);
    }

    @Test
    public void whatOneDoesNotTakeTheOtherGetsAtOnce() throws Exception {
        for (ErrorCode code : new ErrorCode[] {ErrorCode.SHUTDOWN, ErrorCode.REFUSED}) {
            server.peers.unavailable = new PeerUnavailableException(code, "");
            browser.get("/");
            other.next().answer(204, true);
            assertEquals("204", status());
        }
        assertEquals(0, server.peers.ids.get());
        assertEquals("nobody waited for the end of the one that drains", 0, server.peers.closedAsked.availablePermits());
    }

    @Test
    public void whatOneLosesTheOtherGetsWhereItMayBeSentAgain() throws Exception {
        browser.get("/");
        server.peers.next().breakOff(ErrorCode.SESSION_LOST, false);
        other.next().answer(204, true);
        assertEquals("204", status());
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 2\r\n\r\nhi");
        server.peers.next().breakOff(ErrorCode.REFUSED, true);
        other.next().answer(204, true);
        assertEquals("what was not processed", "204", status());
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 2\r\n\r\nhi");
        server.peers.next().breakOff(ErrorCode.SESSION_LOST, false);
        assertEquals("what may have been", "502", status());
        assertEquals(2, other.ids.get());
    }

    @Test
    public void whenBothDrainTheLastIsWaitedFor() throws Exception {
        server.peers.unavailable = new PeerUnavailableException(ErrorCode.SHUTDOWN, "");
        other.unavailable = new PeerUnavailableException(ErrorCode.SHUTDOWN, "");
        browser.get("/");
        assertEquals("503", status());
        assertTrue(other.closedAsked.tryAcquire());
    }
}

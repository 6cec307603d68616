package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.adit.api.ErrorCode;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Bodies: nothing waits for more, nobody runs ahead of a slow side, and no thread waits. */
public class StreamingTest {

    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        start(Map.of());
    }

    private void start(Map<String, Object> settings) throws Exception {
        server = new ProxyServer(settings);
        browser = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        server.close();
    }

    @Test
    public void aChunkIsVisibleBeforeTheNextIsSent() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next().answer(200, false, "Content-Type", "text/event-stream");
        assertTrue(browser.head().contains("Transfer-Encoding: chunked\r\n"));
        for (int i = 0; i < 50; i++) {
            stream.send("event " + i, false);
            assertEquals("event " + i, browser.chunk());
        }
        stream.send("", true);
        assertEquals("", browser.chunk());
        assertEquals("", browser.line());
        assertEquals(0, stream.unreleased());
        assertFalse(stream.isReset());
    }

    @Test
    public void aPartOfAnUploadIsWithThePeerBeforeTheNextIsSent() throws Exception {
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        FakeStream stream = server.peers.next();
        assertEquals(-1, stream.head.length());
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            browser.send("5\r\nparts\r\n");
            all.append("parts");
            stream.awaitBody(all.toString());
        }
        assertFalse(stream.isBodyEnded());
        browser.send("0\r\n\r\n");
        stream.awaitBodyEnd();
        stream.answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void aSmallBodyGoesAlongWithTheHead() throws Exception {
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 5\r\n\r\nhello");
        FakeStream stream = server.peers.next();
        stream.awaitBodyEnd();
        assertEquals("hello", stream.body());
        assertEquals(5, stream.head.length());
        assertEquals("5", stream.head.fields().first("Content-Length"));
        stream.answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        browser.get("/next");
        server.peers.next().answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void anUploadWaitsForThePeer() throws Exception {
        int size = 64 * 1024 * 1024;
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: " + size + "\r\n\r\n");
        FakeStream stream = server.peers.next().hold();
        Thread sender = new Thread(() -> {
            try {
                byte[] block = new byte[64 * 1024];
                for (int sent = 0; sent < size; sent += block.length) {
                    browser.socket.getOutputStream().write(block);
                }
            } catch (java.io.IOException e) {
                // the body ends short, and the test fails by that
            }
        });
        sender.start();
        stream.await(() -> stream.waiting() == 1, () -> "nothing came");
        int withPeer = stream.bodyBytes();
        assertTrue("one part at a time, not " + withPeer, withPeer <= 64 * 1024);
        stream.takeAll();
        stream.awaitBodyEnd();
        sender.join();
        assertEquals(size, stream.bodyBytes());
        stream.answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void aSlowBrowserIsNotReadAheadOf() throws Exception {
        browser.close();
        browser = new Browser(server.port(), 32 * 1024);
        browser.get("/big");
        FakeStream stream = server.peers.next().answer(200, false);
        byte[] block = new byte[16 * 1024];
        int blocks = 4096;
        for (int i = 0; i < blocks; i++) {
            stream.send(block, i == blocks - 1);
        }
        browser.head();
        // the sockets' buffers are full when nothing more is taken; then all but those and one write is still with the peer
        int taken;
        do {
            taken = stream.taken();
            browser.chunk();
        } while (taken != stream.taken());
        assertTrue("taken " + stream.taken() + " of " + blocks, stream.taken() < blocks / 2);
        long bytes = 0;
        for (String chunk = browser.chunk(); !chunk.isEmpty(); chunk = browser.chunk()) {
            bytes += chunk.length();
        }
        assertTrue(bytes > 0);
        stream.await(() -> stream.unreleased() == 0, () -> "not all was released");
    }

    @Test
    public void waitingRequestsHoldNoThread() throws Exception {
        List<Browser> waiting = new ArrayList<>();
        try {
            List<FakeStream> streams = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                waiting.add(server.browser().get("/" + i));
                streams.add(server.peers.next());
            }
            // more than ten times as many as the server has threads, and it still serves
            assertEquals(16, server.threads.getMaxThreads());
            browser.get("/while");
            server.peers.next().answer(204, true);
            assertTrue(browser.head().startsWith("HTTP/1.1 204"));
            assertEquals(200, streams.size());
            for (FakeStream stream : streams) {
                stream.respond(stream.head.target());
            }
            for (int i = 0; i < 200; i++) {
                waiting.get(i).head();
                assertEquals("/" + i, waiting.get(i).read(("/" + i).length()));
            }
        } finally {
            for (Browser each : waiting) {
                each.close();
            }
        }
    }

    @Test
    public void aHundredIsSentWhenThePeerSaysSo() throws Exception {
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        FakeStream stream = server.peers.next();
        assertEquals("100-continue", stream.head.fields().first("Expect"));
        stream.answer(100, false);
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", browser.head());
        browser.send("hello");
        stream.awaitBodyEnd();
        assertEquals("hello", stream.body());
        stream.answer(200, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
        browser.get("/next");
        server.peers.next().answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void aFinalAnswerInsteadOfAHundredComesWithoutTheBody() throws Exception {
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        FakeStream stream = server.peers.next();
        stream.answer(417, true);
        String head = browser.head();
        assertTrue(head, head.startsWith("HTTP/1.1 417") && head.contains("Connection: close\r\n"));
        assertEquals("", browser.rest());
        assertEquals("", stream.body());
        assertEquals("its request direction is ended too", ErrorCode.CANCEL, stream.awaitReset());
    }

    @Test
    public void aPeerThatIgnoresTheExpectationGetsTheBodyAfterAWhile() throws Exception {
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        FakeStream stream = server.peers.next();
        server.passUntilAnswered(browser, Duration.ofSeconds(1));
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", browser.head());
        browser.send("hello");
        stream.awaitBodyEnd();
        stream.answer(200, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
    }

    @Test
    public void anEarlyAnswerIsPassedOnAndTheRestThrownAway() throws Exception {
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 10\r\n\r\nhello");
        FakeStream stream = server.peers.next();
        stream.answer(413, false, "Content-Length", "2").send("no", true);
        assertTrue(browser.head().startsWith("HTTP/1.1 413"));
        assertEquals("no", browser.read(2));
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        browser.send("world");
        browser.get("/next");
        server.peers.next().answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void anEarlyAnswerClosesTheConnectionWhenTheRestDoesNotEnd() throws Exception {
        stop();
        start(Map.of("linger.timeout.millis", 300L));
        browser.send("POST /up HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 10\r\n\r\nhello");
        server.peers.next().answer(413, false, "Content-Length", "2").send("no", true);
        assertTrue(browser.head().startsWith("HTTP/1.1 413"));
        assertEquals("no", browser.rest());
    }

    @Test
    public void anAnswerMayBeginWhileTheUploadRuns() throws Exception {
        browser.send("POST /echo HTTP/1.1\r\nHost: demo.localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        FakeStream stream = server.peers.next().answer(200, false);
        browser.head();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            browser.send("2\r\n0" + i + "\r\n");
            sent.append('0').append(i);
            stream.awaitBody(sent.toString());
            stream.send("0" + i, false);
            assertEquals("0" + i, browser.chunk());
        }
        browser.send("0\r\n\r\n");
        stream.awaitBodyEnd();
        stream.send("end", true);
        assertEquals("end", browser.chunk());
        assertEquals("", browser.chunk());
    }
}

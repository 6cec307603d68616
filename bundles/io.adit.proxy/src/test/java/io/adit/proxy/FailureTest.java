package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.PeerUnavailableException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Every way in which an exchange goes wrong, and what the browser sees. */
public class FailureTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    /** After which the next tick, a tenth of a second at most from now, looks whether the browser is there. */
    private static final Duration WATCHED = Duration.ofSeconds(1);

    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        start(Map.of("stop.timeout.millis", 100L));
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

    private String status(String request) throws IOException {
        browser.send(request);
        return page(browser);
    }

    /** The status of a page with Content-Length, which is read to its end. */
    private static String page(Browser from) throws IOException {
        String head = from.head();
        int at = head.indexOf("Content-Length: ") + 16;
        from.read(Integer.parseInt(head.substring(at, head.indexOf('\r', at))));
        return head.substring(9, 12);
    }

    @Test
    public void hostsThatAreNobody() throws Exception {
        for (String host : new String[] {"localhost", "nobody.localhost", "a.demo.localhost", "demo.example", "demo.localhost.example",
                "demolocalhost", "-x.localhost", "xdemo.localhost"}) {
            assertEquals(host, "404", status("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
        }
        assertEquals(0, server.peers.ids.get());
    }

    @Test
    public void spellingsOfTheOneHost() throws Exception {
        server.peers.handler = stream -> stream.respond("ok");
        for (String host : new String[] {"demo.localhost", "DEMO.localHOST", "demo.localhost.", "demo.localhost:8080", "Demo.Localhost.:1"}) {
            assertEquals(host, "200", status("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
        }
        assertEquals("200", status("GET http://demo.localhost/x HTTP/1.1\r\nHost: demo.localhost\r\n\r\n"));
    }

    @Test
    public void ambiguousOrBadRequestsAreRefused() throws Exception {
        for (String request : new String[] {"GET / HTTP/1.1\r\nHost: demo.localhost,evil.localhost\r\n\r\n", "GET / HTTP/1.1\r\nHost: a@demo.localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: demo.localhost\r\nHost: demo.localhost\r\n\r\n", "GET / HTTP/1.1\r\nHost: demo.localhost:x\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "GET /\u00e9 HTTP/1.1\r\nHost: demo.localhost\r\n\r\n", "GET http://other.localhost/ HTTP/1.1\r\nHost: demo.localhost\r\n\r\n"}) {
            try (Browser each = server.browser()) {
                String answer = each.send(request).rest();
                assertTrue(request + answer, answer.startsWith("HTTP/1.1 400"));
            }
        }
        assertEquals(0, server.peers.ids.get());
    }

    @Test
    public void connectIsNotForwarded() throws Exception {
        String answer = browser.send("CONNECT demo.localhost:80 HTTP/1.1\r\nHost: demo.localhost:80\r\nConnection: close\r\n\r\n").rest();
        assertTrue(answer, answer.matches("(?s)HTTP/1.1 40[05].*"));
        assertEquals(0, server.peers.ids.get());
    }

    /** Fields and target are each within their limits, but no packet would hold them. */
    @Test
    public void aHeadThatDoesNotFitTheTunnel() throws Exception {
        assertEquals("431", status("GET /" + "x".repeat(8_000) + " HTTP/1.1\r\nHost: demo.localhost\r\nX-Big: " + "x".repeat(60_000) + "\r\n\r\n"));
        assertEquals(0, server.peers.ids.get());
    }

    @Test
    public void tooManyFields() throws Exception {
        StringBuilder many = new StringBuilder("GET / HTTP/1.1\r\nHost: demo.localhost\r\n");
        for (int i = 0; i < 256; i++) {
            many.append("X-").append(i).append(": 1\r\n");
        }
        assertEquals("431", status(many + "\r\n"));
        assertEquals(0, server.peers.ids.get());
    }

    @Test
    public void pagesAreForBrowsersAndTextForOthers() throws Exception {
        browser.get("/", "Accept: text/html,*/*", "Connection: close");
        server.peers.next().breakOff(ErrorCode.ORIGIN_UNREACHABLE, false);
        String page = browser.rest();
        assertTrue(page, page.startsWith("HTTP/1.1 502 Bad Gateway\r\n"));
        for (String line : new String[] {"Content-Type: text/html;charset=utf-8", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
                "Content-Security-Policy: default-src 'none';",
                "Adit-Error: origin-unreachable"}) {
            assertTrue(line, page.contains("\r\n" + line));
        }
        assertTrue(page, page.endsWith("</html>\n"));
        try (Browser other = server.browser()) {
            String text = other.send("GET / HTTP/1.1\r\nHost: nobody.localhost\r\nConnection: close\r\n\r\n").rest();
            assertTrue(text, text.contains("Content-Type: text/plain;charset=utf-8") && !text.contains("<html"));
        }
        try (Browser other = server.browser()) {
            String head = other.send("HEAD / HTTP/1.1\r\nHost: nobody.localhost\r\nConnection: close\r\n\r\n").rest();
            assertTrue(head, head.startsWith("HTTP/1.1 404") && head.endsWith("\r\n\r\n") && head.contains("Content-Length: "));
        }
    }

    @Test
    public void codesOfThePeerBecomeStatuses() throws Exception {
        Map<ErrorCode, String> expected = Map.of(ErrorCode.ORIGIN_UNREACHABLE, "502", ErrorCode.ORIGIN_BROKEN, "502", ErrorCode.CUT, "502",
                ErrorCode.ORIGIN_TIMEOUT, "504", ErrorCode.TOO_LARGE, "502", ErrorCode.INTERNAL, "502", ErrorCode.STALLED, "502");
        for (Map.Entry<ErrorCode, String> each : expected.entrySet()) {
            browser.get("/");
            server.peers.next().breakOff(each.getKey(), false);
            assertEquals(each.getKey().name(), each.getValue(), page(browser));
        }
    }

    @Test
    public void whatWasNotProcessedIsTriedOnceMore() throws Exception {
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 3\r\n\r\nabc");
        FakeStream first = server.peers.next();
        first.awaitBodyEnd();
        first.breakOff(ErrorCode.REFUSED, true);
        FakeStream second = server.peers.next();
        second.awaitBodyEnd();
        assertEquals("abc", second.body());
        second.answer(200, true);
        assertEquals("200", page(browser));
        browser.get("/");
        server.peers.next().breakOff(ErrorCode.REFUSED, true);
        server.peers.next().breakOff(ErrorCode.REFUSED, true);
        assertEquals("503", page(browser));
        assertEquals(4, server.peers.ids.get());
    }

    @Test
    public void aLostSessionIsTriedAgainOnlyWhereThatIsSafe() throws Exception {
        browser.get("/");
        server.peers.next().breakOff(ErrorCode.SESSION_LOST, false);
        server.peers.next().answer(200, true);
        assertEquals("200", page(browser));
        assertEquals(2, server.peers.ids.get());
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 0\r\n\r\n");
        server.peers.next().breakOff(ErrorCode.SESSION_LOST, false);
        assertEquals("502", page(browser));
        browser.send("PUT / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 3\r\n\r\nabc");
        server.peers.next().breakOff(ErrorCode.SESSION_LOST, false);
        assertEquals("502", page(browser));
        assertEquals(4, server.peers.ids.get());
    }

    @Test
    public void aRequestOutlastsSeveralSessionsThatGoOneAfterTheOther() throws Exception {
        server.peers.unavailable = new PeerUnavailableException(ErrorCode.SHUTDOWN, "the session is draining");
        browser.get("/");
        for (int i = 0; i < 5; i++) {
            assertTrue("its end is waited for", server.peers.closedAsked.tryAcquire(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS));
            CompletableFuture<ErrorCode> end = server.peers.closed;
            server.peers.closed = new CompletableFuture<>();
            if (i == 4) {
                server.peers.unavailable = null;
            }
            end.complete(ErrorCode.SHUTDOWN);
        }
        server.peers.next().answer(200, true);
        assertEquals("200", page(browser));
    }

    @Test
    public void sessionsThatGoAreWaitedForNoLongerThanTheHoldTimeOut() throws Exception {
        stop();
        start(Map.of("hold.timeout.millis", 300L));
        server.peers.unavailable = new PeerUnavailableException(ErrorCode.SHUTDOWN, "the session is draining");
        browser.get("/");
        assertEquals("503", page(browser));
    }

    @Test
    public void aSessionWhoseEndIsNotToldYetIsNoAttempt() throws Exception {
        browser.get("/");
        FakeStream first = server.peers.next();
        server.peers.unavailable = new PeerUnavailableException(ErrorCode.SHUTDOWN, "the session is closed");
        first.breakOff(ErrorCode.SESSION_LOST, false);
        browser.socket.setSoTimeout(200);
        assertThrows("neither an answer nor an end", java.net.SocketTimeoutException.class, browser::head);
        browser.socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
        server.peers.unavailable = null;
        server.peers.closed.complete(ErrorCode.SESSION_LOST);
        server.peers.next().answer(200, true);
        assertEquals("200", page(browser));
        assertEquals(2, server.peers.ids.get());
    }

    @Test
    public void aBodyThatIsUnderWayIsNotSentAgain() throws Exception {
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 6\r\n\r\nabc");
        FakeStream stream = server.peers.next();
        browser.send("def");
        stream.awaitBodyEnd();
        stream.breakOff(ErrorCode.REFUSED, true);
        assertEquals("503", page(browser));
        assertEquals(1, server.peers.ids.get());
    }

    @Test
    public void knownButOffline() throws Exception {
        String answer = browser.send("GET / HTTP/1.1\r\nHost: away.localhost\r\nConnection: close\r\n\r\n").rest();
        assertTrue(answer, answer.startsWith("HTTP/1.1 503") && answer.contains("\r\nRetry-After: 5\r\n"));
    }

    @Test
    public void oneThatComesBackInTimeAnswers() throws Exception {
        server.peers.comeBack = new CompletableFuture<>();
        browser.send("GET /x HTTP/1.1\r\nHost: away.localhost\r\n\r\n");
        browser.socket.setSoTimeout(200);
        assertThrows(java.net.SocketTimeoutException.class, browser::head);
        browser.socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
        server.peers.comeBack.complete(Optional.of(server.peers));
        server.peers.next().answer(200, true);
        assertEquals("200", page(browser));
    }

    @Test
    public void noStreamMeansTryLater() throws Exception {
        server.peers.unavailable = new PeerUnavailableException(ErrorCode.REFUSED, "limit");
        String answer = browser.send("GET / HTTP/1.1\r\nHost: demo.localhost\r\nConnection: close\r\n\r\n").rest();
        assertTrue(answer, answer.startsWith("HTTP/1.1 503") && answer.contains("\r\nRetry-After: 5\r\n"));
    }

    @Test
    public void aLateHeadIs504AndTheStreamIsReset() throws Exception {
        stop();
        start(Map.of("response.timeout.millis", LONG.toMillis()));
        browser.get("/");
        FakeStream stream = server.peers.next();
        server.passUntilAnswered(browser, LONG);
        assertEquals("504", page(browser));
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        browser.get("/");
        server.peers.next().answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void anUploadThatTakesLongIsNotLate() throws Exception {
        stop();
        start(Map.of("response.timeout.millis", LONG.toMillis()));
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 6\r\n\r\nabc");
        FakeStream stream = server.peers.next();
        try (Browser other = server.browser()) {
            for (int i = 0; i < 2; i++) { // when the second is told that it is late, the upload has been looked at in the same way
                other.get("/");
                server.peers.next();
                server.passUntilAnswered(other, LONG);
                assertEquals("504", page(other));
            }
        }
        browser.send("def");
        stream.awaitBodyEnd();
        stream.answer(200, true);
        assertEquals("200", page(browser));
    }

    @Test
    public void aCutResponseDoesNotLookComplete() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next().answer(200, false).send("half", false);
        browser.head();
        assertEquals("half", browser.chunk());
        stream.breakOff(ErrorCode.CUT, false);
        assertThrows(EOFException.class, browser::chunk);
    }

    @Test
    public void aCutResponseToOneWhoWantsTheConnectionClosedDoesNotEither() throws Exception {
        browser.get("/", "Connection: close");
        FakeStream stream = server.peers.next().answer(200, false).send("half", false);
        assertTrue(browser.head().contains("Transfer-Encoding: chunked\r\n"));
        assertEquals("half", browser.chunk());
        stream.breakOff(ErrorCode.SESSION_LOST, false);
        assertThrows(EOFException.class, browser::chunk);
    }

    @Test
    public void aCutResponseToHttp10IsAReset() throws Exception {
        browser.send("GET / HTTP/1.0\r\nHost: demo.localhost\r\n\r\n");
        FakeStream stream = server.peers.next().answer(200, false).send("half", false);
        browser.head();
        assertEquals("half", browser.read(4));
        stream.breakOff(ErrorCode.CUT, false);
        assertThrows(java.net.SocketException.class, browser::rest);
    }

    @Test
    public void aResponseShorterThanItsContentLengthIsCut() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next().answer(200, false, "Content-Length", "10").send("half", false);
        browser.head();
        assertEquals("half", browser.read(4));
        stream.send("", true);
        assertEquals("", browser.rest());
    }

    @Test
    public void aResponseLongerThanItsContentLengthIsCut() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next().answer(200, false, "Content-Length", "5").send("half", false);
        browser.head();
        browser.read(4);
        stream.send("more", true);
        assertEquals("", browser.rest());
    }

    @Test
    public void dataAfterTheEndIsAFaultOfThePeerAlone() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next().answer(200, false, "Content-Length", "4").send("full", false);
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
        assertEquals("full", browser.read(4));
        stream.send("more", false);
        assertEquals(ErrorCode.PROTOCOL, stream.awaitReset());
        browser.send("HEAD / HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        FakeStream head = server.peers.next().answer(200, false, "Content-Length", "4");
        assertTrue(browser.head().startsWith("HTTP/1.1 200"));
        head.send("full", false);
        assertEquals(ErrorCode.PROTOCOL, head.awaitReset());
        browser.get("/");
        server.peers.next().answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
    }

    @Test
    public void aPeerCannotSplitAResponse() throws Exception {
        for (ResponseHead bad : new ResponseHead[] {new ResponseHead(200, "OK\r\nX: 1", Fields.EMPTY, "", -1),
                new ResponseHead(200, "", Fields.of("X", "1\r\nSet-Cookie: a=1"), "", -1), new ResponseHead(200, "", Fields.of("X\n", "1"), "", -1),
                new ResponseHead(200, "", Fields.of("X", "1\u0000"), "", -1), new ResponseHead(200, "", Fields.of("X:", "1"), "", -1),
                new ResponseHead(200, "", Fields.of("X", "\u010d\u010a"), "", -1), new ResponseHead(600, "", Fields.EMPTY, "", -1),
                new ResponseHead(200, "", Fields.of("Content-Length", "5", "Content-Length", "6"), "", 5),
                new ResponseHead(200, "", Fields.of("Content-Length", "-5"), "", -1), new ResponseHead(101, "", Fields.EMPTY, "x", -1)}) {
            browser.get("/");
            FakeStream stream = server.peers.next().answer(bad, false);
            assertEquals(bad.toString(), "502", page(browser));
            assertEquals(ErrorCode.PROTOCOL, stream.awaitReset());
        }
    }

    @Test
    public void aBrowserThatGoesAwayResetsTheStream() throws Exception {
        stop();
        start(Map.of());
        browser.get("/");
        FakeStream stream = server.peers.next();
        browser.close();
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
    }

    @Test
    public void aBrowserThatResetsTheConnectionResetsTheStream() throws Exception {
        stop();
        start(Map.of());
        browser.get("/");
        FakeStream stream = server.peers.next();
        browser.socket.setSoLinger(true, 0);
        browser.close();
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
    }

    @Test
    public void aBrowserThatGoesAwayBetweenTwoEventsResetsTheStream() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next().answer(200, false).send("one", false);
        browser.head();
        assertEquals("one", browser.chunk());
        browser.close();
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
    }

    @Test
    public void aBrowserThatGoesAwayInAnUploadResetsTheStream() throws Exception {
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 10\r\n\r\nabc");
        FakeStream stream = server.peers.next();
        browser.close();
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        assertFalse(stream.isBodyEnded());
    }

    @Test
    public void brokenChunksAre400AndNeverACompleteRequest() throws Exception {
        browser.send("POST / HTTP/1.1\r\nHost: demo.localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        FakeStream stream = server.peers.next();
        stream.awaitBody("abc");
        browser.send("zz\r\n");
        String answer = browser.rest();
        assertTrue(answer, answer.startsWith("HTTP/1.1 400"));
        assertEquals(ErrorCode.CANCEL, stream.awaitReset());
        assertFalse(stream.isBodyEnded());
    }

    @Test
    public void theWatchLeavesKeepAliveAndPipeliningAlone() throws Exception {
        stop();
        start(Map.of());
        browser.get("/1");
        FakeStream first = server.peers.next();
        server.pass(WATCHED);
        browser.socket.setSoTimeout(300);
        assertThrows("the watch is on meanwhile", java.net.SocketTimeoutException.class, browser::head);
        browser.socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
        first.answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        browser.get("/2");
        FakeStream second = server.peers.next();
        server.pass(WATCHED);
        browser.socket.setSoTimeout(300);
        assertThrows(java.net.SocketTimeoutException.class, browser::head);
        browser.socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
        browser.get("/3").get("/4");
        browser.socket.setSoTimeout(300);
        assertThrows(java.net.SocketTimeoutException.class, browser::head);
        browser.socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
        second.answer(204, true);
        assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        for (String target : new String[] {"/3", "/4"}) {
            FakeStream next = server.peers.next();
            assertEquals(target, next.head.target());
            next.answer(204, true);
            assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        }
    }

    @Test
    public void drainRefusesNewOnesAndWaitsForThoseUnderWay() throws Exception {
        stop();
        start(Map.of());
        browser.get("/");
        FakeStream stream = server.peers.next();
        CompletionStage<Void> drained = server.gateway.drain();
        assertFalse(drained.toCompletableFuture().isDone());
        try (Browser late = server.browser()) {
            String answer = late.get("/late").rest();
            assertTrue(answer, answer.startsWith("HTTP/1.1 503") && answer.contains("\r\nRetry-After: 5\r\n") && answer.contains("Connection: close\r\n"));
        }
        stream.respond("done");
        assertTrue(browser.head().contains("Connection: close\r\n"));
        assertEquals("done", browser.rest());
        drained.toCompletableFuture().get(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(0, server.gateway.underWay());
    }

    @Test
    public void stoppingBreaksOffWhatDoesNotEnd() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next().answer(200, false).send("one", false);
        browser.head();
        browser.chunk();
        server.gateway.close();
        assertEquals(ErrorCode.SHUTDOWN, stream.awaitReset());
        assertThrows(EOFException.class, browser::chunk);
    }

    @Test
    public void leavingLetsGoOnWhatHasFoundItsPeer() throws Exception {
        browser.get("/");
        FakeStream stream = server.peers.next();
        server.gateway.leave();
        stream.answer(200, false).send("one", false);
        browser.head();
        assertEquals("one", browser.chunk());
        stream.send("two", true);
        assertEquals("two", browser.chunk());
        assertEquals("", browser.chunk());
        assertFalse("nobody new", server.gateway.handle(() -> {
            throw new AssertionError();
        }));
    }
}

package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.adit.api.LocalAnswers;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The proxy's own challenges, and that nothing else is taken from the peers. */
public class LocalAnswersTest {

    private static final String PATH = "/.well-known/acme-challenge/token";

    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        LocalAnswers none = (host, path) -> Optional.empty();
        LocalAnswers demo = (host, path) -> host.equals("demo.localhost") && path.equals(PATH) ? Optional.of("demo's") : Optional.empty();
        LocalAnswers other = (host, path) -> host.equals("www.example.org") && path.equals(PATH) ? Optional.of("www's") : Optional.empty();
        server = new ProxyServer(Map.of(), List.of(none, demo, other));
        browser = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        server.close();
    }

    @Test
    public void aPendingChallengeIsAnsweredHereThoughAPeerHasTheName() throws Exception {
        browser.get(PATH, "User-Agent: acme");
        String head = browser.head();
        assertTrue(head, head.matches("(?s)HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n.*Content-Length: 6\r\n\r\n"));
        assertEquals("demo's", browser.read(6));
        browser.get(PATH + "?query");
        browser.head();
        assertEquals("on the same connection", "demo's", browser.read(6));
        assertTrue(server.peers.opened.isEmpty());
    }

    @Test
    public void soItIsForANameThatIsNoPeers() throws Exception {
        browser.send("GET " + PATH + " HTTP/1.1\r\nHost: WWW.Example.org.:80\r\n\r\n");
        assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
        assertEquals("www's", browser.read(5));
        browser.send("GET " + PATH + "2 HTTP/1.1\r\nHost: www.example.org\r\n\r\n");
        assertTrue(browser.head().startsWith("HTTP/1.1 404 "));
    }

    @Test
    public void headHasNoBody() throws Exception {
        browser.send("HEAD " + PATH + " HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        assertTrue(browser.head().contains("\r\nContent-Length: 6\r\n"));
        browser.get(PATH);
        assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
        assertEquals("demo's", browser.read(6));
    }

    @Test
    public void aBodyThatNobodyWantsIsReadOver() throws Exception {
        browser.get(PATH, "Content-Length: 5");
        browser.send("hello");
        assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
        assertEquals("demo's", browser.read(6));
        browser.get(PATH);
        assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
    }

    @Test
    public void everyOtherRequestGoesToThePeer() throws Exception {
        for (String request : new String[] {"GET " + PATH + "s", "GET " + PATH + "/", "GET /.well-known/acme-challenge/", "GET /x" + PATH, "GET /" + PATH,
                "GET /.well-known/acme-challenge/%74oken", "GET /.well-known/acme-challenge/../acme-challenge/token", "POST " + PATH, "PUT " + PATH, "get " + PATH}) {
            browser.send(request + " HTTP/1.1\r\nHost: demo.localhost\r\n" + (request.startsWith("P") ? "Content-Length: 0\r\n" : "") + "\r\n");
            FakeStream stream = server.peers.next();
            assertEquals(request, request, stream.head.method() + " " + stream.head.target());
            stream.answer(204, true);
            assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        }
    }
}

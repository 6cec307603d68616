package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.adit.api.LocalAnswers;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The proxy's own pages, and that nothing else is taken from the peers. */
public class LocalPagesTest {

    private static final String PATH = "/.well-known/adit/page";

    private final CompletableFuture<LocalAnswers.Page> late = new CompletableFuture<>();
    private ProxyServer server;
    private Browser browser;

    @Before
    public void start() throws Exception {
        LocalAnswers pages = new LocalAnswers() {
            @Override
            public Optional<String> answer(String host, String path) {
                return Optional.empty();
            }

            @Override
            public Optional<CompletionStage<Page>> page(String method, String host, String path) {
                return switch (path) {
                    case PATH -> Optional.of(CompletableFuture.completedStage(new Page(200, method + " " + host)));
                    case PATH + "/late" -> Optional.of(late);
                    default -> Optional.empty();
                };
            }
        };
        server = new ProxyServer(Map.of(), List.of((host, path) -> Optional.empty(), pages));
        browser = server.browser();
    }

    @After
    public void stop() throws Exception {
        browser.close();
        server.close();
    }

    @Test
    public void aPageIsAnsweredHereForWhateverHost() throws Exception {
        browser.send("GET " + PATH + "?query HTTP/1.1\r\nHost: Tunnel.Example:8080\r\n\r\n");
        String head = browser.head();
        assertTrue(head, head.startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"));
        for (String field : List.of("Cache-Control: no-store", "Referrer-Policy: no-referrer", "form-action 'self'", "Content-Length: 18\r\n")) {
            assertTrue(head, head.contains(field));
        }
        assertEquals("GET tunnel.example", browser.read(18));
        browser.send("HEAD " + PATH + " HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        assertTrue(browser.head().contains("\r\nContent-Length: 18\r\n"));
        assertTrue(server.peers.opened.isEmpty());
    }

    @Test
    public void aFormThatIsSentIsReadOver() throws Exception {
        browser.send("POST " + PATH + " HTTP/1.1\r\nHost: demo.localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\n"
                + "List-Unsubscribe=One-Click");
        assertTrue(browser.head().startsWith("HTTP/1.1 200 "));
        assertEquals("POST demo.localhost", browser.read(19));
        browser.send("GET " + PATH + " HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        assertTrue("on the same connection", browser.head().startsWith("HTTP/1.1 200 "));
    }

    @Test
    public void aPageMayTakeItsTime() throws Exception {
        browser.send("POST " + PATH + "/late HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 0\r\n\r\n");
        late.complete(new LocalAnswers.Page(503, "later"));
        assertTrue(browser.head().startsWith("HTTP/1.1 503 "));
        assertEquals("later", browser.read(5));
    }

    @Test
    public void aPageThatFailsIsAnErrorPage() throws Exception {
        late.completeExceptionally(new IllegalStateException("expected by the test"));
        browser.send("POST " + PATH + "/late HTTP/1.1\r\nHost: demo.localhost\r\nContent-Length: 0\r\n\r\n");
        assertTrue(browser.head().startsWith("HTTP/1.1 503 "));
    }

    @Test
    public void aPageThatNeverComesEndsWithTheDeadline() throws Exception {
        browser.send("GET " + PATH + "/late HTTP/1.1\r\nHost: demo.localhost\r\n\r\n");
        server.passUntilAnswered(browser, Duration.ofMinutes(10));
        assertTrue(browser.head().startsWith("HTTP/1.1 504 "));
    }

    @Test
    public void everyOtherRequestGoesToThePeer() throws Exception {
        for (String request : new String[] {"GET " + PATH + "s", "GET /.well-known/adit/", "GET /x" + PATH, "GET /" + PATH, "GET /.well-known/adit/../adit/page",
                "PUT " + PATH, "DELETE " + PATH, "post " + PATH}) {
            browser.send(request + " HTTP/1.1\r\nHost: demo.localhost\r\n" + (request.startsWith("P") ? "Content-Length: 0\r\n" : "") + "\r\n");
            FakeStream stream = server.peers.next();
            assertEquals(request, request, stream.head.method() + " " + stream.head.target());
            stream.answer(204, true);
            assertTrue(browser.head().startsWith("HTTP/1.1 204"));
        }
    }
}

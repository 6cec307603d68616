package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;

/** The errors that the proxy answers itself, as visitors of the shipped distribution get them. */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class ErrorPagesIT {

    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.shared(ErrorPagesIT.class);
        site.awaitServing();
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    private static HttpResponse<String> ask(String name, String method, String accept) throws Exception {
        Web web = site.web(name);
        HttpRequest.Builder request = web.request("/").method(method, HttpRequest.BodyPublishers.noBody());
        if (accept != null) {
            request.header("Accept", accept);
        }
        return web.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String field(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    public void aVisitorGetsTheErrorInTheFormThatItAskedFor() throws Exception {
        String[][] rows = {{BROWSER, "text/html;charset=utf-8", "<h1>Nobody here</h1>"},
            {"application/json", "application/json", "\"code\":\"unknown-name\""},
            {"application/problem+json", "application/problem+json", "\"status\":404"},
            {"text/html;q=0.5, application/json;q=0.6", "application/json", "\"detail\":"},
            {"*/*", "text/plain;charset=utf-8", "Nobody here\n"}, {null, "text/plain;charset=utf-8", "Nobody here\n"}};
        for (String[] row : rows) {
            HttpResponse<String> response = ask("nobody", "GET", row[0]);
            assertEquals(404, response.statusCode());
            assertEquals("unknown-name", field(response, "Adit-Error"));
            assertEquals(row[1], field(response, "Content-Type"));
            assertEquals("no-store", field(response, "Cache-Control"));
            assertEquals(Optional.empty(), response.headers().firstValue("Server"));
            assertTrue(response.body(), response.body().contains(row[2]));
            HttpResponse<String> head = ask("nobody", "HEAD", row[0]);
            assertEquals("", head.body());
            assertEquals(field(response, "Content-Length"), field(head, "Content-Length"));
            assertEquals(row[1], field(head, "Content-Type"));
        }
    }

    @Test
    public void whatIsNoHttpIsToldInTheSameWords() throws Exception {
        // an ordinary request comes first in start(): only then the server can be reached
        String answer = raw("GET / HTTP/1.1\r\nHost: demo.localhost\r\nno colon\r\n\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 400 ") && answer.contains("\r\nAdit-Error: bad-request\r\n"));
        assertTrue(answer, answer.contains("Request not understood"));
        assertFalse(answer, answer.contains("Jetty") || answer.contains("Felix") || answer.contains("Exception"));
        String large = raw("GET / HTTP/1.1\r\nHost: demo.localhost\r\nCookie: " + "x".repeat(200_000) + "\r\n\r\n");
        assertTrue(large, large.startsWith("HTTP/1.1 431 ") && large.contains("\r\nAdit-Error: head-too-large\r\n"));
    }

    /** The head of the answer and what of the body came with it. */
    private static String raw(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.web().port())) {
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!isWhole(answer.toString(StandardCharsets.UTF_8))) {
                int read = in.read(buffer);
                assertTrue("ends after " + answer.toString(StandardCharsets.UTF_8), read > 0);
                answer.write(buffer, 0, read);
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private static boolean isWhole(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        int length = answer.indexOf("Content-Length: ");
        return end > 0 && length > 0
            && answer.length() >= end + 4 + Integer.parseInt(answer.substring(length + 16, answer.indexOf("\r\n", length)));
    }

    @Test
    public void anOriginCannotFakeTheCode() throws Exception {
        site.origin().on("/fake", exchange -> {
            exchange.getResponseHeaders().add("Adit-Error", "offline");
            exchange.getResponseHeaders().add("X-Kept", "yes");
            Origin.answer(exchange, 503, "the origin's own".getBytes(StandardCharsets.UTF_8));
        });
        HttpResponse<byte[]> response = site.web().get("/fake");
        assertEquals(503, response.statusCode());
        assertEquals("yes", field(response, "X-Kept"));
        assertEquals(Optional.empty(), response.headers().firstValue("Adit-Error"));
        assertEquals("the origin's own", new String(response.body(), StandardCharsets.UTF_8));
    }

    @Test
    public void theHostsOwnPageIsPickedUpAndDroppedWhileRunning() throws Exception {
        site.invite("away");
        HttpResponse<String> ours = ask("away", "GET", BROWSER);
        assertEquals(503, ours.statusCode());
        assertEquals("offline", field(ours, "Adit-Error"));
        assertEquals("5", field(ours, "Retry-After"));
        assertTrue(ours.body(), ours.body().contains("Away just now"));
        Path pages = Files.createDirectories(site.proxyHome().resolve("conf").resolve("pages"));
        Files.writeString(pages.resolve("offline.html"), "<p>{host} sleeps ({code}, {status})</p>");
        Await.until("the host's page", () -> ask("away", "GET", BROWSER).body()
            .equals("<p>away.localhost:" + site.web().port() + " sleeps (offline, 503)</p>"));
        assertTrue("others are asked for JSON still", ask("away", "GET", "application/json").body().startsWith("{"));
        Files.write(pages.resolve("offline.html"), new byte[(1 << 20) + 1]);
        Await.until("our page", () -> ask("away", "GET", BROWSER).body().equals(ours.body()));
        Files.delete(pages.resolve("offline.html"));
        List<String> told;
        try (Stream<Path> logs = Files.list(site.proxyHome().resolve("log"))) {
            told = logs.flatMap(ErrorPagesIT::lines).filter(line -> line.contains("offline.html") && line.contains("not used")).toList();
        }
        assertEquals("one line, not one for each look", 1, told.size());
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    public void zAnOriginThatIsAway() throws Exception {
        site.origin().shut();
        try {
            HttpResponse<String> response = ask(Site.NAME, "GET", "application/json");
            assertEquals(502, response.statusCode());
            assertEquals("origin-unreachable", field(response, "Adit-Error"));
            assertFalse("nothing of the other side's addresses", response.body().contains("127.0.0.1"));
        } finally {
            site.origin().open();
        }
    }
}

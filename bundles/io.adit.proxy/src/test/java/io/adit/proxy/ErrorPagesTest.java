package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.adit.api.ErrorCode;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What visitors are told, in which form, and the host's own pages. */
public class ErrorPagesTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();
    private PagesFolder folder;

    @After
    public void close() {
        if (folder != null) {
            folder.close();
        }
    }

    private ErrorPages pages(Path path) {
        folder = new PagesFolder(path, 2000, 100);
        return new ErrorPages(folder);
    }

    private static String body(ErrorPages.Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    public void theFormatIsWhatTheVisitorWouldRatherHave() {
        String[][] rows = {{"HTML", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, {"HTML", "text/html"},
            {"HTML", "TEXT/HTML;level=1"}, {"HTML", "application/json;q=0.5, text/html;q=0.6"}, {"JSON", "application/json;q=0.7, text/html;q=0.6"},
            {"HTML", "application/json;q=0, text/html;q=0.1"}, {"JSON", "application/json"}, {"JSON", "application/json, text/plain, */*"},
            {"JSON", "application/*"}, {"JSON", "application/json;charset=\"a,b\", text/html;q=0.9"}, {"PROBLEM_JSON", "application/problem+json"},
            {"PROBLEM_JSON", "application/problem+json, application/json;q=0.9"}, {"JSON", "application/problem+json;q=0.1, application/json"},
            {"PROBLEM_JSON", "application/vnd.x+json"}, {"PLAIN", "*/*"}, {"PLAIN", "text/plain"}, {"PLAIN", "text/*"}, {"PLAIN", "image/png"},
            {"PLAIN", "image/avif,image/webp,*/*;q=0.8"}, {"PLAIN", ""}, {"PLAIN", ";;q=,,"}, {"PLAIN", "text/html;q=0"}, {"PLAIN", "text/html;q=x"}};
        for (String[] row : rows) {
            assertEquals(row[1], row[0], ProblemFormat.of(List.of(row[1])).name());
        }
        assertEquals(ProblemFormat.PLAIN, ProblemFormat.of(List.of()));
        assertEquals(ProblemFormat.HTML, ProblemFormat.of(List.of("application/json;q=0.2", "text/html")));
    }

    @Test
    public void pagesEscapeWhatComesFromOutside() {
        ErrorPages pages = pages(temporary.getRoot().toPath());
        Problem problem = Problem.unknown("<script>alert(1)</script>&\"'\u00e4\n");
        String page = body(pages.answer(problem, "<b>", ProblemFormat.HTML));
        assertFalse(page, page.contains("<script>") || page.contains("\u00e4"));
        assertTrue(page, page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;??"));
        String json = body(pages.answer(Problem.unknown("a\"\\\u0001b"), "", ProblemFormat.JSON));
        assertEquals("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"There is no site with the name a\\\"\\\\?b on this "
                + "server.\",\"code\":\"unknown-name\",\"retryable\":false}\n", json);
        assertEquals("Away just now\nThe site demo is known here, but it is not connected at the moment.\nIt may be back soon: try again in a while.\n",
                body(pages.answer(Problem.offline("demo", 5), "", ProblemFormat.PLAIN)));
    }

    @Test
    public void ourPageIsAllowedItsOwnStyleAndNothingElse() throws Exception {
        ErrorPages.Answer answer = pages(temporary.getRoot().toPath()).answer(Problem.offline("demo", 7), "demo.example", ProblemFormat.HTML);
        String page = body(answer);
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        String hash = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertEquals(Fields.of("Content-Type", "text/html;charset=utf-8", "Cache-Control", "no-store", "X-Content-Type-Options", "nosniff",
                "Adit-Error", "offline", "Retry-After", "7", "Content-Security-Policy",
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-" + hash + "'"), answer.fields());
        for (String none : new String[] {"<script", "style=", "http:", "https:", "url(", "@import", "Jetty", "Felix", "{title}"}) {
            assertFalse(none, page.contains(none));
        }
    }

    @Test
    public void everyCodeHasItsWordsAndIsUnique() {
        Set<String> codes = new HashSet<>();
        for (ProblemCode code : ProblemCode.values()) {
            assertTrue(code.code(), codes.add(code.code()) && code.code().matches("[a-z-]+"));
            for (String text : new String[] {code.title(), code.text(), code.advice(), code.owner()}) {
                assertTrue(text, text.matches("[\\x20-\\x7e]{5,200}"));
            }
        }
        assertEquals(ProblemCode.BAD_REQUEST, ProblemCode.of(417));
        assertEquals(ProblemCode.BAD_REQUEST, ProblemCode.of(505));
        for (ProblemCode code : ProblemCode.values()) {
            assertEquals(code.status(), ProblemCode.of(code.status()).status());
        }
        assertEquals(new Problem(ProblemCode.BAD_REQUEST, 404, ProblemCode.BAD_REQUEST.title(), ProblemCode.BAD_REQUEST.text(), 0, true), Problem.of(404));
        for (ErrorCode code : ErrorCode.values()) {
            Problem problem = Problem.of(code, 3);
            assertTrue(code.name(), problem.status() >= 502 && problem.status() <= 504);
            assertTrue("only what was certainly not carried out is called retryable: " + code,
                    !problem.code().isRetryable() || code.isRetryable() && problem.retryAfter() == 3);
        }
    }

    @Test
    public void theHostsPagesAreUsedAndChangesArePickedUp() throws Exception {
        Path path = temporary.getRoot().toPath().resolve("pages");
        ErrorPages pages = pages(path);
        Problem offline = Problem.offline("demo", 5);
        assertTrue(body(pages.answer(offline, "h", ProblemFormat.HTML)).contains("What you can do"));
        Files.createDirectory(path);
        Files.writeString(path.resolve("5xx.html"), "any {status} of {host}");
        await(pages, offline, "any 503 of &lt;h&gt;");
        Files.writeString(path.resolve("offline.html"), "<style>b{color:red}</style>{status} {title} {text} {code} {host} {advice} {owner} {other}");
        await(pages, offline, "<style>b{color:red}</style>503 " + offline.title() + " " + offline.text() + " offline &lt;h&gt; "
                + offline.code().advice() + " " + offline.code().owner() + " {other}");
        assertTrue(pages.answer(offline, "", ProblemFormat.HTML).fields().first("Content-Security-Policy").endsWith(
                "frame-ancestors 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"));
        assertEquals("any 504 of ", body(pages.answer(Problem.late(), "", ProblemFormat.HTML)));
        assertTrue(body(pages.answer(Problem.unknown("x"), "", ProblemFormat.HTML)).contains("What you can do"));
        Files.writeString(path.resolve("offline.html"), "changed");
        await(pages, offline, "changed");
        Files.delete(path.resolve("offline.html"));
        await(pages, offline, "any 503 of &lt;h&gt;");
        Files.delete(path.resolve("5xx.html"));
        awaitOwn(pages, offline);
    }

    @Test
    public void filesThatCannotBeUsedLeaveUsWithOurs() throws Exception {
        Path path = temporary.getRoot().toPath();
        Files.writeString(path.resolve("offline.html"), "x".repeat(2001));
        Files.write(path.resolve("timeout.html"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.createDirectory(path.resolve("4xx.html"));
        Files.writeString(path.resolve("secret.html"), "not one of the names");
        ErrorPages pages = pages(path);
        for (Problem problem : List.of(Problem.offline("demo", 5), Problem.late(), Problem.unknown("x"))) {
            assertNull(problem.code().code(), folder.find(problem));
        }
        Files.writeString(path.resolve("offline.html"), "x".repeat(2000));
        await(pages, Problem.offline("demo", 5), "x".repeat(2000));
        // one that has become too large is not used any more either
        Files.writeString(path.resolve("offline.html"), "y".repeat(2001));
        awaitOwn(pages, Problem.offline("demo", 5));
        new PagesFolder(path.resolve("timeout.html"), 2000, 100).close();
    }

    private static void awaitOwn(ErrorPages pages, Problem problem) {
        await(() -> body(pages.answer(problem, "<h>", ProblemFormat.HTML)).contains("What you can do"), "our own page");
    }

    private static void await(ErrorPages pages, Problem problem, String expected) {
        await(() -> body(pages.answer(problem, "<h>", ProblemFormat.HTML)).equals(expected), expected);
    }

    private static void await(java.util.function.BooleanSupplier condition, String what) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue("not within 20 s: " + what, System.nanoTime() - end < 0);
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    public void overHttp() throws Exception {
        try (ProxyServer server = new ProxyServer(Map.of("retry.after.seconds", 9)); Browser browser = server.browser()) {
            browser.send("HEAD / HTTP/1.1\r\nHost: away.localhost\r\nAccept: application/problem+json\r\n\r\n");
            String head = browser.head();
            assertTrue(head, head.startsWith("HTTP/1.1 503 ") && head.contains("\r\nAdit-Error: offline\r\n") && head.contains("\r\nRetry-After: 9\r\n")
                    && head.contains("\r\nContent-Type: application/problem+json\r\n") && head.contains("\r\nContent-Length: "));
            // no body, or this answer would not be found
            browser.send("GET / HTTP/1.1\r\nHost: nobody.localhost\r\n\r\n");
            assertTrue(browser.head().contains("\r\nAdit-Error: unknown-name\r\n"));
        }
    }

    @Test
    public void errorsOfTheServerItselfAreInTheSameWords() throws Exception {
        try (ProxyServer server = new ProxyServer(Map.of())) {
            String long64 = "x".repeat(140_000);
            String[][] rows = {{"GET / HTTP/1.1\r\n\r\n", "400", "bad-request", "text/plain"},
                {"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", "400", "bad-request", "text/plain"},
                {"GET http://other.localhost/ HTTP/1.1\r\nHost: demo.localhost\r\nAccept: text/html\r\n\r\n", "400", "bad-request", "text/"},
                {"GET / HTTP/1.1\r\nHost: demo.localhost\r\nCookie: " + long64 + "\r\n\r\n", "431", "head-too-large", "text/html"},
                {"GET /" + long64 + " HTTP/1.1\r\nHost: demo.localhost\r\n\r\n", "414", "uri-too-long", "text/html"}};
            for (String[] row : rows) {
                String request = row[0].length() > 200 ? row[0].substring(0, 80) : row[0];
                try (Browser browser = server.browser()) {
                    browser.send(row[0]);
                    String head = browser.head();
                    String told = request + head;
                    assertTrue(told, head.startsWith("HTTP/1.1 " + row[1] + " "));
                    assertTrue(told, head.contains("\r\nAdit-Error: " + row[2] + "\r\n") && head.contains("\r\nContent-Type: " + row[3]));
                    assertTrue(told, head.contains("\r\nCache-Control: no-store\r\n"));
                    // where the version was not read yet it is an answer to HTTP/1.0, which closes unsaid
                    assertTrue(told, head.contains("\r\nConnection: close\r\n") || row[1].equals("414") && !head.contains("\r\nConnection:"));
                    assertFalse(told, head.contains("Jetty"));
                }
            }
            assertEquals(0, server.peers.ids.get());
        }
    }

    @Test
    public void theOriginCannotFakeTheField() throws Exception {
        try (ProxyServer server = new ProxyServer(Map.of()); Browser browser = server.browser()) {
            server.peers.handler = stream -> {
                stream.answer(new ResponseHead(103, "", Fields.of("Link", "</a>", "adit-error", "offline"), "", -1), false);
                stream.answer(new ResponseHead(503, "", Fields.of("ADIT-ERROR", "offline", "X", "1"), "", 0), true);
            };
            browser.get("/");
            String interim = browser.head();
            String head = browser.head();
            assertTrue(interim, interim.startsWith("HTTP/1.1 103 ") && !interim.toLowerCase(java.util.Locale.ROOT).contains("adit-error"));
            assertTrue(head, head.startsWith("HTTP/1.1 503 ") && head.contains("\r\nX: 1\r\n") && !head.toLowerCase(java.util.Locale.ROOT).contains("adit-error"));
        }
    }
}

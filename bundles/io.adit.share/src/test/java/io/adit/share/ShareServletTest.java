package io.adit.share;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a client sees, through a real Jetty. */
public class ShareServletTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final byte[] content = new byte[300_000];
    private Path root;
    private ShareServer server;

    @Before
    public void start() throws Exception {
        root = temporary.newFolder("root").toPath();
        new Random(1).nextBytes(content);
        Files.write(root.resolve("data.bin"), content);
        Files.writeString(root.resolve("empty.txt"), "");
        Files.createDirectories(root.resolve("sub/a:b"));
        Files.writeString(root.resolve("sub/page.html"), "<p>page");
        Files.writeString(root.resolve(".hidden"), "h");
        Files.writeString(temporary.getRoot().toPath().resolve("secret.txt"), "secret");
        server = new ShareServer(root, Map.of());
    }

    @After
    public void stop() {
        server.close();
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join("|", response.headers().allValues(name));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    public void aFileWithItsHead() throws Exception {
        HttpResponse<byte[]> response = server.get("/data.bin");
        assertEquals(200, response.statusCode());
        assertArrayEquals(content, response.body());
        assertEquals("300000", header(response, "Content-Length"));
        assertEquals("application/octet-stream", header(response, "Content-Type"));
        assertEquals("bytes", header(response, "Accept-Ranges"));
        assertEquals("nosniff", header(response, "X-Content-Type-Options"));
        assertEquals("no-cache", header(response, "Cache-Control"));
        assertEquals(HttpDates.format(Files.getLastModifiedTime(root.resolve("data.bin")).toMillis() / 1000), header(response,
            "Last-Modified"));
        assertTrue(header(response, "ETag").matches("\"[0-9a-f-]+\""));

        HttpResponse<byte[]> head = server.send("HEAD", "/data.bin", "Range", "bytes=0-1");
        assertEquals("a range is for GET", 200, head.statusCode());
        assertEquals(0, head.body().length);
        for (String name : List.of("Content-Length", "Content-Type", "Accept-Ranges", "ETag", "Last-Modified", "Cache-Control",
            "X-Content-Type-Options")) {
            assertEquals(name, header(response, name), header(head, name));
        }
        HttpResponse<byte[]> empty = server.get("/empty.txt");
        assertEquals(200, empty.statusCode());
        assertEquals("0", header(empty, "Content-Length"));
        assertEquals("text/plain; charset=utf-8", header(empty, "Content-Type").replace(";charset", "; charset"));
    }

    @Test
    public void methods() throws Exception {
        assertEquals(204, server.send("OPTIONS", "/data.bin").statusCode());
        assertEquals("GET, HEAD, OPTIONS", header(server.send("OPTIONS", "/"), "Allow"));
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "PROPFIND", "get")) {
            HttpResponse<byte[]> response = server.send(method, "/data.bin");
            assertEquals(method, 405, response.statusCode());
            assertEquals("GET, HEAD, OPTIONS", header(response, "Allow"));
        }
        assertArrayEquals(content, Files.readAllBytes(root.resolve("data.bin")));
    }

    @Test
    public void oneRange() throws Exception {
        HttpResponse<byte[]> response = server.get("/data.bin", "Range", "bytes=100-299");
        assertEquals(206, response.statusCode());
        assertEquals("bytes 100-299/300000", header(response, "Content-Range"));
        assertArrayEquals(Arrays.copyOfRange(content, 100, 300), response.body());
        assertArrayEquals(Arrays.copyOfRange(content, 299_000, 300_000), server.get("/data.bin", "Range", "bytes=-1000").body());

        response = server.get("/data.bin", "Range", "bytes=300000-");
        assertEquals(416, response.statusCode());
        assertEquals("bytes */300000", header(response, "Content-Range"));
        assertEquals(200, server.get("/data.bin", "Range", "bytes=" + "0-0,9000-9001,".repeat(9)).statusCode());
    }

    @Test
    public void severalRanges() throws Exception {
        HttpResponse<byte[]> response = server.get("/data.bin", "Range", "bytes=200000-299999,0-9,-0");
        assertEquals(206, response.statusCode());
        String type = header(response, "Content-Type");
        assertTrue(type, type.startsWith("multipart/byteranges; boundary=") || type.startsWith("multipart/byteranges;boundary="));
        assertEquals("", header(response, "Content-Range"));
        String boundary = type.substring(type.indexOf('=') + 1);
        String part = "\r\n--" + boundary + "\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ";
        String expected = part + "200000-299999/300000\r\n\r\n" + latin1(200_000, 300_000) + part + "0-9/300000\r\n\r\n"
            + latin1(0, 10)
            + "\r\n--" + boundary + "--\r\n";
        assertEquals(expected, new String(response.body(), StandardCharsets.ISO_8859_1));
        assertEquals(String.valueOf(expected.length()), header(response, "Content-Length"));
    }

    private String latin1(int from, int to) {
        return new String(content, from, to - from, StandardCharsets.ISO_8859_1);
    }

    @Test
    public void conditionalRequests() throws Exception {
        HttpResponse<byte[]> first = server.get("/data.bin");
        String etag = header(first, "ETag");
        String date = header(first, "Last-Modified");
        HttpResponse<byte[]> same = server.get("/data.bin", "If-None-Match", "\"x\"", "If-None-Match", etag);
        assertEquals(304, same.statusCode());
        assertEquals(etag, header(same, "ETag"));
        assertEquals("no-cache", header(same, "Cache-Control"));
        assertEquals("", header(same, "Content-Type"));
        assertEquals(304, server.send("HEAD", "/data.bin", "If-Modified-Since", date).statusCode());
        assertEquals(412, server.get("/data.bin", "If-Match", "\"x\"").statusCode());
        assertEquals(412, server.get("/data.bin", "If-Match", "\"x\"", "Range", "bytes=0-1").statusCode());
        assertEquals(206, server.get("/data.bin", "If-Match", etag, "Range", "bytes=0-1").statusCode());
        assertEquals(304, server.get("/data.bin", "If-None-Match", etag, "Range", "bytes=0-1").statusCode());
        assertEquals(206, server.get("/data.bin", "If-Range", etag, "Range", "bytes=0-1").statusCode());
        assertEquals(206, server.get("/data.bin", "If-Range", date, "Range", "bytes=0-1").statusCode());
        HttpResponse<byte[]> other = server.get("/data.bin", "If-Range", "\"x\"", "Range", "bytes=999999-");
        assertEquals("the whole, not 416", 200, other.statusCode());
        assertArrayEquals(content, other.body());

        Files.write(root.resolve("new.bin"), content);
        Files.setLastModifiedTime(root.resolve("new.bin"), Files.getLastModifiedTime(root.resolve("data.bin")));
        Files.move(root.resolve("new.bin"), root.resolve("data.bin"), StandardCopyOption.REPLACE_EXISTING);
        assertNotEquals("replaced by one of the same size and date", etag, header(server.get("/data.bin"), "ETag"));

        String page = header(server.get("/sub/"), "ETag");
        assertEquals(304, server.get("/sub/", "If-None-Match", page).statusCode());
        Files.writeString(root.resolve("sub/new.txt"), "new");
        assertEquals(200, server.get("/sub/", "If-None-Match", page).statusCode());
    }

    @Test
    public void noTargetLeadsOut() throws Exception {
        Files.createSymbolicLink(root.resolve("link.txt"), temporary.getRoot().toPath().resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("up"), temporary.getRoot().toPath());
        String absolute = temporary.getRoot().toPath().resolve("secret.txt").toString();
        for (String target : List.of("/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/.%2E/secret.txt",
            "/..%2fsecret.txt",
            "/%2e%2e%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt", "/%252e%252e/secret.txt", "/..;/secret.txt",
                "/..;a=b/secret.txt", "/link.txt",
            "/up/secret.txt", "/up/", "/" + absolute, "/%2F" + absolute.substring(1), absolute, "/C:/secret.txt",
                "/C:%5Csecret.txt", "/.hidden",
            "/%2Ehidden", "/sub/./page.html", "/sub//page.html", "//data.bin", "/data.bin/", "/data.bin%00.txt", "/data.bin%00",
                "/%c0%ae%c0%ae/secret.txt",
            "/%uff0e/secret.txt", "/%", "/%zz", "/%E4", "/nothing", "/sub/page.html;x", "/sub/page.html%20")) {
            int status = server.status(target);
            assertTrue(target + " " + status, status == 404 || status == 400);
        }
        assertEquals(200, server.status("/sub/page.html"));
        assertEquals(200, server.status("/sub/p%61ge.html"));
        assertEquals(400, server.status("/%E4"));
    }

    @Test
    public void anyNameIsListedAndServed() throws Exception {
        List<String> names = List.of("a b.txt", "100%.txt", "#1.txt", "a?b.txt", "\"q\".txt", "'q'.txt", "ü.txt", "😀.txt",
            "<script>.txt", "a:b.txt", "a;b=c.txt",
            "a\\b.txt", "a+b.txt", "%41.txt", "a\nb.txt", "&amp;.txt");
        Path folder = Files.createDirectory(root.resolve("names"));
        for (String name : names) {
            Files.writeString(folder.resolve(name), name);
        }
        HttpResponse<byte[]> page = server.get("/names/");
        assertEquals("no-cache", header(page, "Cache-Control"));
        assertEquals(Page.SECURITY_POLICY, header(page, "Content-Security-Policy"));
        assertFalse(text(page).contains("<script"));
        for (String name : names) {
            assertTrue(name, text(page).contains("href=\"" + UrlPath.encode(name) + "\""));
            HttpResponse<byte[]> file = server.get("/names/" + UrlPath.encode(name));
            assertEquals(name, 200, file.statusCode());
            assertEquals(name, text(file));
        }
    }

    @Test
    public void folders() throws Exception {
        HttpResponse<byte[]> redirect = server.get("/sub?sort=-size&x=%20");
        assertEquals(301, redirect.statusCode());
        assertEquals("./sub/?sort=-size&x=%20", header(redirect, "Location"));
        assertEquals("./a%3Ab/", header(server.get("/sub/a%3Ab"), "Location"));
        assertTrue(text(server.get("/sub/?x&sort=-size")).contains("<a href=\"?sort=size\" aria-current=\"true\">"));
        assertEquals("a query is no reason to fail", 200, server.status("/sub/?sort=%zz&%E4&=&sort"));
        assertTrue(text(server.get("/sub/a%3Ab/")).contains("This folder is empty."));
        Files.writeString(root.resolve("sub/index.html"), "index");
        assertEquals("index", text(server.get("/sub/")));
        assertFalse("hidden files are not listed", text(server.get("/")).contains(".hidden"));
        HttpResponse<byte[]> missing = server.get("/nothing");
        assertEquals(404, missing.statusCode());
        assertEquals("no-store", header(missing, "Cache-Control"));
        assertTrue(text(missing).contains("Nothing here") && text(missing).contains("href=\"/\""));
        assertEquals(0, server.send("HEAD", "/nothing").body().length);
    }

    @Test
    public void configurationTakesEffect() throws Exception {
        Map<String, Object> values = Map.of("listing", false, "hidden", true, "index", "page.html", "cache.seconds", 60,
            "ranges.max", 1);
        try (ShareServer other = new ShareServer(root, values)) {
            assertEquals(404, other.get("/").statusCode());
            assertEquals("h", text(other.get("/.hidden")));
            assertEquals("<p>page", text(other.get("/sub/")));
            assertEquals("max-age=60", header(other.get("/data.bin"), "Cache-Control"));
            assertEquals(200, other.get("/data.bin", "Range", "bytes=0-0,1000-1000").statusCode());
        }
    }

    @Test
    public void worksUnderAnyPrefix() throws Exception {
        for (String context : List.of("/", "/con text")) {
            try (ShareServer other = new ShareServer(root, Map.of("path", "/pré/fix"), context, 30_000)) {
                String prefix = (context.equals("/") ? "" : "/con%20text") + "/pr%C3%A9/fix";
                assertArrayEquals(content, other.get(prefix + "/data.bin").body());
                assertEquals("./fix/", header(other.get(prefix), "Location"));
                assertTrue(text(other.get(prefix + "/")).contains("href=\"data.bin\""));
                assertEquals(404, other.status(prefix + "/../fix/data.bin"));
                assertEquals(404, other.get("/data.bin").statusCode());
                assertTrue(text(other.get(prefix + "/nothing")).contains("href=\"" + prefix + "/\""));
            }
        }
    }
}

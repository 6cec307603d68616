package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * curl at Apache httpd, each way of use once without and once with the tunnel: exit code, the bytes and the response heads (lines, order and
 * case) are the same, but for what is about one connection.
 */
public class CurlIT {

    private static final int SIZE = 3_000_017;
    private static final int PARALLEL = 30;
    /** How long curl, proxy and peer wait for the origin's 100 (Continue): nobody may ask for a body instead of it. */
    private static final int PATIENCE_SECONDS = 60;
    /** What belongs to one connection (RFC 9110 section 7.6.1), and the one that tells the second. */
    private static final Set<String> NOT_COMPARED = Set.of("connection", "keep-alive", "transfer-encoding", "date",
        // Framing too; that it is kept where the origin sent it is checked apart from its place among the others.
        "content-length");

    private static Httpd httpd;
    private static Site site;
    private static Path folder;
    private static byte[] content;

    @BeforeClass
    public static void start() throws Exception {
        Program.assumeInstalled(CurlIT.class, Httpd.PROGRAM, "curl");
        httpd = Httpd.start();
        site = Site.sharedBefore(httpd.url(), CurlIT.class, "io.adit.proxy:continue.timeout.millis=" + PATIENCE_SECONDS * 1000,
            "io.adit.origin:continue.timeout.millis=" + PATIENCE_SECONDS * 1000);
        folder = site.folder();
        try (InputStream in = new Pattern(SIZE); OutputStream out = Files.newOutputStream(folder.resolve("content"))) {
            in.transferTo(out);
        }
        content = Files.readAllBytes(folder.resolve("content"));
        Path files = httpd.folder("files");
        Files.write(files.resolve("content.bin"), content);
        Files.setLastModifiedTime(files.resolve("content.bin"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.writeString(Files.createDirectory(files.resolve("new")).resolve("page.html"), "<p>a page of many words</p>\n".repeat(1000));
        for (int i = 1; i <= PARALLEL; i++) {
            Files.write(files.resolve("part" + i), Arrays.copyOfRange(content, i * 1000, i * 1000 + 90_000 + i));
        }
        // With its length: whether Apache finds one by itself depends on how much of the script's output is there when it looks.
        httpd.script("digest", "sum=$(sha256sum); printf 'Content-Type: text/plain\\nContent-Length: 68\\n\\n%s\\n' \"$sum\"\n");
        httpd.script("long", "printf 'Content-Type: text/plain\\n\\n'; seq 1 200000\n");
        httpd.script("nph-trailers", """
            printf 'HTTP/1.1 103 Early Hints\\r\\nLink: </style.css>; rel=preload\\r\\n\\r\\n'
            printf 'HTTP/1.1 200 Fine\\r\\nTransfer-Encoding: chunked\\r\\nTrailer: Check-Sum, x-Count\\r\\n'
            printf 'Set-Cookie: a=1\\r\\nX-lower: one\\r\\nSet-Cookie: b=2; Path=/\\r\\nEmpty:\\r\\n\\r\\n'
            printf '7\\r\\nmessage\\r\\n0\\r\\nCheck-Sum: 78e731027d8f\\r\\nx-Count: 1\\r\\n\\r\\n'
            """);
    }

    @AfterClass
    public static void stop() throws Exception {
        try (Httpd closed = httpd) {
            if (site != null) {
                site.stop();
            }
        }
    }

    @Test
    public void rangesAreTheOrigins() throws Exception {
        same("curl -r 1000-1999", "-r", "1000-1999", "{}/content.bin");
        same("curl -r -500", "-r", "-500", "{}/content.bin");
        same("curl -r beyond the end", "-r", "99999999-", "{}/content.bin");
    }

    @Test
    public void aCutDownloadIsResumed() throws Exception {
        String result = same("curl -C -", "-C", "-", "{}/content.bin");
        assertTrue(result, result.contains(" 206, ") && result.endsWith("body " + Pattern.sha256(SIZE)));
    }

    @Test
    public void aBigUploadWaitsForTheOriginsWord() throws Exception {
        String accepted = same("curl -T, Expect: 100-continue", "-T", "content", "{}/dav/uploaded");
        assertTrue(accepted, accepted.contains("HTTP/1.1 100 Continue") && accepted.contains("HTTP/1.1 201 Created"));
        assertEquals(Pattern.sha256(SIZE), sha256(httpd.folder("dav").resolve("uploaded")));
        String refused = same("curl -T, refused before the body", "-T", "content", "-w", "status %{http_code}, uploaded %{size_upload} bytes",
            "{}/closed/");
        assertTrue(refused, refused.contains("uploaded 0 bytes") && !refused.contains("100 Continue"));
        Await.until("the origin sees Expect", () -> httpd.log().stream().filter(each -> each.startsWith("PUT /")
            && !each.contains("piped") && each.contains("Expect=100-continue")).count() == 4);
    }

    @Test
    public void anUploadFromAPipeIsChunked() throws Exception {
        String result = same("cat | curl -T -", "-T", "-", "{}/dav/piped");
        assertTrue(result, result.contains("HTTP/1.1 201 Created"));
        assertEquals(Pattern.sha256(SIZE), sha256(httpd.folder("dav").resolve("piped")));
        Await.until("chunked at the origin", () -> httpd.log().stream()
            .filter(each -> each.startsWith("PUT /dav/piped ") && each.contains("Transfer-Encoding=chunked")).count() == 2);
    }

    @Test
    public void aFormIsPosted() throws Exception {
        String result = same("curl --data-binary", "--data-binary", "@content", "{}/cgi/digest");
        String expected = Pattern.sha256(SIZE) + "  -\n";
        assertTrue(result, result.contains(Pattern.sha256(new ByteArrayInputStream(expected.getBytes(StandardCharsets.US_ASCII)))));
    }

    @Test
    public void trailersInterimResponsesAndRepeatedFieldsArrive() throws Exception {
        String result = same("curl, response trailers and 103", "--http1.1", "{}/cgi/nph-trailers");
        assertTrue(result, result.contains("HTTP/1.1 103 Early Hints\n") && result.contains("HTTP/1.1 200 Fine\n"));
        assertTrue(result, result.contains("Check-Sum: 78e731027d8f\nx-Count: 1\n"));
    }

    @Test
    public void headHasTheHeadOnly() throws Exception {
        same("curl -I", "-I", "{}/content.bin");
        same("curl -I, 404", "-I", "{}/nothing");
    }

    @Test
    public void oldClientsAreServed() throws Exception {
        same("curl --http1.0", "--http1.0", "{}/content.bin");
        same("curl --http1.0, no length", "--http1.0", "{}/cgi/long");
        same("curl --http1.0 --data-binary", "--http1.0", "--data-binary", "@content", "{}/cgi/digest");
    }

    @Test
    public void redirectsLeadBackThroughTheTunnel() throws Exception {
        String result = same("curl -L", "-L", "{}/old/page.html");
        assertTrue(result, result.contains("HTTP/1.1 301 ") && result.contains("Location: " + site.url() + "/new/page.html"));
    }

    @Test
    public void contentCodingsAreTheOrigins() throws Exception {
        String result = same("curl --compressed", "--compressed", "{}/new/page.html");
        assertTrue(result, result.contains("Content-Encoding: gzip"));
        same("curl, coding as it is", "-H", "Accept-Encoding: gzip", "{}/new/page.html");
    }

    @Test
    public void conditionsAreTheOrigins() throws Exception {
        String unchanged = same("curl -z", "-z", "1 Jan 2021 00:00:00 GMT", "{}/content.bin");
        assertTrue(unchanged, unchanged.contains("HTTP/1.1 304 Not Modified"));
        String changed = same("curl -z, changed since", "-z", "1 Jan 2019 00:00:00 GMT", "{}/content.bin");
        assertTrue(changed, changed.contains("HTTP/1.1 200 OK"));
    }

    @Test
    public void thirtyAtOnce() throws Exception {
        SideBySide.same("curl -Z, 30 at once", parallel(false), parallel(true));
    }

    private static String parallel(boolean tunnel) throws Exception {
        Path parts = Files.createDirectory(folder.resolve(tunnel ? "parts-tunnel" : "parts-direct"));
        List<String> command = command(tunnel);
        command.addAll(List.of("-f", "-Z", "--parallel-immediate", "--parallel-max", Integer.toString(PARALLEL), "-o", parts + "/part#1",
            site.url() + "/part[1-" + PARALLEL + "]"));
        Program program = Program.succeed(folder, Map.of(), command);
        StringBuilder hashes = new StringBuilder("exit " + program.exit() + ", " + PARALLEL + " files\n");
        for (int part = 1; part <= PARALLEL; part++) {
            Path file = parts.resolve("part" + part);
            assertEquals(sha256(httpd.folder("files").resolve("part" + part)), sha256(file));
            hashes.append(sha256(file)).append('\n');
        }
        return hashes.toString();
    }

    /**
     * Runs curl without and with the tunnel. The URL is the same, for what servers make of it, but the connection is not.
     *
     * @param arguments of curl; {@code {}} stands for the server's URL, {@code -T -} is a pipe
     * @return what curl saw
     */
    private static String same(String name, String... arguments) throws Exception {
        Seen direct = curl(false, List.of(arguments));
        for (String uploaded : List.of("uploaded", "piped")) {
            Files.deleteIfExists(httpd.folder("dav").resolve(uploaded));
        }
        Seen tunnel = curl(true, List.of(arguments));
        SideBySide.same(name, direct.text(), tunnel.text());
        assertTrue(name + ": lengths " + direct.lengths() + " and " + tunnel.lengths(), tunnel.lengths().containsAll(direct.lengths()));
        return tunnel.text();
    }

    /**
     * @param text everything that must agree
     * @param lengths the lines with Content-Length
     */
    private record Seen(String text, List<String> lengths) {
    }

    private static List<String> command(boolean tunnel) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "--expect100-timeout", Integer.toString(PATIENCE_SECONDS)));
        if (!tunnel) {
            command.addAll(List.of("--connect-to", "::" + httpd.url().substring("http://".length())));
        }
        return command;
    }

    private static Seen curl(boolean tunnel, List<String> arguments) throws Exception {
        Path heads = folder.resolve("heads");
        Path body = folder.resolve("body");
        Files.deleteIfExists(heads);
        Files.deleteIfExists(body);
        if (arguments.contains("-C")) {
            Files.write(body, Arrays.copyOf(content, SIZE / 3));
        }
        List<String> command = command(tunnel);
        command.addAll(List.of("-D", heads.toString(), "-w", "status %{http_code}, downloaded %{size_download} bytes"));
        command.addAll(arguments.contains("-I") ? List.of() : List.of("-o", body.toString()));
        arguments.forEach(each -> command.add(each.replace("{}", site.url())));
        if (arguments.contains("-T") && arguments.contains("-")) {
            command.addAll(0, List.of("sh", "-c", "cat content | exec \"$@\"", "sh"));
        }
        Program program = Program.run(folder, Map.of(), command);
        assertTrue("answered: " + program, Files.exists(heads));
        String told = program.out().substring(program.out().lastIndexOf("status "));
        List<String> lines = Files.readAllLines(heads, StandardCharsets.ISO_8859_1);
        return new Seen("exit " + program.exit() + ", " + told + "\n" + heads(lines) + "body "
            + (Files.exists(body) ? sha256(body) : "none"), lengths(lines));
    }

    private static String heads(List<String> lines) {
        return lines.stream().map(String::stripTrailing).filter(each -> !NOT_COMPARED.contains(name(each)))
            .map(each -> each + "\n").collect(Collectors.joining());
    }

    private static List<String> lengths(List<String> lines) {
        return lines.stream().filter(each -> name(each).equals("content-length")).toList();
    }

    private static String name(String line) {
        return line.split(":", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Pattern.sha256(in);
        }
    }
}

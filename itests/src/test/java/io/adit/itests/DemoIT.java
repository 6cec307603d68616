package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.Test;

/** {@code adit demo}: two containers, a site to look at and a console, and an end that leaves no process. */
public class DemoIT {

    private static final Pattern CONSOLE = Pattern.compile(
        "console (http://127\\.0\\.0\\.1:\\d+/system/console) user=(\\S+) password=(\\S+)");

    /** With a count it would end itself; that is seen in the launcher's SwapLoopTest. */
    @Test
    public void theDemoServesItsSiteAndItsConsoleSwapsCodecsAndEndsWithSigterm() throws Exception {
        int port = Ports.free();
        try (Adit demo = start("DemoIT-term", port, "--swap")) {
            String url = demo.awaitReady().get("url");
            assertEquals("http://demo.localhost:" + port + "/", url);
            HttpResponse<byte[]> page = new Web("http://127.0.0.1:" + port, "demo").get("/");
            assertEquals(200, page.statusCode());
            assertTrue(new String(page.body(), StandardCharsets.UTF_8).contains("<html"));
            Matcher console = Await.value("the console's line", () -> demo.out().stream().map(CONSOLE::matcher)
                .filter(Matcher::matches).findFirst());
            assertEquals("without a password", 401, console(console.group(1), "admin:admin"));
            assertEquals(200, console(console.group(1), console.group(2) + ":" + console.group(3)));
            assertEquals("demo, proxy and peer", 3, demo.family().size());
            SecretsIT.assertKept(demo, Path.of(System.getProperty("adit.itests"), "DemoIT-term").toAbsolutePath());
            Await.until("four swaps: " + demo, () -> {
                assertTrue("it ended: " + demo, demo.isAlive());
                return swaps(demo).size() >= 4;
            });
            demo.stop();
            assertEquals(List.of(), demo.err());
            List<String> swaps = swaps(demo);
            assertTrue(swaps.get(0), swaps.get(0).contains("removed at the proxy, the session uses v1"));
            assertTrue(swaps.get(3), swaps.get(3).contains("back at the peer, the session uses v2"));
            String total = demo.out().get(demo.out().size() - 1);
            assertTrue(total, total.matches("[1-9]\\d* requests, 0 failed, longest pause \\d+ ms"));
        }
    }

    @Test
    public void aKilledDemoTakesItsChildrenWithIt() throws Exception {
        int port = Ports.free();
        try (Adit demo = start("DemoIT-kill", port)) {
            demo.awaitReady();
            List<ProcessHandle> family = demo.family();
            assertEquals("demo, proxy and peer", 3, family.size());
            demo.kill();
            Adit.awaitGone(family);
        }
    }

    @Test
    public void aTakenPortEndsTheDemoWithOneLine() throws Exception {
        try (Origin somebody = Origin.start(); Adit demo = start("DemoIT-taken", URI.create(somebody.url()).getPort())) {
            demo.awaitExit(1);
            assertTrue(demo.err().toString(), demo.err().get(0).contains("--http-port"));
        }
    }

    private static Adit start(String folder, int port, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("demo", "--http-port", Integer.toString(port), "--tunnel-port", "0", "--admin-port", "0",
            "--home", Adit.folder(folder).toString()));
        arguments.addAll(List.of(more));
        return Adit.process(arguments.toArray(String[]::new));
    }

    private static List<String> swaps(Adit demo) {
        return demo.out().stream().filter(each -> each.startsWith("swap ")).toList();
    }

    private static int console(String url, String login) throws Exception {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
        return client.send(HttpRequest.newBuilder(URI.create(url + "/bundles")).header("Authorization",
            "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}

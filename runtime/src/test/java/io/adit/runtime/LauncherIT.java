package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The command as a user has it: the script of the distribution, real processes, real ports. */
public class LauncherIT {

    private static final long PATIENCE_SECONDS = 120;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Path script = Path.of(System.getProperty(Distribution.PROPERTY), "bin", "adit");
    private final HttpClient browser = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();

    @After
    public void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    public void aProxyServesIsManagedAndEndsWithZero() throws Exception {
        Path home = temporary.getRoot().toPath().resolve("home");
        Process proxy = start("proxy", "--home", home.toString(), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0");
        String ready = lineFrom(proxy, "READY ");
        String http = word(ready, "http");
        String admin = word(ready, "admin");

        assertEquals("no login, no console", 401, get(admin + "/system/console/bundles", null).statusCode());
        String password = Files.readString(home.resolve("conf/admin.password")).trim();
        assertEquals(200, get(admin + "/system/console/bundles", password).statusCode());
        HttpResponse<String> outside = get(http + "/system/console/bundles", password);
        assertNotEquals("the console is not on the public port", 200, outside.statusCode());
        assertNotEquals(401, outside.statusCode());
        assertNotEquals(401, get(http + "/adit/api/names", null).statusCode());

        Result invited = run("invite", "--home", home.toString(), "photos");
        assertEquals(invited.err, 0, invited.code);
        assertTrue(invited.out, invited.out.strip().matches("adit://photos:\\S+"));
        assertTrue(run("names", "--home", home.toString()).out.startsWith("photos\toffline\t"));
        assertEquals(0, run("revoke", "--home", home.toString(), "photos").code);
        assertEquals("", run("names", "--home", home.toString()).out);
        assertLine(1, "there is no name", run("revoke", "--home", home.toString(), "photos"));

        assertLine(1, "is in use by process " + proxy.pid(), run("proxy", "--home", home.toString()));
        String port = Integer.toString(URI.create(http).getPort());
        Result second = run("proxy", "--home", home + "2", "--http-port", port, "--tunnel-port", "0", "--admin-port", "0");
        assertLine(1, "port " + port + " is taken", second);

        proxy.destroy();
        assertTrue("the process ends", proxy.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, proxy.exitValue());
        assertFalse(Files.exists(home.resolve("data/run.properties")));
        assertLine(1, "no proxy is running", run("names", "--home", home.toString()));
    }

    @Test
    public void aBadValueOfAConfigurationIsOneLine() throws Exception {
        Result result = run("proxy", "--home", temporary.getRoot() + "/home",
            "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0", "--set", "io.adit.acceptor:backlog=0");
        assertLine(1, "backlog", result);
    }

    @Test
    public void aPeerWithoutAProxySaysSoAndTriesOn() throws Exception {
        try (Socket nobody = new Socket()) {
            // Bound, so that no other gets the port, and not listening.
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Path home = temporary.getRoot().toPath().resolve("home");
            Process peer = start("peer", "--home", home.toString(), "--origin", "http://127.0.0.1:1", "--start-timeout", "5",
                "--invite", "adit://demo:" + "A".repeat(43) + "@127.0.0.1:" + nobody.getLocalPort() + "?tls=off");
            assertTrue(peer.errorReader().readLine().contains("trying on"));
            assertTrue(peer.isAlive());
            peer.destroy();
            assertTrue(peer.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(0, peer.exitValue());
        }
    }

    @Test
    public void theChildrenOfADemoThatIsKilledEnd() throws Exception {
        Process demo = start("demo", "--home", temporary.getRoot() + "/demo", "--http-port", "0");
        String url = word(lineFrom(demo, "READY "), "url");
        assertTrue(url, url.matches("http://demo\\.localhost:[0-9]+/"));
        List<ProcessHandle> children = demo.children().toList();
        assertEquals(2, children.size());
        demo.destroyForcibly();
        for (ProcessHandle child : children) {
            child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private HttpResponse<String> get(String url, String password) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (password != null) {
            request.header("Authorization",
                "Basic " + Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8)));
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        if (!arguments[0].equals("demo")) {
            // For what is over before the second compiler would pay; the demo is as a user has it.
            builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        }
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private record Result(int code, String out, String err) {
    }

    private Result run(String... arguments) throws Exception {
        Process process = start(arguments);
        process.getOutputStream().close();
        assertTrue("ends by itself: " + List.of(arguments), process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        return new Result(process.exitValue(), new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
            new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static void assertLine(int code, String mention, Result result) {
        assertEquals(result.err, code, result.code);
        assertEquals("one line: " + result.err, 1, result.err.lines().count());
        assertTrue(result.err, result.err.contains(mention));
    }

    private static String lineFrom(Process process, String start) throws IOException {
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith(start)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new AssertionError("ended without " + start + ": "
                + new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return line;
    }

    private static String word(String line, String key) {
        return Arrays.stream(line.split(" ")).filter(word -> word.startsWith(key + "=")).findFirst().orElseThrow()
            .substring(key.length() + 1);
    }
}

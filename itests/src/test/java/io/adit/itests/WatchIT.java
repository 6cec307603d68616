package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.felix.utils.json.JSONParser;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** What tells operators how a proxy and a peer are: diagnosis and health checks, while all is well and with real faults. */
public class WatchIT {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();
    private static final String OK = "OK";

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.shared(WatchIT.class);
        site.origin().on("/", exchange -> Origin.answer(exchange, 200, exchange.getRequestMethod().equals("HEAD") ? new byte[0] : "home".getBytes(StandardCharsets.UTF_8)));
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    private static HttpResponse<String> get(String url, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Await.DEADLINE);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Of each check by the name that is its second tag: status, and the first message. */
    private static Map<String, String> health(String admin) throws Exception {
        Map<String, String> found = new LinkedHashMap<>();
        Map<String, Object> json = new JSONParser(get(admin + "/system/health.json").body()).getParsed();
        for (Object each : (List<?>) json.get("results")) {
            Map<?, ?> result = (Map<?, ?>) each;
            String message = String.join("; ", ((List<?>) result.get("messages")).stream().map(one -> String.valueOf(((Map<?, ?>) one).get("message"))).toList());
            found.put((String) ((List<?>) result.get("tags")).get(1), result.get("status") + " " + message);
        }
        return found;
    }

    private static void awaitHealth(String admin, String check, String start, String within) throws Exception {
        Await.until(check + " is " + start + " ... " + within + " of " + health(admin), () -> {
            String now = health(admin).getOrDefault(check, "");
            return now.startsWith(start) && now.contains(within);
        });
    }

    private static void assertLine(String pattern, List<String> lines) {
        assertTrue(pattern + " is not in " + lines, lines.stream().anyMatch(line -> line.matches(pattern)));
    }

    @Test
    public void theDiagnosisTellsWhatWorks() throws Exception {
        List<String> proxy = Adit.run("diag", "--home", site.proxyHome().toString(), Site.NAME);
        assertLine("OK +Tunnel port: TLS +TLSv1.3, the right certificate, .*", proxy);
        assertLine("OK +Public port \\(http\\) .* answers .*", proxy);
        assertLine("OK +Probe: Origin .* answered with 200.*", proxy);
        assertEquals("All is well.", proxy.get(proxy.size() - 1));
        List<String> peer = Adit.run("diag", "--home", site.peerHome().toString());
        for (String step : List.of("Peer", "DNS", "TCP", "TLS", "Name", "HTTP", "Clock", "Origin")) {
            assertLine("OK +" + step + " .*", peer);
        }
        assertLine("(OK|WARN) +Throughput +[0-9.]+ Mbit/s through tunnel and proxy .*", peer);
        assertTrue("no secret is told: " + peer, peer.stream().noneMatch(line -> line.contains("adit://")));
    }

    @Test
    public void aSecondDiagnosisAtTheSameTimeIsToldWhatTheFirstFinds() throws Exception {
        site.awaitServing();
        List<Adit> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            both.add(Adit.start("diag", "--home", site.proxyHome().toString()));
        }
        for (Adit diag : both) {
            try (diag) {
                diag.awaitExit(0);
                assertLine("OK +Public port .*", diag.out());
                assertEquals(List.of(), diag.err());
            }
        }
    }

    @Test
    public void allIsWell() throws Exception {
        Map<String, String> proxy = health(site.proxyAddress("admin"));
        assertEquals(22, proxy.size());
        assertTrue(proxy.toString(), proxy.values().stream().allMatch(each -> each.startsWith(OK)));
        assertTrue(proxy.toString(), proxy.get("tunnel-port").contains(site.proxyAddress("tunnel")) && proxy.get("public-port").contains(site.proxyAddress("http")));
        assertTrue(proxy.toString(), proxy.get("tunnel-certificate").contains("good until") && proxy.get("acme").contains("not in use here"));
        Map<String, String> peer = health(site.peerAddress("admin"));
        assertEquals(12, peer.size());
        assertTrue(peer.toString(), peer.values().stream().allMatch(each -> each.startsWith(OK)));
        HttpResponse<String> ready = get(site.proxyAddress("admin") + "/system/health.txt?tags=adit-ready");
        assertEquals("200 OK", ready.statusCode() + " " + ready.body());
        assertFalse("none of it is for visitors", site.web().get("/system/health").headers().firstValue("X-Health").isPresent());
    }

    private static HttpResponse<String> console(String admin, Path home, String path) throws Exception {
        String login = "admin:" + Files.readString(home.resolve("conf/admin.password")).strip();
        return get(admin + "/system/console/" + path, "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    public void theInventoryHasAllAndNoSecret() throws Exception {
        HttpResponse<String> text = console(site.proxyAddress("admin"), site.proxyHome(), "status-adit.txt");
        assertEquals(200, text.statusCode());
        assertTrue(text.body(), text.body().contains("name=io.adit.registry  version=") && text.body().contains("  io.adit.acceptor = {") && text.body().contains("name=" + Site.NAME + "  session="));
        HttpResponse<String> json = console(site.peerAddress("admin"), site.peerHome(), "status-adit.json");
        String invitation = Files.readString(site.peerHome().resolve("conf/invitation")).replaceAll("(?s).*adit://[a-z]+:([A-Za-z0-9_-]+).*", "$1");
        assertEquals(43, invitation.length());
        assertFalse("the invitation's secret", json.body().contains(invitation));
        Map<String, Object> all = new JSONParser(json.body()).getParsed();
        Map<?, ?> connector = ((Map<?, ?>) all.get("configurations")).entrySet().stream().filter(each -> each.getKey().toString().startsWith("io.adit.connector"))
            .map(each -> (Map<?, ?>) each.getValue()).findFirst().orElseThrow();
        assertEquals("where it is, is no secret", "conf/invitation", connector.get("invitation.file"));
        assertEquals("connected", ((Map<?, ?>) ((List<?>) all.get("peers")).get(0)).get("state"));
        assertEquals(200, console(site.proxyAddress("admin"), site.proxyHome(), "status-adit.zip").statusCode());
    }

    @Test
    public void theWebConsoleHasThem() throws Exception {
        HttpResponse<String> page = console(site.proxyAddress("admin"), site.proxyHome(), "healthcheck?tags=adit");
        assertEquals(200, page.statusCode());
        assertTrue(page.body(), page.body().contains("Adit: tunnel port"));
    }

    @Test
    public void anOriginThatIsGone() throws Exception {
        Path file = site.peerHome().resolve("etc/io.adit.origin.config");
        String before = Files.readString(file);
        Files.writeString(file, before.replaceFirst("url *= *\"[^\"]*\"", "url = \"http://127.0.0.1:" + Ports.free() + "\""));
        Await.until("it is used", () -> site.web().status("/hello") == 502);
        awaitHealth(site.peerAddress("admin"), "origin", "CRITICAL", "Does the web server run");
        assertEquals(503, get(site.peerAddress("admin") + "/system/health").statusCode());
        try (Adit diag = Adit.start("diag", "--home", site.peerHome().toString())) {
            diag.awaitExit(1);
            assertLine("FAIL +Origin +the proxy answers for it: 502 origin-unreachable.*", diag.out());
            assertTrue(diag.out().toString(), diag.out().get(diag.out().size() - 1).startsWith("It does not work: Origin: "));
        }
        Files.writeString(file, before);
        site.awaitServing();
        awaitHealth(site.peerAddress("admin"), "origin", OK, "");
    }

    @Test
    public void aTunnelPortThatCannotBeUsedEndsNothingElse() throws Exception {
        Path file = site.proxyHome().resolve("etc/io.adit.acceptor.config");
        String before = Files.readString(file);
        long traces = linesOfLog("cannot be used: ");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            WholeFile.write(file, before.replaceFirst("(?m)^port *=.*$", "port = I\"" + taken.getLocalPort() + "\""));
            awaitHealth(site.proxyAddress("admin"), "tunnel-port", "CRITICAL", ":" + taken.getLocalPort() + " cannot be used: Address already in use");
        }
        assertEquals("one line", traces + 1, linesOfLog("cannot be used: "));
        WholeFile.write(file, before.replaceFirst("(?m)^bind.address *=.*$", "bind.address = \"nosuch.example.invalid\""));
        awaitHealth(site.proxyAddress("admin"), "tunnel-port", "CRITICAL", "nosuch.example.invalid");
        assertEquals("one line", traces + 2, linesOfLog("cannot be used: "));
        assertEquals("the public port goes on", 404, get(site.proxyAddress("http") + "/", "Accept", "text/html").statusCode());
        assertEquals("the console goes on", 200, console(site.proxyAddress("admin"), site.proxyHome(), "healthcheck?tags=adit").statusCode());
        WholeFile.write(file, before);
        awaitHealth(site.proxyAddress("admin"), "tunnel-port", OK, "peers dial");
        site.awaitServing();
    }

    private static long linesOfLog(String within) throws IOException {
        try (Stream<String> lines = Files.lines(site.proxyHome().resolve("log/adit.log"))) {
            return lines.filter(line -> line.contains(within)).count();
        }
    }

    @Test
    public void codecsThatAreTakenAway() throws Exception {
        Path load = site.proxyHome().resolve("load");
        List<Path> jars = new ArrayList<>();
        for (String name : List.of("io.adit.codec.v1.jar", "io.adit.codec.v2.jar")) {
            jars.add(Files.move(load.resolve(name), site.folder().resolve(name)));
        }
        try {
            awaitHealth(site.proxyAddress("admin"), "codec", "CRITICAL", "load/");
            assertEquals(503, get(site.proxyAddress("admin") + "/system/health.txt?tags=adit-ready").statusCode());
        } finally {
            for (Path jar : jars) {
                Files.move(jar, load.resolve(jar.getFileName()));
            }
        }
        awaitHealth(site.proxyAddress("admin"), "codec", OK, "");
        site.awaitServing();
        awaitHealth(site.peerAddress("admin"), "tunnel", OK, "is connected");
    }

    @Test
    public void aWebhookThatNobodyTakes() throws Exception {
        Path file = site.proxyHome().resolve("etc/io.adit.webhook-dead.config");
        WholeFile.write(file, "url = \"http://127.0.0.1:" + Ports.free() + "/\"\nsecret = \"sixteen or more.\"\n");
        awaitHealth(site.proxyAddress("admin"), "webhook", "WARN", "Does that server run");
        WholeFile.write(file, "url = \"http://127.0.0.1:1/\"\nsecret.file = \"conf/none\"\n");
        awaitHealth(site.proxyAddress("admin"), "webhook", "CRITICAL", "told nothing until that is right");
        Files.delete(file);
        awaitHealth(site.proxyAddress("admin"), "webhook", OK, "not in use here");
    }
}

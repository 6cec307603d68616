package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import com.sun.net.httpserver.HttpServer;
import com.sun.tools.attach.VirtualMachine;
import org.apache.felix.utils.json.JSONParser;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * The numbers and the access log of a proxy and of a peer that carry real requests: they say what was sent, neither more nor less, whatever a visitor sends.
 * And docs/METRICS.md and docs/grafana say what there is.
 */
public class MetricsIT {

    private static final Path DOC = Path.of("../docs/METRICS.md");
    private static final Path GRAFANA = Path.of("../docs/grafana");
    private static final String BEGIN = "<!-- metrics: begin -->\n";
    private static final String END = "<!-- metrics: end -->\n";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static Site site;
    private static String proxy;
    private static String peer;
    private static final ConcurrentLinkedQueue<String> TRACES = new ConcurrentLinkedQueue<>();

    @BeforeClass
    public static void start() throws Exception {
        site = Site.start(MetricsIT.class.getSimpleName(), Adit.QUICK + " -Dadit.access.log.size=20KB",
            List.of("--set", "io.adit.metrics:peer.labels=true", "--set", "io.adit.accesslog:format=json"), null, Adit.HOSTED,
            List.of("--admin-port", "0", "--set", "io.adit.metrics:peer.labels=true", "--set", "io.adit.accesslog:format=combined"));
        proxy = site.proxyAddress("admin");
        // nothing has come to the endpoint yet, so whatever is known of this is not known by it
        refuse("nonsense\r\n\r\n", 400);
        peer = site.peerAddress("admin");
        site.origin().on("/traced", exchange -> {
            TRACES.add(exchange.getRequestHeaders().get("Traceparent") + " " + exchange.getRequestHeaders().get("Tracestate"));
            Origin.answer(exchange, 200, "traced".getBytes(StandardCharsets.UTF_8));
        });
        site.origin().on("/broken", exchange -> Origin.answer(exchange, 500, "oh".getBytes(StandardCharsets.UTF_8)));
    }

    @AfterClass
    public static void stop() {
        if (site != null) {
            site.close();
        }
    }

    /** A request ends a moment after its last byte is here. */
    private static void awaitEnded() throws Exception {
        Await.until("nothing under way", () -> Scrape.of(proxy).sum("adit_requests_in_flight") == 0 && Scrape.of(peer).sum("adit_requests_in_flight") == 0);
    }

    @Test
    public void theNumbersAreWhatWasSent() throws Exception {
        awaitEnded();
        Scrape proxyBefore = Scrape.of(proxy);
        Scrape peerBefore = Scrape.of(peer);
        for (int i = 0; i < 20; i++) {
            assertEquals(200, site.web().status("/hello"));
        }
        for (int i = 0; i < 5; i++) {
            assertEquals(1000, site.web().post("/echo", new byte[1000]).body().length);
        }
        assertEquals(404, site.web().status("/nothing"));
        assertEquals(500, site.web().status("/broken"));
        for (String method : List.of("HACK", "get", "X-\u007c")) {
            try (RawRequest request = RawRequest.open(site.web(), method, "/nothing", "")) {
                assertTrue(request.readLine().startsWith("HTTP/1.1 404 "));
            }
        }
        assertEquals(404, new Web(site.proxyAddress("http"), "nobody").status("/hello"));
        awaitEnded();
        Scrape proxyAfter = Scrape.of(proxy);
        Scrape peerAfter = Scrape.of(peer);
        for (String side : List.of("proxy", "peer")) {
            Scrape before = side.equals("proxy") ? proxyBefore : peerBefore;
            Scrape after = side.equals("proxy") ? proxyAfter : peerAfter;
            int unknown = side.equals("proxy") ? 1 : 0;
            Map<String, Double> want = new TreeMap<>(Map.of("adit_requests_total method GET status 2xx", 20.0, "adit_requests_total method POST status 2xx", 5.0,
                "adit_requests_total method GET status 4xx", 1.0 + unknown, "adit_requests_total method GET status 5xx", 1.0, "adit_requests_total method other status 4xx", 3.0,
                "adit_request_bytes_total", 5000.0, "adit_request_duration_seconds_count", 30.0 + unknown, "adit_request_first_byte_seconds_count", 30.0 + unknown,
                "adit_request_wait_seconds_count", 30.0, "adit_request_errors_total kind own error unknown-name", (double) unknown));
            want.put("adit_peer_requests_total peer demo", 30.0);
            want.put("adit_peer_request_duration_seconds_count peer demo", 30.0);
            want.put("adit_tunnel_streams_opened_total", 30.0);
            want.forEach((what, expected) -> {
                String[] words = what.split(" ");
                String[] labels = java.util.Arrays.copyOfRange(words, 1, words.length);
                assertEquals(side + " " + what, expected, after.sum(words[0], labels) - before.sum(words[0], labels), 0);
            });
            double answered = after.sum("adit_response_bytes_total") - before.sum("adit_response_bytes_total");
            double bodies = 20 * Origin.HELLO.length() + 5000 + 2;
            // the proxy's own page is one more
            assertTrue(side + " " + answered, unknown == 1 ? answered > bodies : answered == bodies);
            assertEquals(0, after.sum("adit_requests_in_flight"), 0);
            assertEquals(1, after.sum("adit_tunnel_sessions", "state", "open"), 0);
            assertTrue(after.sum("adit_tunnel_received_bytes_total") > 5000 && after.sum("adit_tunnel_sent_bytes_total") > 5000);
        }
        assertEquals(1, proxyAfter.sum("adit_names", "state", "online"), 0);
        assertEquals(1, peerAfter.sum("adit_connector_peers", "state", "connected"), 0);
        assertEquals("methods are a closed set", Set.of("GET", "POST", "other"), proxyAfter.family("adit_requests_total").samples().keySet().stream()
            .map(each -> each.replaceFirst(".*method=\"([^\"]*)\".*", "$1")).collect(Collectors.toSet()));
        assertEquals(0, proxyAfter.sum("adit_access_log_dropped_lines_total"), 0);
    }

    @Test
    public void bothFormatsSayTheSame() throws Exception {
        for (String admin : List.of(proxy, peer)) {
            Set<String> plain = Scrape.of(admin).families().stream().map(each -> each.name().replaceFirst("_total$", "") + " " + each.type()).collect(Collectors.toSet());
            assertEquals(plain, Scrape.open(admin).families().stream().map(each -> each.name() + " " + each.type()).collect(Collectors.toSet()));
            assertTrue(plain.toString(), plain.containsAll(List.of("jvm_memory_used_bytes gauge", "jvm_gc_collection_seconds summary", "process_cpu_seconds counter",
                "process_open_fds gauge", "jvm_threads_current gauge")));
        }
    }

    @Test
    public void aPageInABrowserMayNotRead() throws Exception {
        int port = URI.create(proxy).getPort();
        try (RawRequest request = RawRequest.open(new Web(proxy, "rebound"), "GET", "/metrics", "")) {
            assertTrue(request.readLine().startsWith("HTTP/1.1 421 "));
        }
        HttpRequest post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).POST(HttpRequest.BodyPublishers.noBody()).build();
        assertEquals(405, site.web().client().send(post, HttpResponse.BodyHandlers.discarding()).statusCode());
        assertEquals("nor may who comes through a gateway", 403, Scrape.get(proxy, "Via", "1.1 adit").statusCode());
        assertEquals("not on the public port", 404, site.web().status("/metrics"));
    }

    /** All that there is, of files that were rotated too. */
    private static List<String> lines(Path home) throws IOException {
        List<String> lines = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(home.resolve("log"))) {
            files = all.filter(each -> each.getFileName().toString().startsWith("access.")).toList();
        }
        for (Path file : files) {
            String text;
            if (file.toString().endsWith(".gz")) {
                try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                    text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            } else {
                text = Files.readString(file);
            }
            lines.addAll(text.lines().toList());
        }
        return lines;
    }

    /** In no order, since a file may be rotated in between; while it is, there are two of it. */
    private static List<String> awaitLines(Path home, String part, int count) throws Exception {
        return Await.value(count + " lines with " + part, () -> {
            try {
                List<String> found = lines(home).stream().filter(each -> each.contains(part)).distinct().toList();
                return Optional.of(found).filter(each -> each.size() >= count);
            } catch (IOException e) {
                return Optional.empty(); // one was rotated away meanwhile
            }
        });
    }

    @Test
    public void aLineForEachRequest() throws Exception {
        assertEquals(200, site.web().status("/hello?line=1"));
        assertEquals(100, site.web().post("/echo?line=1", new byte[100]).body().length);
        assertEquals(404, site.web().status("/nothing?line=1&token=abc"));
        Set<String> json = new TreeSet<>();
        for (String line : awaitLines(site.proxyHome(), "line=1", 3)) {
            Map<String, Object> parsed = new JSONParser(line).getParsed();
            json.add(parsed.get("method") + " " + parsed.get("target") + " " + parsed.get("status") + " " + parsed.get("request_bytes") + " " + parsed.get("response_bytes"));
            assertEquals("proxy demo 127.0.0.1 answered 2", Stream.of("side", "name", "visitor", "end", "codec").map(key -> String.valueOf(parsed.get(key))).collect(Collectors.joining(" ")));
            double[] legs = Stream.of("open_ms", "head_ms", "total_ms").mapToDouble(key -> ((Number) parsed.get(key)).doubleValue()).toArray();
            assertTrue(line, 0 <= legs[0] && legs[0] <= legs[1] && legs[1] <= legs[2]);
            assertTrue(line, parsed.get("host").equals(site.web().host()) && parsed.get("client").toString().startsWith("127.0.0.1:"));
        }
        assertEquals(Set.of("GET /hello?line=1 200 0 " + Origin.HELLO.length(), "POST /echo?line=1 200 100 100", "GET /nothing?line=1&token=[redacted] 404 0 0"), json);
        Set<String> combined = awaitLines(site.peerHome(), "line=1", 3).stream()
            .map(each -> each.replaceFirst("\\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}]", "AT").replaceFirst("\"Java-http-client/[^\"]*\"", "AGENT")).collect(Collectors.toSet());
        assertEquals(Set.of("127.0.0.1 - - AT \"GET /hello?line=1 HTTP/1.1\" 200 " + Origin.HELLO.length() + " \"-\" AGENT",
            "127.0.0.1 - - AT \"POST /echo?line=1 HTTP/1.1\" 200 100 \"-\" AGENT",
            "127.0.0.1 - - AT \"GET /nothing?line=1&token=[redacted] HTTP/1.1\" 404 - \"-\" AGENT"), combined);
    }

    @Test
    public void aHostileVisitorForgesNoLine() throws Exception {
        String agent = "\"\\ [01/Jan/2026:00:00:00 +0000] \"GET /forged \u0001\t\u00ff";
        try (Line line = Line.to(site.web()).send("GET /hello?hostile=1 HTTP/1.1\r\nHost: " + site.web().host() + "\r\nReferer: a\"b\r\nUser-Agent: " + agent.replace("\u0001", "")
            + "\r\nConnection: close\r\n\r\n")) {
            assertTrue(line.head().startsWith("HTTP/1.1 200 "));
        }
        List<String> json = awaitLines(site.proxyHome(), "hostile=1", 1);
        assertEquals(1, json.size());
        Map<String, Object> parsed = new JSONParser(json.get(0)).getParsed();
        assertEquals("a\"b", parsed.get("referer"));
        assertEquals(agent.replace("\u0001", "").strip(), parsed.get("agent").toString().strip());
        List<String> combined = awaitLines(site.peerHome(), "hostile=1", 1);
        assertEquals(1, combined.size());
        assertTrue(combined.get(0), combined.get(0).contains(" \"a\\\"b\" \"\\\"\\\\ [01/Jan/2026:00:00:00 +0000] \\\"GET /forged \\t\\xff\""));
    }

    private static void refuse(String request, int status) throws Exception {
        try (Line line = Line.to(site.web())) {
            line.send(request);
            assertTrue(request, line.head().startsWith("HTTP/1.1 " + status + " "));
        }
    }

    @Test
    public void whatTheServerRefusesIsCountedAndHasALine() throws Exception {
        awaitEnded();
        Scrape before = Scrape.of(proxy);
        assertTrue("the one at the start", before.sum("adit_port_requests_refused_total", "status", "400") >= 1);
        String host = " HTTP/1.1\r\nHost: " + site.web().host() + "\r\n";
        String long_ = "x".repeat(100_000);
        refuse("\u0016\u0003\u0001\"\u001b[2J\r\n\r\n", 400);
        refuse("GET /refused=0 HTTP/9.9\r\n\r\n", 505);
        refuse("GET /" + long_ + host + "\r\n", 414);
        refuse("GET /refused=1?token=abc&x=\"" + host + "X: " + long_ + "\r\n\r\n", 431);
        refuse("GET /refused=2 HTTP/1.1\r\n\r\n", 400);
        refuse("GET /refused=3 HTTP/1.1\r\nHost: a b\r\n\r\n", 400);
        refuse("POST /refused=4" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        refuse("GET /refused=5" + host + "X: y\nZ: z\r\n\r\n", 400);
        // these have come to the endpoint
        refuse("POST /refused=6 HTTP/1.0\r\nHost: " + site.web().host() + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501);
        refuse("POST /refused=7" + host + "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400);
        assertEquals(404, site.web().status("/refused=8"));
        awaitEnded();
        Scrape after = Scrape.of(proxy);
        Map.of("400", 5.0, "505", 1.0, "414", 1.0, "431", 1.0).forEach((status, count) -> assertEquals(status, count,
            after.sum("adit_port_requests_refused_total", "status", status) - before.sum("adit_port_requests_refused_total", "status", status), 0));
        assertEquals(8, after.sum("adit_port_requests_refused_total") - before.sum("adit_port_requests_refused_total"), 0);
        assertEquals("with these three", 11, after.sum("adit_requests_total") - before.sum("adit_requests_total"), 0);
        Set<String> lines = new TreeSet<>();
        List<String> found = new ArrayList<>(awaitLines(site.proxyHome(), "refused=", 8));
        found.addAll(awaitLines(site.proxyHome(), "\"status\":505", 1));
        found.addAll(awaitLines(site.proxyHome(), "\"status\":414", 1));
        for (String line : found) {
            Map<String, Object> parsed = new JSONParser(line).getParsed();
            lines.add(parsed.get("method") + " " + parsed.get("target") + " " + parsed.get("protocol") + " " + parsed.get("status") + " " + parsed.get("end") + " " + parsed.get("name"));
            assertTrue(line, parsed.get("visitor").equals("127.0.0.1") && parsed.get("client").toString().startsWith("127.0.0.1:"));
            assertTrue(line, parsed.get("name") != null || ((Number) parsed.get("response_bytes")).longValue() > 0);
            assertTrue("not long ago: " + line, ((Number) parsed.get("total_ms")).doubleValue() < Await.DEADLINE.toMillis());
        }
        assertEquals(new TreeSet<>(List.of("null null null 505 own null", "null null null 414 own null", "GET /refused=1?token=[redacted]&x=\" HTTP/1.1 431 own null",
            "GET /refused=2 HTTP/1.1 400 own null", "GET /refused=3 HTTP/1.1 400 own null", "POST /refused=4 HTTP/1.1 400 own null", "GET /refused=5 HTTP/1.1 400 own null",
            "POST /refused=6 HTTP/1.0 501 own null", "POST /refused=7 HTTP/1.1 400 own demo", "GET /refused=8 HTTP/1.1 404 answered demo")), lines);
    }

    @Test
    public void traceContextReachesTheOriginAsItCame() throws Exception {
        HttpRequest traced = site.web().request("/traced").header("Traceparent", TRACE).header("Tracestate", "rojo=00f067aa0ba902b7,congo=t61").build();
        assertEquals(200, site.web().client().send(traced, HttpResponse.BodyHandlers.discarding()).statusCode());
        assertEquals("[" + TRACE + "] [rojo=00f067aa0ba902b7,congo=t61]", TRACES.poll());
        assertTrue(awaitLines(site.proxyHome(), "/traced", 1).get(0).contains("\"trace\":\"0af7651916cd43dd8448eb211c80319c\""));
    }

    /** What a tracer's bundle sends, body by body. */
    private static HttpServer collector(Queue<String> bodies) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
        return server;
    }

    private static String traced() throws Exception {
        HttpRequest traced = site.web().request("/traced").header("Traceparent", TRACE).build();
        assertEquals(200, site.web().client().send(traced, HttpResponse.BodyHandlers.discarding()).statusCode());
        return TRACES.poll().replaceFirst("\\[(.*)] null", "$1");
    }

    @Test
    public void withATracerThereIsASpanForEachLeg() throws Exception {
        Queue<String> bodies = new ConcurrentLinkedQueue<>();
        HttpServer collector = collector(bodies);
        List<Path> homes = List.of(site.proxyHome(), site.peerHome());
        try {
            List<String> commands = Page.read(DOC.toAbsolutePath().normalize()).blocks().stream().filter(each -> each.language().equals("sh")).flatMap(each -> each.commands().stream()).toList();
            assertEquals("as the page says it", 3, commands.size());
            for (Path home : homes) {
                for (String command : commands) {
                    Program.succeed(Adit.dist(), Map.of(), List.of("sh", "-c", command.replace("DIR/", home + "/").replace("4318", Integer.toString(collector.getAddress().getPort()))));
                }
            }
            String traceId = TRACE.substring(3, 35);
            String id = new String(HexFormat.of().parseHex(traceId), StandardCharsets.ISO_8859_1);
            Set<String> parents = new TreeSet<>();
            Await.until("spans of proxy and peer", Duration.ofMillis(200), () -> {
                String onward = traced();
                parents.add(new String(HexFormat.of().parseHex(onward.substring(36, 52)), StandardCharsets.ISO_8859_1));
                assertEquals("the trace goes on", traceId, onward.substring(3, 35));
                // that of the origin's parent is the peer's, which both have begun to trace
                return bodies.stream().anyMatch(each -> each.contains("adit-proxy") && each.contains("tunnel") && each.contains(id))
                    && bodies.stream().anyMatch(each -> each.contains("adit-peer") && each.contains("origin") && each.contains(id) && parents.stream().anyMatch(each::contains));
            });
        } finally {
            for (Path home : homes) {
                Files.deleteIfExists(home.resolve("load/io.adit.tracing.jar"));
                Files.deleteIfExists(home.resolve("etc/io.adit.tracing.config"));
            }
            Await.until("no tracer any more", () -> traced().equals(TRACE));
            collector.stop(0);
        }
    }

    @Test
    public void theAccessLogIsRotated() throws Exception {
        Await.until("a file that was rotated", () -> {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, site.web().status("/hello?rotated=" + "x".repeat(500)));
            }
            try (Stream<Path> files = Files.list(site.proxyHome().resolve("log"))) {
                return files.anyMatch(each -> each.getFileName().toString().matches("access\\.[0-9]{4}-[0-9]{2}-[0-9]{2}\\.0\\.log\\.gz"));
            }
        });
        assertTrue("none of it is in the other log", Files.readAllLines(site.proxyHome().resolve("log/adit.log")).stream().noneMatch(each -> each.contains("rotated=")));
    }

    @Test
    public void managementBeansSayTheSame() throws Exception {
        assertEquals(200, site.web().status("/hello"));
        VirtualMachine machine = VirtualMachine.attach(Long.toString(site.proxy().family().get(0).pid()));
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            ObjectName requests = new ObjectName("io.adit:type=Requests,side=proxy");
            ObjectName tunnel = new ObjectName("io.adit:type=Tunnel");
            Await.until("the same number", () -> (long) beans.getAttribute(requests, "Requests") == Scrape.of(proxy).sum("adit_requests_total"));
            assertTrue((double) beans.getAttribute(requests, "MeanDurationMillis") > 0);
            CompositeData[] sessions = (CompositeData[]) beans.getAttribute(tunnel, "Sessions");
            assertEquals(1, sessions.length);
            assertEquals("demo open 2", sessions[0].get("name") + " " + sessions[0].get("state") + " " + sessions[0].get("codec"));
            assertEquals(1.0, ((TabularData) beans.getAttribute(tunnel, "Figures")).get(new Object[] {"adit_names{state=\"online\"}"}).get("value"));
        } finally {
            machine.detach();
        }
    }

    // ---- the documents

    private static String table() throws Exception {
        Map<String, Scrape.Family> all = new TreeMap<>();
        Map<String, List<String>> where = new TreeMap<>();
        for (String role : List.of("proxy", "peer")) {
            for (Scrape.Family family : Scrape.of(role.equals("proxy") ? proxy : peer).families()) {
                if (family.name().startsWith("adit_")) {
                    all.put(family.name(), family);
                    where.computeIfAbsent(family.name(), name -> new ArrayList<>()).add(role);
                }
            }
        }
        StringBuilder out = new StringBuilder("| name | type | at | labels | what |\n|---|---|---|---|---|\n");
        all.forEach((name, family) -> out.append("| `").append(name).append("` | ").append(family.type()).append(" | ").append(String.join(", ", where.get(name))).append(" | ")
            .append(String.join(", ", family.labels())).append(" | ").append(family.help().replace("|", "\\|")).append(" |\n"));
        return out.toString();
    }

    @Test
    public void theTableIsWhatThereIs() throws Exception {
        assertEquals(200, site.web().status("/hello"));
        awaitEnded();
        String doc = Files.readString(DOC);
        int begin = doc.indexOf(BEGIN) + BEGIN.length();
        int end = doc.indexOf(END);
        assertTrue("docs/METRICS.md has the markers", begin >= BEGIN.length() && end >= begin);
        String table = table();
        if (Boolean.getBoolean("adit.readme.write")) {
            Files.writeString(DOC, doc.substring(0, begin) + table + doc.substring(end));
            return;
        }
        assertEquals("docs/METRICS.md is out of date: run with -Dadit.readme.write=true", table, doc.substring(begin, end));
    }

    /** Names of metrics in a query. */
    private static Set<String> names(String query) {
        Set<String> names = new TreeSet<>();
        Matcher found = Pattern.compile("\\b(adit|jvm|process)_[a-z0-9_]+").matcher(query.replaceAll("\"[^\"]*\"", "\"\""));
        while (found.find()) {
            names.add(found.group());
        }
        return names;
    }

    private static void collect(Object tree, String key, List<String> values) {
        if (tree instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (key.equals(name) && value instanceof String text) {
                    values.add(text);
                }
                collect(value, key, values);
            });
        } else if (tree instanceof Iterable<?> list) {
            list.forEach(each -> collect(each, key, values));
        }
    }

    @Test
    public void theDashboardAndTheAlertsAskForWhatThereIs() throws Exception {
        Set<String> known = new TreeSet<>();
        for (String admin : List.of(proxy, peer)) {
            Scrape.of(admin).families().forEach(family -> family.samples().keySet().forEach(sample -> known.add(sample.replaceFirst("\\{.*", ""))));
        }
        Map<String, Object> dashboard = new JSONParser(Files.readString(GRAFANA.resolve("adit.json"))).getParsed();
        List<String> queries = new ArrayList<>();
        collect(dashboard, "expr", queries);
        List<String> definitions = new ArrayList<>();
        collect(dashboard, "definition", definitions);
        assertTrue("a dashboard of some panels", queries.size() > 15);
        List<Map<String, Object>> panels = ((List<?>) dashboard.get("panels")).stream().map(each -> {
            @SuppressWarnings("unchecked")
            Map<String, Object> panel = (Map<String, Object>) each;
            return panel;
        }).toList();
        assertEquals("ids are unique", panels.size(), panels.stream().map(each -> each.get("id")).distinct().count());
        panels.forEach(panel -> assertTrue(panel.toString(), panel.keySet().containsAll(Set.of("id", "type", "title", "gridPos"))
            && (panel.get("type").equals("row") || panel.keySet().containsAll(Set.of("datasource", "targets", "fieldConfig", "options")))));
        String alerts = Files.readString(GRAFANA.resolve("alerts.yml"));
        Matcher expressions = Pattern.compile("(?m)^ +expr: (.+)$").matcher(alerts);
        int rules = 0;
        while (expressions.find()) {
            queries.add(expressions.group(1));
            rules++;
        }
        assertEquals("each rule has an expression on one line", alerts.lines().filter(each -> each.matches(" +- alert: .+")).count(), rules);
        queries.addAll(definitions);
        for (String query : queries) {
            assertTrue("there is a metric in " + query, !names(query).isEmpty());
            assertEquals("brackets of " + query, query.chars().filter(c -> c == '(').count(), query.chars().filter(c -> c == ')').count());
            Set<String> unknown = names(query);
            unknown.removeAll(known);
            assertEquals(query, Set.of(), unknown);
        }
    }
}

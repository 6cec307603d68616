package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;
import org.junit.Test;

/**
 * The Autobahn test suite's fuzzing client against a WebSocket server, through the tunnel: each case ends as it does without. How that is, is in
 * autobahn-direct.txt, since neither the suite nor the server changes from one build to the next; a case that ends otherwise is run both ways.
 * The suite (version 0.6.4, which has no cases 11 to 13) runs with Jython in a process of its own. Of its cases for limits and performance,
 * 9.*, which take minutes, only text and binary messages of 64 KiB are run; those of 4 MiB, 9.1.4 and 9.2.4, are sent by another client, since the
 * suite masks and checks them byte by byte in Python.
 */
public class AutobahnIT {

    private static final String DIRECT = "direct";
    private static final String TUNNEL = "tunnel";
    /** {@code mvn verify -Dadit.autobahn.write=true} makes it anew. */
    private static final boolean WRITE = Boolean.getBoolean("adit.autobahn.write");
    private static final Path RECORDED = Path.of("src/test/resources/io/adit/itests/autobahn-direct.txt");
    /** Of what the recorded verdicts are. */
    private static final String VERSIONS = "# " + System.getProperty("adit.autobahn.versions");
    private static final long SUITE_MINUTES = 15;
    /** How often a case that ended in another way is run again. */
    private static final int AGAIN = 11;
    private static final List<String> CASES = List.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.1.1", "9.2.1", "10.*");
    /**
     * In which other way a case ends as often, direct too. In 7.1.6, which is 256 KiB, a close and a ping, it is a race whether the answer comes before the suite
     * leaves, and in 7.1.2, which is two closes, whether the server's does.
     */
    private static final Map<String, Set<String>> RACES = Map.of("7.1.2", Set.of("OK OK 1000"),
        "7.1.6", Set.of("INFORMATIONAL INFORMATIONAL null", "INFORMATIONAL INFORMATIONAL 1000"));
    private static final int LARGE = 4 << 20;

    /** Answers each message with the same. */
    private static final class Echo extends WebSocketServer {
        private final CompletableFuture<Integer> port = new CompletableFuture<>();

        Echo() {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2);
            setReuseAddr(true);
            setTcpNoDelay(true);
            setDaemon(true);
        }

        String url(String scheme) throws Exception {
            return scheme + "://127.0.0.1:" + port.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void onStart() {
            port.complete(getPort());
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {
            // it listens, and talks when it is talked to
        }

        @Override
        public void onMessage(WebSocket connection, String message) {
            connection.send(message);
        }

        @Override
        public void onMessage(WebSocket connection, ByteBuffer message) {
            connection.send(message);
        }

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {
            // the suite judges
        }

        @Override
        public void onError(WebSocket connection, Exception failure) {
            if (connection == null) {
                port.completeExceptionally(failure);
            }
        }
    }

    @Test
    public void eachCaseEndsAsItDoesWithoutTheTunnel() throws Exception {
        Echo echo = new Echo();
        echo.start();
        try (Site site = Site.sharedBefore(echo.url("http"), AutobahnIT.class)) {
            String through = "ws://" + site.web().host();
            Map<String, String> direct = direct(site, echo.url("ws"));
            Map<String, String> tunnel = run(site, CASES, Map.of(TUNNEL, through)).get(TUNNEL);
            System.out.println("Autobahn: " + direct.size() + " cases; direct " + summary(direct) + "; tunnel " + summary(tunnel));
            assertTrue("the suite ran: " + tunnel, tunnel.size() > 200);
            assertTrue("the server is a good one: " + tunnel, tunnel.values().stream().filter(each -> each.startsWith("OK ")).count() > 200);
            assertEquals(direct.keySet(), tunnel.keySet());
            List<String> differing = direct.keySet().stream().filter(each -> !direct.get(each).equals(tunnel.get(each))
                && !RACES.getOrDefault(each, Set.of()).contains(tunnel.get(each))).toList();
            assertEquals("cases that end as they never do without the tunnel", Map.of(), unexplained(echo.url("ws"), through, site, differing));
            largeMessages(through);
        } finally {
            echo.stop((int) Await.DEADLINE.toMillis());
        }
    }

    private static Map<String, String> direct(Site site, String url) throws Exception {
        if (WRITE) {
            Map<String, String> verdicts = run(site, CASES, Map.of(DIRECT, url)).get(DIRECT);
            Files.write(RECORDED, Stream.concat(Stream.of(VERSIONS), verdicts.entrySet().stream().map(each -> each.getKey() + " " + each.getValue())).toList());
        }
        List<String> lines = Files.readAllLines(RECORDED);
        assertEquals("of another suite or server: make " + RECORDED + " anew", VERSIONS, lines.get(0));
        Map<String, String> recorded = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] parts = line.split(" ", 2);
            recorded.put(parts[0], parts[1]);
        }
        return recorded;
    }

    /** Each in one frame, as in the cases 9.1.4 and 9.2.4. */
    private static void largeMessages(String url) throws Exception {
        String text = "BAsd7&jh23".repeat(LARGE / 10);
        byte[] binary = new byte[LARGE];
        new Random(9).nextBytes(binary);
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        WebSocketClient client = new WebSocketClient(URI.create(url)) {
            @Override
            public void onOpen(ServerHandshake handshake) {
                send(text);
                send(binary);
            }

            @Override
            public void onMessage(String message) {
                answers.add(message);
            }

            @Override
            public void onMessage(ByteBuffer message) {
                answers.add(message);
            }

            @Override
            public void onClose(int code, String reason, boolean remote) {
                answers.add("closed with " + code + " " + reason);
            }

            @Override
            public void onError(Exception failure) {
                answers.add(failure);
            }
        };
        // not every resolver knows names under localhost
        client.setDnsResolver(uri -> InetAddress.getLoopbackAddress());
        assertTrue("connected", client.connectBlocking(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        try {
            assertEquals("4 MiB of text", text, answers.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            assertEquals("4 MiB of bytes", ByteBuffer.wrap(binary), answers.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        } finally {
            client.closeBlocking();
        }
    }

    /**
     * Some cases end now and then in another way, direct too, as the server closes while the suite still writes. Those that differ are run again,
     * both ways: how they end most often through the tunnel must be a way in which they end without it.
     */
    private static Map<String, String> unexplained(String direct, String tunnel, Site site, List<String> differing) throws Exception {
        Map<String, String> unexplained = new TreeMap<>();
        if (differing.isEmpty()) {
            return unexplained;
        }
        Map<String, String> again = new TreeMap<>();
        for (int i = 0; i < AGAIN; i++) {
            again.put(DIRECT + i, direct);
            again.put(TUNNEL + i, tunnel);
        }
        Map<String, Map<String, String>> verdicts = run(site, differing, again);
        for (String each : differing) {
            Map<String, Long> without = count(verdicts, DIRECT, each);
            Map<String, Long> with = count(verdicts, TUNNEL, each);
            System.out.println("Autobahn: " + each + " again; direct " + without + "; tunnel " + with);
            if (!without.containsKey(Collections.max(with.entrySet(), Map.Entry.comparingByValue()).getKey())) {
                unexplained.put(each, with + " instead of " + without);
            }
        }
        return unexplained;
    }

    private static Map<String, Long> count(Map<String, Map<String, String>> verdicts, String agent, String number) {
        return verdicts.entrySet().stream().filter(each -> each.getKey().startsWith(agent)).map(each -> each.getValue().get(number))
            .collect(Collectors.groupingBy(each -> each, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> summary(Map<String, String> verdicts) {
        return verdicts.values().stream().collect(Collectors.groupingBy(each -> each, TreeMap::new, Collectors.counting()));
    }

    /**
     * All in one process, as it takes long to start one.
     *
     * @param servers agent and URL
     */
    private static Map<String, Map<String, String>> run(Site site, List<String> cases, Map<String, String> servers) throws Exception {
        try (Suite suite = Suite.start(site, cases, servers)) {
            Map<String, Map<String, String>> verdicts = suite.verdicts();
            assertEquals(servers.keySet(), verdicts.keySet());
            return verdicts;
        }
    }

    /** One run of the test suite, in a process of its own. */
    private record Suite(Process process, Path log, Path reports) implements AutoCloseable {

        /** What is imported and not used by a fuzzing client that writes no pages for people; to compile it would take two seconds. */
        private static final String ABSENT = """
            import sys, types
            class Absent(types.ModuleType):
                def __getattr__(self, name):
                    if name.startswith('__'):
                        raise AttributeError(name)
                    return object
            modes = 'broadcast echo massconnect testee wampfuzzing wamptestee wamptestserver wsperfcontrol wsperfmaster'
            for name in ('jinja2 twisted.web.server twisted.web.static autobahn.flashpolicy autobahn.prefixmap autobahn.resource autobahn.wamp'.split()
                    + ['autobahntestsuite.' + mode for mode in modes.split()]):
                sys.modules[name] = Absent(name)
            """;

        /**
         * The suite ends a case, or gives up a handshake, after a second or five, which on a busy machine is not enough, and after a handshake that it gave up it stands
         * still. What ends before is judged as ever. Only 7.5.1 ends by such a clock, direct too: the server does not answer its close.
         */
        private static final String PATIENCE = """
            client = fuzzing.FuzzingClientFactory
            build = client.buildProtocol
            def patience(factory, least):
                return least if factory.currentCaseId == '7.5.1' else 60
            def patient(self, address):
                self.openHandshakeTimeout = 60
                self.closeHandshakeTimeout = self.serverConnectionDropTimeout = patience(self, 1)
                return build(self, address)
            client.buildProtocol = patient
            fuzzed = fuzzing.FuzzingProtocol
            def later(method):
                return lambda self, delay: method(self, patience(self.factory, delay))
            fuzzed.killAfter = later(fuzzed.killAfter.im_func)
            fuzzed.closeAfter = later(fuzzed.closeAfter.im_func)
            """;

        static Suite start(Site site, List<String> cases, Map<String, String> servers) throws IOException {
            Path folder = Files.createDirectories(site.folder().resolve("suite-" + new TreeMap<>(servers).firstKey()));
            Path spec = folder.resolve("spec.json");
            Path reports = folder.resolve("reports");
            Path hosts = folder.resolve("hosts");
            // Not every resolver knows names under localhost.
            Files.writeString(hosts, "127.0.0.1 " + Site.NAME + ".localhost\n");
            String list = new TreeMap<>(servers).entrySet().stream().map(each -> "{\"agent\":\"" + each.getKey() + "\",\"url\":\"" + each.getValue() + "\"}")
                .collect(Collectors.joining(","));
            Files.writeString(spec, "{\"options\":{\"failByDrop\":false},\"outdir\":\"" + reports + "\",\"servers\":[" + list + "],\"cases\":[\""
                + String.join("\",\"", cases) + "\"],\"exclude-cases\":[],\"exclude-agent-cases\":{}}");
            Path jars = Path.of(System.getProperty("adit.autobahn"));
            Path log = folder.resolve("log");
            Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote",
                "-Djdk.net.hosts.file=" + hosts, "-Dpython.cachedir.skip=true", "-cp",
                jars.resolve("jython-standalone.jar") + java.io.File.pathSeparator + jars.resolve("autobahntestsuite-maven-plugin.jar"),
                "org.python.util.jython", "-c", ABSENT + "sys.argv=['wstest','-m','fuzzingclient','-s','" + spec + "']\n"
                    + "from autobahntestsuite import fuzzing, wstest\n" + PATIENCE + "factory = fuzzing.FuzzingFactory\nreports = factory.createReports\n"
                    // Its pages for people take longer than the cases.
                    + "factory.createReports = lambda self: reports(self, False, True)\nwstest.run()\n"))
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
            return new Suite(process, log, reports);
        }

        /** Of each agent, when the suite has ended. */
        Map<String, Map<String, String>> verdicts() throws Exception {
            assertTrue("the suite ends; see " + log, process.waitFor(SUITE_MINUTES, TimeUnit.MINUTES));
            assertEquals("see " + log, 0, process.exitValue());
            return AutobahnIT.verdicts(Files.readString(reports.resolve("index.json")));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /**
     * Agent, case, what came of it: behaviour, behaviour at the close, close code. A verdict NON-STRICT is one of conformance too: it tells that
     * a server closed after a broken frame before it answered the good one in front of it, and for this server that is a race of its threads.
     */
    private static Map<String, Map<String, String>> verdicts(String index) throws IOException {
        Map<String, Map<String, String>> verdicts = new TreeMap<>();
        Matcher agent = java.util.regex.Pattern.compile("\"([a-z]+[0-9]*)\": \\{((?:\\s*\"[0-9.]+\": \\{[^}]*\\},?)+)\\s*\\}").matcher(index);
        while (agent.find()) {
            Map<String, String> cases = new TreeMap<>();
            Matcher one = java.util.regex.Pattern.compile("\"([0-9.]+)\": \\{([^}]*)\\}").matcher(agent.group(2));
            while (one.find()) {
                cases.put(one.group(1), value(one.group(2), "behavior").replace("NON-STRICT", "OK") + " " + value(one.group(2), "behaviorClose") + " " + value(one.group(2), "remoteCloseCode"));
            }
            verdicts.put(agent.group(1), cases);
        }
        return verdicts;
    }

    private static String value(String fields, String name) {
        Matcher field = java.util.regex.Pattern.compile("\"" + name + "\": \"?([^\",\n]*)").matcher(fields);
        assertTrue(name + " in " + fields, field.find());
        return field.group(1).strip();
    }
}

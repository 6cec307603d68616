package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.felix.utils.json.JSONParser;
import org.junit.Test;

/**
 * Does what the pages say, from the top of README to the last page, as one user on one machine: every command is taken apart by a shell and run, sources are
 * compiled, files are put where the page says. Only names of machines, ports and folders are others ({@link #here}).
 *
 * <p>What a proxy or a peer is given is remembered in its home, so the pages add to what runs. Here it is added up, and the container started once for all of it: a
 * start takes seconds of processor time. For the same reason a container is hosted, and so is a command of ours unless the shell does something with its output;
 * options of the JVM are left out, which all tests with processes give in the same way.
 */
public class DocsCommandsIT {

    /** In the order in which they are followed. */
    static final List<String> PAGES = List.of("README.md", "docs/PROXY.md", "docs/NAMES.md", "docs/EXPOSE.md", "docs/CODEC.md", "docs/OPERATE.md", "docs/NETWORK.md");

    private static final Set<String> REPEATABLE = Set.of("--set", "--notify");
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();

    /** A container, by its home. */
    private static final class Server {
        /** Of the next start. */
        private List<String> arguments = new ArrayList<>();
        private Adit running;
    }

    private final Path folder = Adit.folder("DocsCommandsIT");
    private final Path home = Files.createDirectories(folder.resolve("home"));
    private final Path work = Files.createDirectories(folder.resolve("work"));
    private final Path proxyHome = folder.resolve("var").resolve("lib").resolve("adit");
    private final Path bind = Files.createDirectories(folder.resolve("bind"));
    private final Path peerHome = home.resolve(".adit");
    private final int http = Ports.free();
    private final int tunnel = Ports.free();
    private final int admin = Ports.free();
    private final Map<Path, Server> servers = new LinkedHashMap<>();
    private final Map<String, String> here = here();

    public DocsCommandsIT() throws IOException {
        // JUnit makes one object
    }

    /** What is of another machine in the pages, and what it is here. */
    private Map<String, String> here() throws IOException {
        String nobody = "127.0.0.1:" + Ports.free();
        Map<String, String> here = new LinkedHashMap<>();
        here.put("~/adit/proxy", proxyHome.toString());
        here.put("/var/lib/adit", proxyHome.toString());
        here.put("/opt/adit", Adit.dist().toString());
        here.put("/etc/bind", bind.toString());
        here.put("/var/lib/bind", bind.toString());
        here.put("--bind 0.0.0.0", "--bind 127.0.0.1");
        here.put("192.0.2.10", "127.0.0.1");
        here.put("tunnel.example:7443", "127.0.0.1:" + tunnel);
        here.put("--http-port 80 ", "--http-port " + http + " ");
        here.put("--dns-port 53 ", "--dns-port " + Ports.free() + " ");
        here.put("https.port=443", "https.port=" + Ports.free());
        here.put("alice.localhost:8080", "alice.localhost:" + http);
        here.put("127.0.0.1:8181", "127.0.0.1:" + admin);
        here.put("--admin-port 8182", "--admin-port " + Ports.free());
        here.put("mail.example:25", nobody);
        here.put("mail.example:587", nobody);
        here.put("ns1.example.org", nobody);
        here.put("https://example.org/hook", "http://" + nobody + "/hook");
        here.put("io.adit.acme:terms.agreed=true", "io.adit.acme:terms.agreed=true --set io.adit.acme:directory.url=https://" + nobody + "/directory");
        return here;
    }

    @Test
    public void everyCommandDoesWhatThePageSays() throws Exception {
        Files.writeString(Files.createDirectories(home.resolve("photos")).resolve("a photo.txt"), "a photo\n");
        Files.createDirectories(home.resolve("adit"));
        try (DatagramSocket noNames = nameServerOfNothing()) {
            server(proxyHome).arguments.addAll(List.of("proxy", "--home", proxyHome.toString(), "--http-port", "" + http, "--tunnel-port", "" + tunnel, "--admin-port", "" + admin,
                "--set", "io.adit.registry:domain.resolver=127.0.0.1:" + noNames.getLocalPort()));
            List<Page> pages = Page.all();
            for (String name : PAGES) {
                before(name);
                for (Page.Block block : pages.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow().blocks()) {
                    try {
                        follow(block);
                    } catch (AssertionError e) {
                        throw new AssertionError(block + ": " + e.getMessage(), e);
                    }
                }
                after(name);
            }
        } finally {
            servers.values().stream().filter(each -> each.running != null).forEach(each -> each.running.close());
        }
    }

    /** What a page takes for granted. */
    private void before(String page) throws Exception {
        switch (page) {
            case "docs/EXPOSE.md" -> Files.writeString(work.resolve("invitation"), new Control(proxyHome).invite("bob"));
            case "docs/OPERATE.md" -> Files.copy(bundle("io.adit.proxy"), work.resolve("io.adit.proxy-0.1.1.jar"));
            default -> { }
        }
    }

    /** What must be so when a page has been followed. */
    private void after(String page) throws Exception {
        switch (page) {
            case "README.md" -> stop(home.resolve("adit").resolve("alice"));
            case "docs/NAMES.md" -> theProxyHasAllOfIt();
            case "docs/EXPOSE.md" -> {
                restart(peerHome);
                assertTrue("the page of a peer with a title", get("bob").contains("Photos of the trip"));
                assertTrue("that of one without an invitation", get("carol").contains("a photo"));
                stop(home.resolve(".adit-carol"));
            }
            case "docs/CODEC.md" -> awaitCodec("v2");
            case "docs/OPERATE.md" -> theBackUpIsTheSameProxy();
            default -> { }
        }
    }

    private void theProxyHasAllOfIt() throws Exception {
        Files.writeString(proxyHome.resolve("conf").resolve("smtp.password"), "secret\n");
        Files.writeString(proxyHome.resolve("conf").resolve("hook.secret"), "at-least-16-characters\n");
        Map<String, String> ready = restart(proxyHome);
        assertTrue(ready.toString(), ready.containsKey("dns"));
        try (Socket visitor = new Socket(InetAddress.getLoopbackAddress(), http)) {
            visitor.getOutputStream().write("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: nobody.tunnel.example\r\nConnection: close\r\n\r\n".getBytes());
            String answer = new String(visitor.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer, answer.startsWith("HTTP/1.1 404 "));
        }
        String log = Files.readString(proxyHome.resolve("log").resolve("adit.log"));
        assertFalse("no value was refused", log.contains("io.adit.config.ConfigurationChecks - "));
        for (String part : List.of("io.adit.acme", "io.adit.mail", "io.adit.webhook", "io.adit.dns")) {
            assertFalse(part + " took its configuration", Pattern.compile(" ERROR .*" + Pattern.quote(part)).matcher(log).find());
        }
        // without a load balancer from here on
        Path port = proxyHome.resolve("etc").resolve("io.adit.port.config");
        Files.writeString(port, Files.readString(port).replaceAll("(?m)^proxy\\.protocol.*$", "proxy.protocol = false"));
        Await.until("the port is without PROXY protocol", () -> {
            try {
                return status("nobody") == 404;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private void theBackUpIsTheSameProxy() throws Exception {
        Path restored = Files.createDirectories(folder.resolve("restored"));
        shell("tar -C " + restored + " -xzf adit-backup.tar.gz");
        server(restored).arguments.addAll(List.of("proxy", "--home", restored.toString()));
        restart(restored);
        assertTrue(get("bob").contains("Photos of the trip"));
        here.put("/var/lib/adit", restored.toString());
    }

    private void follow(Page.Block block) throws Exception {
        switch (block.language()) {
            case "sh" -> {
                for (String command : block.commands()) {
                    if (DocsIT.ELSEWHERE.stream().noneMatch(each -> command.matches(each.pattern()))) {
                        follow(command);
                    }
                }
            }
            case "java" -> Files.writeString(Files.createDirectories(work.resolve(first("package ([\\w.]+);", block).replace('.', '/')))
                .resolve(first("class (\\w+)", block) + ".java"), block.text());
            case "manifest" -> Files.writeString(work.resolve("plain.mf"), block.text());
            case "config" -> {
                Path file = proxyHome.resolve("etc").resolve("io.adit.registry.config");
                Files.writeString(file, Files.readString(file) + block.text());
                Await.until("the limit is there", () -> form("io.adit.registry").contains("\"value\":50"));
            }
            case "named" -> {
                Files.writeString(bind.resolve("named.conf"), here(block.text()));
                if (Program.find("named-checkconf").isPresent()) {
                    Program.succeed(bind, Map.of(), List.of("named-checkconf", "named.conf"));
                }
            }
            case "zone" -> block.text().lines().forEach(line -> assertTrue(line, line.matches("\\S+\\.\\s+(NS\\s+\\S+\\.|A\\s+[0-9.]+)")));
            case "json" -> assertTrue(new JSONParser(block.text()).getParsed().keySet().containsAll(Set.of("id", "event", "name", "url", "time")));
            case "ini" -> assertEquals(List.of("/opt/adit/bin/adit", "proxy", "--home", "/var/lib/adit", "--drain-timeout", "60"), DocsIT.words(first("ExecStart=(.*)", block)));
            case "text" -> { }
            default -> throw new AssertionError("nobody knows what to do with it");
        }
    }

    private void follow(String command) throws Exception {
        List<String> words = DocsIT.words(command);
        if (words.contains("proxy") && words.contains("--home") || words.contains("peer")) {
            serve(command);
            return;
        }
        if (command.startsWith("curl ") && Program.find("curl").isEmpty()) {
            return;
        } else if (command.startsWith("tar ")) {
            stop(proxyHome);
        } else if (command.startsWith("tsig-keygen ") && Program.find("tsig-keygen").isEmpty()) {
            Files.writeString(bind.resolve("adit.key"), "key \"adit\" { algorithm hmac-sha256; secret \"" + "A".repeat(43) + "=\"; };\n");
            return;
        } else if (command.startsWith("adit names ") && command.contains("v40001")) {
            awaitCodec("v40001");
        }
        // nobody has set the record
        int exit = command.contains(" check www.") ? 1 : 0;
        String out = command.startsWith("adit ") && !command.contains(">") ? hosted(here(command), exit) : shell(here(command));
        if (command.startsWith("mv /var/lib/adit/load/io.adit.proxy")) {
            Path log = proxyHome.resolve("log").resolve("adit.log");
            Await.until("the bundle is updated", () -> Files.readString(log).matches("(?s).*Updating bundle io\\.adit\\.proxy .*"));
            assertTrue("visitors are served by it", get("bob").contains("Photos of the trip"));
        } else if (command.startsWith("adit invite ") && !command.contains(">")) {
            assertTrue(out, out.startsWith("adit://"));
        } else if (command.startsWith("curl ")) {
            assertTrue(out, out.contains("a photo") || out.contains("\"bob\""));
        }
    }

    /** Starts it, if it does not run and has what it needs; else what is said counts from the next start on. */
    private void serve(String command) throws Exception {
        List<String> arguments = arguments(here(command.replaceFirst("^JAVA_OPTS=\\S+ ", "")));
        Path where = Path.of(arguments.get(arguments.indexOf("--home") + 1));
        Server server = server(where);
        server.arguments = merged(server.arguments, arguments);
        if (server.running == null && !where.equals(peerHome)) {
            restart(where);
        }
    }

    private Server server(Path where) {
        return servers.computeIfAbsent(where, each -> new Server());
    }

    /** One option that is there once takes the place of an earlier one. */
    private static List<String> merged(List<String> before, List<String> more) {
        List<String> all = new ArrayList<>(before);
        for (int i = 0; i < more.size(); i++) {
            String word = more.get(i);
            if (!word.startsWith("--")) {
                if (i == 0 && all.isEmpty()) {
                    all.add(word);
                }
                continue;
            }
            int there = REPEATABLE.contains(word) ? -1 : all.indexOf(word);
            if (there >= 0) {
                all.set(there + 1, more.get(i + 1));
            } else {
                all.addAll(List.of(word, more.get(i + 1)));
            }
        }
        return all;
    }

    private Map<String, String> restart(Path where) throws Exception {
        stop(where);
        Server server = server(where);
        server.running = Adit.start(Adit.HOSTED, server.arguments.stream().map(this::fromHere).toList());
        server.arguments = new ArrayList<>(List.of(server.arguments.get(0), "--home", where.toString()));
        return server.running.awaitReady();
    }

    /** Who is hosted is in no folder of his own. */
    private String fromHere(String argument) {
        return argument.startsWith("@") ? "@" + work.resolve(argument.substring(1)) : argument;
    }

    private void stop(Path where) throws Exception {
        Server server = server(where);
        if (server.running != null) {
            server.running.stop();
            server.running = null;
        }
    }

    private String here(String text) {
        Pattern there = Pattern.compile(String.join("|", here.keySet().stream().map(Pattern::quote).toList()));
        return there.matcher(text).replaceAll(found -> Matcher.quoteReplacement(here.get(found.group())));
    }

    /** What a command of ours gets from the shell. */
    private List<String> arguments(String command) throws Exception {
        return shell("printf '%s\\n' " + command.replaceFirst("^adit ", "")).lines().toList();
    }

    /** @return what it prints */
    private String hosted(String command, int exit) throws Exception {
        try (Adit adit = Adit.start(Adit.HOSTED, arguments(command))) {
            adit.awaitExit(exit);
            return String.join("\n", adit.out());
        }
    }

    /** Runs it as a user does who has the command on the path, to a good end. */
    private String shell(String command) throws Exception {
        String path = Adit.dist().resolve("bin") + ":" + Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH") + ":/usr/sbin";
        // the compiler's JVM, too, is over before the second compiler of its own would pay
        Map<String, String> environment = Map.of("HOME", home.toString(), "PATH", path, "JAVA_OPTS", Adit.QUICK, "JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        return Program.succeed(work, environment, List.of("sh", "-c", command)).out();
    }

    private String get(String name) throws Exception {
        Await.until(name + " is served", () -> status(name) == 200);
        return ask(name).body();
    }

    private int status(String name) throws Exception {
        return ask(name).statusCode();
    }

    private HttpResponse<String> ask(String name) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/")).header("Host", name + ".tunnel.example").build(),
            HttpResponse.BodyHandlers.ofString());
    }

    /** What the console shows of a configuration. */
    private String form(String pid) throws Exception {
        return MetatypeIT.form(proxyHome, "http://127.0.0.1:" + admin, pid);
    }

    private void awaitCodec(String version) throws Exception {
        Await.until("bob's session is in " + version, () -> new Control(proxyHome).names().stream().anyMatch(line -> line.matches("bob\tonline\t.*\t" + version)));
        assertTrue(get("bob").contains("Photos of the trip"));
    }

    private static Path bundle(String name) {
        return Adit.dist().resolve("bundles").resolve(name + "-0.1.0-SNAPSHOT.jar");
    }

    private static String first(String pattern, Page.Block block) {
        Matcher found = Pattern.compile(pattern).matcher(block.text());
        assertTrue(pattern, found.find());
        return found.group(1);
    }

    /** Says of every name that it is not there, so that the system's name servers are not asked for other people's. */
    private static DatagramSocket nameServerOfNothing() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            try {
                while (true) {
                    socket.receive(packet);
                    packet.getData()[2] = (byte) 0x81; // an answer
                    packet.getData()[3] = (byte) 0x83; // NXDOMAIN
                    socket.send(packet);
                }
            } catch (IOException e) {
                // closed
            }
        }, "docs-names");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }
}

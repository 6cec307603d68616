package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** The shipped peer behind real forward proxies: tinyproxy (CONNECT) and microsocks (SOCKS5), which let nobody through without user and password. */
public class ForwardProxyIT {

    private static Site site;
    private static int tunnel;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.shared(ForwardProxyIT.class);
        tunnel = Integer.parseInt(site.proxyAddress("tunnel").replaceFirst(".*:", ""));
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    @Test
    public void aWrongPasswordIsOneLineUntilItIsCorrectedAndThenPagesPassAndAreBackAfterAKill() throws Exception {
        Program.assumeInstalled(ForwardProxyIT.class, ForwardProxy.HTTP, ForwardProxy.SOCKS5);
        Path home = site.folder().resolve("http");
        try (Way http = new Way("http", ForwardProxy.HTTP); Way socks = new Way("socks", ForwardProxy.SOCKS5);
                Adit peer = peer(home, http.invitation, http.forward, http.password("not-this-one"), "--start-timeout", "10")) {
            awaitReason(home, http.name, peer, http.refusal());
            connect(home, socks.name, socks.invitation, socks.forward, socks.password("nor-this-one"));
            awaitReason(home, socks.name, peer, socks.refusal());
            Await.until("the peer says why: " + peer, () -> {
                assertTrue("it gave up: " + peer, peer.isAlive());
                return !peer.err().isEmpty();
            });
            String line = peer.err().get(0);
            assertTrue(line, Stream.of(http, socks).anyMatch(each -> line.contains("no connection yet (" + each.refusal())) && line.endsWith("trying on"));
            for (Way each : List.of(http, socks)) {
                List<String> attempts = log(home).stream().filter(attempt -> attempt.contains("not connected name=" + each.name + " ")).toList();
                assertEquals("one attempt: " + attempts, 1, attempts.size());
                assertTrue(attempts.get(0), attempts.get(0).contains("reason=" + each.refusal()) && attempts.get(0).endsWith("retry_ms=600000"));
                each.password(ForwardProxy.PASSWORD);
            }
            // a changed configuration makes it try at once
            Connectors.change(home, "main", "dial.via.timeout.millis=I\"15000\"");
            Connectors.change(home, socks.name, "dial.via.timeout.millis=I\"15000\"");
            peer.awaitReady();
            for (Way each : List.of(http, socks)) {
                pagesPassAndAreBackAfterAKill(each, home, peer);
            }
            peer.stop();
            assertEquals(List.of(line), peer.err());
        }
        for (String name : List.of("http", "socks")) {
            assertTrue(2 <= log(home).stream().filter(each -> each.matches(".* connected name=" + name + " .* via=\\w+://127\\.0\\.0\\.1:\\d+")).count());
        }
        assertNoPassword(home);
    }

    private static void pagesPassAndAreBackAfterAKill(Way way, Path home, Adit peer) throws Exception {
        Web web = site.web(way.name);
        Await.until("a page through " + way.forward.url(), () -> web.status("/hello") == 200);
        assertEquals(Origin.HELLO, new String(web.get("/hello").body()));
        byte[] body = new byte[3_000_000];
        new Random(3).nextBytes(body);
        assertArrayEquals(body, web.post("/echo", body).body());

        way.forward.kill();
        awaitReason(home, way.name, peer, "the forward proxy " + way.forward.url() + " cannot be connected to: Connection refused");
        way.forward.open();
        Await.until("the page is back", () -> web.status("/hello") == 200);
        assertTrue("the same process", peer.isAlive());
    }

    /** A name, and how its peer gets to the proxy: the host is looked up by the forward proxy, and may lead to either address of this machine. */
    private static final class Way implements AutoCloseable {

        private final String name;
        private final Relay door;
        private final AutoCloseable other;
        private final ForwardProxy forward;
        private final String invitation;

        Way(String name, String program) throws Exception {
            this.name = name;
            door = Relay.start(site.proxyAddress("tunnel"));
            other = alsoAtIpv6(door);
            forward = ForwardProxy.start(site.folder().resolve(program), program, door.port());
            invitation = door.through(site.invite(name)).replace("@127.0.0.1:", "@localhost:");
        }

        Path password(String password) throws IOException {
            return ForwardProxyIT.password(site.folder().resolve("of-" + name), password);
        }

        String refusal() {
            return "the forward proxy " + forward.url() + " does not accept the user and the password";
        }

        @Override
        public void close() throws Exception {
            try (door; other) {
                forward.close();
            }
        }
    }

    @Test
    public void whatAForwardProxyRefusesIsOneLine() throws Exception {
        Program.assumeInstalled(ForwardProxyIT.class, ForwardProxy.HTTP, ForwardProxy.SOCKS5);
        Path home = site.folder().resolve("refused");
        Path password = password(site.folder().resolve("of-refused"), ForwardProxy.PASSWORD);
        int nobody = Ports.free();
        String invitation = site.invite("refused-http").replace(":" + tunnel + "?", ":" + nobody + "?");
        try (ForwardProxy http = ForwardProxy.start(site.folder().resolve("of-refused"), ForwardProxy.HTTP, tunnel);
                ForwardProxy socks = ForwardProxy.start(site.folder().resolve("of-refused"), ForwardProxy.SOCKS5, tunnel);
                Adit peer = peer(home, invitation, http, password)) {
            awaitReason(home, "refused-http", peer, "the forward proxy " + http.url() + " refuses a connection to 127.0.0.1:" + nobody + " (403 ");
            connect(home, "refused-socks", site.invite("refused-socks").replace(":" + tunnel + "?", ":" + nobody + "?"), socks, password);
            awaitReason(home, "refused-socks", peer, "the forward proxy " + socks.url() + " cannot connect to 127.0.0.1:" + nobody
                + ": connection refused (SOCKS5 reply 5)");
            peer.stop(); // also where there never was a connection
        }
    }

    @Test
    public void theEnvironmentNamesAForwardProxyThatAloneKnowsTheName() throws Exception {
        Path home = site.folder().resolve("env");
        try (ConnectProxy forward = ConnectProxy.start(tunnel)) {
            String url = "http://" + ForwardProxy.USER + ":" + ForwardProxy.PASSWORD + "@127.0.0.1:" + forward.port();
            Map<String, String> environment = Map.of("https_proxy", url, "no_proxy", "10.0.0.0/8,.listed.invalid");
            try (Adit peer = Adit.start(Adit.QUICK, arguments(home, inviteTo("tunnel.invalid", "env")), environment)) {
                peer.awaitReady();
                assertEquals(200, site.web("env").status("/hello"));
                assertTrue(forward.heads().toString(), forward.heads().get(0).startsWith("CONNECT tunnel.invalid:" + tunnel + " HTTP/1.1\r\n")
                    && forward.heads().get(0).contains("\r\nProxy-Authorization: Basic "));
                int asked = forward.heads().size();
                Connectors.add(home, "listed", inviteTo("tunnel.listed.invalid", "listed"), "dial.via=\"env\"");
                awaitReason(home, "listed", peer, "no address for tunnel.listed.invalid");
                // as --via none has it
                Connectors.add(home, "none", inviteTo("tunnel.invalid", "none"), "dial.via=\"\"");
                awaitReason(home, "none", peer, "no address for tunnel.invalid");
                assertEquals("not asked again", asked, forward.heads().size());
                peer.stop();
                assertEquals("one line: " + peer, 1, peer.out().size());
                assertEquals(List.of(), peer.err());
            }
            assertNoPassword(home);
        }
    }

    private static String inviteTo(String host, String name) throws Exception {
        return site.invite(name).replace("@127.0.0.1:", "@" + host + ":");
    }

    private static void awaitReason(Path home, String name, Adit peer, String reason) throws Exception {
        Await.until("the peer says why: " + reason + ": " + peer, () -> {
            assertTrue("it gave up: " + peer, peer.isAlive());
            return log(home).stream().anyMatch(each -> each.contains("not connected name=" + name + " ") && each.contains("reason=" + reason));
        });
    }

    private static AutoCloseable alsoAtIpv6(Relay door) throws IOException {
        try {
            return Relay.start(InetAddress.getByName("::1"), door.port(), site.proxyAddress("tunnel"));
        } catch (BindException e) {
            return () -> { }; // this machine has no IPv6
        }
    }

    private static Path password(Path folder, String password) throws IOException {
        return Files.writeString(Files.createDirectories(folder).resolve("password"), password + "\n");
    }

    private static List<String> log(Path home) throws IOException {
        Path log = home.resolve("log/adit.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /** In what the peer wrote. */
    private static void assertNoPassword(Path home) throws IOException {
        for (String folder : List.of("log", "etc", "data")) {
            assertEquals(List.of(), FileSearch.containing(home.resolve(folder), ForwardProxy.PASSWORD));
        }
    }

    private static List<String> arguments(Path home, String invitation, String... more) {
        List<String> arguments = new ArrayList<>(List.of("peer", "--home", home.toString(), "--invite", invitation, "--origin", site.origin().url()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Adit peer(Path home, String invitation, ForwardProxy forward, Path password, String... more) throws Exception {
        List<String> arguments = arguments(home, invitation, "--via", forward.via(), "--via-password-file", password.toString());
        arguments.addAll(List.of(more));
        return Adit.start(Adit.HOSTED, arguments);
    }

    /** Another tunnel of a peer that runs, as {@code --via} and {@code --via-password-file} have the first. */
    private static void connect(Path home, String name, String invitation, ForwardProxy forward, Path password) throws IOException {
        Connectors.add(home, name, invitation, "dial.via=\"" + forward.url() + "\"", "dial.via.user=\"" + ForwardProxy.USER + "\"",
            "dial.via.password.file=\"" + password + "\"");
    }
}

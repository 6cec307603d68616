package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    private static final String CONFIG = "etc/io.adit.connector-main.config";

    private static Site site;
    private static int tunnel;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.start("ForwardProxyIT", Adit.HOSTED, List.of());
        tunnel = Integer.parseInt(site.proxyAddress("tunnel").replaceFirst(".*:", ""));
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    @Test
    public void throughAnHttpProxyAndBackAfterItWasKilled() throws Exception {
        there("http", ForwardProxy.HTTP);
    }

    @Test
    public void throughASocksProxyAndBackAfterItWasKilled() throws Exception {
        there("socks", ForwardProxy.SOCKS5);
    }

    private void there(String name, String program) throws Exception {
        Program.assumeInstalled(ForwardProxyIT.class, program);
        Path folder = site.folder().resolve(name);
        // the name is looked up there, and may lead to either address of this machine
        try (Relay door = Relay.start(site.proxyAddress("tunnel")); AutoCloseable other = alsoAtIpv6(door);
                ForwardProxy forward = ForwardProxy.start(folder, program, door.port());
                Adit peer = peer(name, door.through(site.invite(name)).replace("@127.0.0.1:", "@localhost:"), "--via", forward.via(),
                    "--via-password-file", password(folder, ForwardProxy.PASSWORD).toString())) {
            peer.awaitReady();
            Web web = site.web(name);
            assertEquals(Origin.HELLO, new String(web.get("/hello").body()));
            byte[] body = new byte[3_000_000];
            new Random(3).nextBytes(body);
            assertArrayEquals(body, web.post("/echo", body).body());

            forward.kill();
            awaitReason(name, peer, "the forward proxy " + forward.url() + " cannot be connected to: Connection refused");
            forward.open();
            Await.until("the page is back", () -> web.status("/hello") == 200);
            assertTrue("the same process", peer.isAlive());
            peer.stop();
            assertEquals(List.of(), peer.err());
        }
        assertTrue(2 <= log(name).stream().filter(each -> each.matches(".* connected name=" + name + " .* via=\\w+://127\\.0\\.0\\.1:\\d+")).count());
        assertNoPassword(folder);
    }

    @Test
    public void aWrongPasswordIsOneLineAndNotTriedAgainUntilItIsCorrected() throws Exception {
        Program.assumeInstalled(ForwardProxyIT.class, ForwardProxy.HTTP, ForwardProxy.SOCKS5);
        try (WithWrongPassword http = new WithWrongPassword(ForwardProxy.HTTP)) {
            http.awaitAttempt();
            // beside each other: they say nothing for ten seconds
            try (WithWrongPassword socks = new WithWrongPassword(ForwardProxy.SOCKS5)) {
                http.isOneLineUntilItIsCorrected();
                socks.isOneLineUntilItIsCorrected();
            }
        }
    }

    private static final class WithWrongPassword implements AutoCloseable {

        private final String name;
        private final Path folder;
        private final ForwardProxy forward;
        private final Adit peer;

        WithWrongPassword(String program) throws Exception {
            name = "wrong-" + program;
            folder = site.folder().resolve(name);
            Path password = password(folder, "not-this-one");
            String invitation = site.invite(name);
            forward = ForwardProxy.start(folder, program, tunnel);
            peer = peer(name, invitation, "--via", forward.via(), "--via-password-file", password.toString(), "--start-timeout", "10");
        }

        /** Another start meanwhile would take of the time in which it has to try. */
        void awaitAttempt() throws Exception {
            Await.until("it has tried: " + peer, () -> log(name).stream().anyMatch(each -> each.contains("not connected")));
        }

        void isOneLineUntilItIsCorrected() throws Exception {
            String reason = "the forward proxy " + forward.url() + " does not accept the user and the password";
            Await.until("the peer says why: " + peer, () -> {
                assertTrue("it gave up: " + peer, peer.isAlive());
                return !peer.err().isEmpty();
            });
            String line = peer.err().get(0);
            assertTrue(line, line.contains("no connection yet (" + reason) && line.endsWith("trying on"));
            List<String> attempts = log(name).stream().filter(each -> each.contains("not connected")).toList();
            assertEquals("one attempt: " + attempts, 1, attempts.size());
            assertTrue(attempts.get(0), attempts.get(0).contains("reason=" + reason) && attempts.get(0).endsWith("retry_ms=600000"));
            password(folder, ForwardProxy.PASSWORD);
            // a changed configuration makes it try at once
            Path config = folder.resolve(CONFIG);
            Path changed = Files.writeString(folder.resolve("changed"), Files.readString(config) + "dial.via.timeout.millis=I\"15000\"\n");
            Files.move(changed, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            peer.awaitReady();
            assertEquals(200, site.web(name).status("/hello"));
            peer.stop();
            assertNoPassword(folder);
        }

        @Override
        public void close() {
            peer.close();
            forward.close();
        }
    }

    @Test
    public void whatAForwardProxyRefusesIsOneLine() throws Exception {
        for (String program : List.of(ForwardProxy.HTTP, ForwardProxy.SOCKS5)) {
            Program.assumeInstalled(ForwardProxyIT.class, program);
            String name = "refused-" + program;
            Path folder = site.folder().resolve(name);
            int nobody = Ports.free();
            String invitation = site.invite(name).replace(":" + tunnel + "?", ":" + nobody + "?");
            try (ForwardProxy forward = ForwardProxy.start(folder, program, tunnel);
                    Adit peer = peer(name, invitation, "--via", forward.via(), "--via-password-file",
                        password(folder, ForwardProxy.PASSWORD).toString())) {
                awaitReason(name, peer, "the forward proxy " + forward.url() + (program.equals(ForwardProxy.HTTP)
                    ? " refuses a connection to 127.0.0.1:" + nobody + " (403 " : " cannot connect to 127.0.0.1:" + nobody + ": connection refused (SOCKS5 reply 5)"));
            }
        }
    }

    @Test
    public void theEnvironmentNamesAForwardProxyThatAloneKnowsTheName() throws Exception {
        String invitation = site.invite("env").replace("@127.0.0.1:", "@tunnel.invalid:");
        try (ConnectProxy forward = ConnectProxy.start(tunnel)) {
            String url = "http://" + ForwardProxy.USER + ":" + ForwardProxy.PASSWORD + "@127.0.0.1:" + forward.port();
            try (Adit peer = Adit.start(Adit.QUICK, arguments("env", invitation), Map.of("https_proxy", url))) {
                peer.awaitReady();
                assertEquals(200, site.web("env").status("/hello"));
                peer.stop();
            }
            assertTrue(forward.heads().toString(), forward.heads().get(0).startsWith("CONNECT tunnel.invalid:" + tunnel + " HTTP/1.1\r\n")
                && forward.heads().get(0).contains("\r\nProxy-Authorization: Basic "));
            assertNoPassword(site.folder().resolve("env"));
            int asked = forward.heads().size();
            try (Adit peer = Adit.start(Adit.QUICK, arguments("listed", invitation), Map.of("https_proxy", url, "no_proxy", "10.0.0.0/8,.invalid"))) {
                awaitReason("listed", "env", peer, "no address for tunnel.invalid");
            }
            try (Adit peer = Adit.start(Adit.QUICK, arguments("none", invitation, "--via", "none"), Map.of("https_proxy", url))) {
                awaitReason("none", "env", peer, "no address for tunnel.invalid");
                peer.stop(); // also where there never was a connection
            }
            assertEquals("not asked again", asked, forward.heads().size());
        }
    }

    private static void awaitReason(String name, Adit peer, String reason) throws Exception {
        awaitReason(name, name, peer, reason);
    }

    private static void awaitReason(String home, String name, Adit peer, String reason) throws Exception {
        Await.until("the peer says why: " + reason + ": " + peer, () -> {
            assertTrue("it gave up: " + peer, peer.isAlive());
            return log(home).stream().anyMatch(each -> each.contains("not connected name=" + name) && each.contains("reason=" + reason));
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

    private static List<String> log(String name) throws IOException {
        Path log = site.folder().resolve(name).resolve("log/adit.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /** In what the peer wrote. */
    private static void assertNoPassword(Path home) throws IOException {
        for (String folder : List.of("log", "etc", "data")) {
            try (Stream<Path> files = Files.walk(home.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertFalse(file.toString(), new String(Files.readAllBytes(file), "ISO-8859-1").contains(ForwardProxy.PASSWORD));
                }
            }
        }
    }

    private static List<String> arguments(String name, String invitation, String... more) {
        List<String> arguments = new ArrayList<>(List.of("peer", "--home", site.folder().resolve(name).toString(), "--invite", invitation,
            "--origin", site.origin().url()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Adit peer(String name, String invitation, String... more) throws Exception {
        return Adit.start(Adit.HOSTED, arguments(name, invitation, more));
    }
}

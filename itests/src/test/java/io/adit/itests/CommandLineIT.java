package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Proxy, invite, peer, names and revoke as a user types them, and what a visitor sees. */
public class CommandLineIT {

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.sharedBefore(null, CommandLineIT.class, "io.adit.origin:response.timeout.millis=5000");
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    @Test
    public void theReadyLinesSayWhereToGo() throws Exception {
        assertTrue(site.proxyAddress("http"), site.proxyAddress("http").matches("http://127\\.0\\.0\\.1:\\d+"));
        assertTrue(site.proxyAddress("tunnel"), site.proxyAddress("tunnel").matches("127\\.0\\.0\\.1:\\d+"));
        assertTrue(site.proxyAddress("admin"), site.proxyAddress("admin").matches("http://127\\.0\\.0\\.1:\\d+"));
        assertEquals("http://demo.localhost:" + site.web().port() + "/", site.peerAddress("url"));
        assertEquals("one line: " + site.proxy(), 1, site.proxy().out().size());
        assertEquals("one line: " + site.peer(), 1, site.peer().out().size());
        assertEquals(List.of(), site.proxy().err());
        assertEquals(List.of(), site.peer().err());
    }

    @Test
    public void pagesAndUploadsPass() throws Exception {
        HttpResponse<byte[]> page = site.web().get("/hello");
        assertEquals(200, page.statusCode());
        assertEquals(Origin.HELLO, new String(page.body(), StandardCharsets.UTF_8));
        for (int size : new int[] {0, 1, 70_000, 3_000_000}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            HttpResponse<byte[]> echo = site.web().post("/echo", body);
            assertEquals(200, echo.statusCode());
            assertArrayEquals(body, echo.body());
        }
        assertEquals("the origin's own 404", 404, site.web().status("/nothing-here"));
    }

    @Test
    public void namesTellsNameStateSinceAndCodec() throws Exception {
        String line = Adit.run("names", "--home", site.proxyHome().toString()).stream().filter(each -> each.startsWith("demo\t")).findFirst().orElseThrow();
        String[] columns = line.split("\t");
        assertEquals(line, 7, columns.length);
        assertEquals("online", columns[1]);
        assertTrue(line, Instant.parse(columns[2]).isBefore(Instant.now()));
        assertTrue(line, columns[3].matches("v[1-9]"));
        assertEquals("it never expires, and has no quota of its own", "- -", columns[4] + " " + columns[5]);
        assertEquals("one peer", "1", columns[6]);
    }

    @Test
    public void theConsoleIsOnTheAdminPortWithALoginAndNowhereElse() throws Exception {
        String password = Files.readString(site.proxyHome().resolve("conf/admin.password")).strip();
        assertEquals(401, status(site.proxyAddress("admin") + "/system/console/bundles", null));
        assertEquals(200, status(site.proxyAddress("admin") + "/system/console/bundles", password));
        for (String path : List.of("/system/console/bundles", "/adit/api/names")) {
            int outside = status(site.proxyAddress("http") + path, password);
            assertTrue(path + " " + outside, outside >= 400 && outside != 401);
        }
    }

    private static int status(String url, String password) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Await.DEADLINE);
        if (password != null) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8)));
        }
        return site.web().client().send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    public void aHomeIsOfOneProcess() throws Exception {
        try (Adit second = Adit.process("proxy", "--home", site.proxyHome().toString())) {
            assertTrue(second.awaitRefusal(1).contains("is in use by process " + Host.process().orElseThrow().pid()));
        }
    }

    @Test
    public void anUnknownNameIsNotFound() throws Exception {
        HttpResponse<byte[]> page = site.web("nobody").get("/");
        assertEquals(404, page.statusCode());
        assertTrue(new String(page.body(), StandardCharsets.UTF_8).contains("nobody.localhost"));
    }

    @Test
    public void aNameThatIsAwayIsUnavailableWithAPageThatSaysSo() throws Exception {
        assertTrue(Adit.run("invite", "--home", site.proxyHome().toString(), "away").get(0).matches("adit://away:\\S+"));
        HttpResponse<byte[]> page = site.web("away").get("/");
        assertEquals(503, page.statusCode());
        assertTrue(Integer.parseInt(page.headers().firstValue("Retry-After").orElseThrow()) > 0);
        String html = new String(page.body(), StandardCharsets.UTF_8);
        assertTrue(html, html.contains("<html") && html.contains("away"));
        assertTrue(site.names().toString(), site.names().stream().anyMatch(each -> each.startsWith("away\toffline\t")));
    }

    @Test
    public void anOriginThatIsDownIsABadGatewayUntilItIsBack() throws Exception {
        site.origin().shut();
        try {
            assertEquals(502, site.web().status("/hello"));
        } finally {
            site.origin().open();
        }
        assertEquals(200, site.web().status("/hello"));
    }

    @Test
    public void anOriginThatKeepsSilentIsAGatewayTimeout() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        site.origin().on("/silent", exchange -> {
            try {
                end.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            assertEquals(504, site.web().status("/silent"));
        } finally {
            end.countDown();
        }
    }

    @Test
    public void anInvitationWithAWrongSecretIsRefusedAndNotTriedAgain() throws Exception {
        String invitation = site.invite("guess");
        int secret = invitation.indexOf(':', "adit://".length()) + 1;
        char first = invitation.charAt(secret);
        String wrong = invitation.substring(0, secret) + (first == 'A' ? 'B' : 'A') + invitation.substring(secret + 1);
        assertNotEquals(invitation, wrong);
        assertRefusedAtOnce("guess", wrong);
    }

    @Test
    public void anotherCertificateThanTheInvitedOneIsRefused() throws Exception {
        String invitation = site.invite("pinned");
        char last = invitation.charAt(invitation.length() - 1);
        assertRefusedAtOnce("pinned", invitation.substring(0, invitation.length() - 1) + (last == '0' ? '1' : '0'));
    }

    @Test
    public void aSecondInvitationReplacesTheFirstAndRevokeEndsTheSessionAndEachPeerSaysWhyAndEndsWithItsLastTunnel() throws Exception {
        String first = site.invite("twice");
        String second;
        try (Adit old = peer("twice-old", first)) {
            old.awaitReady();
            second = site.invite("twice");
            assertNotEquals(first, second);
            assertTrue(old.awaitRefusal(1), old.err().get(0).contains("twice"));
        }
        try (Relay relay = Relay.start(site.proxyAddress("tunnel")); Adit renewed = peer("twice-new", relay.through(second))) {
            renewed.awaitReady();
            assertEquals(200, site.web("twice").status("/hello"));
            int dialled = relay.connections();
            Path home = site.folder().resolve("twice-new");
            Connectors.add(home, "more", site.invite("more"));
            Await.until("a READY line of its own", () -> renewed.out().size() == 2);
            assertEquals("READY url=http://" + site.web("more").host() + "/", renewed.out().get(1));
            assertEquals(List.of(), Adit.run("revoke", "--home", site.proxyHome().toString(), "twice"));
            Connectors.awaitRevoked(home, "twice");
            assertEquals("the other goes on", 200, site.web("more").status("/hello"));
            assertEquals(List.of(), Adit.run("revoke", "--home", site.proxyHome().toString(), "more"));
            assertEquals("adit: the invitation for 'more' was revoked; the invitation for 'twice' was revoked", renewed.awaitRefusal(1));
            assertEquals("connections", dialled, relay.connections());
            assertEquals(404, site.web("twice").status("/hello"));
            assertTrue(site.names().stream().noneMatch(each -> each.startsWith("twice\t")));
            try (Adit again = Adit.start("revoke", "--home", site.proxyHome().toString(), "twice")) {
                assertTrue(again.awaitRefusal(1).contains("there is no name"));
            }
        }
    }

    @Test
    public void aNameThatIsNoHostNameIsRefused() throws Exception {
        for (String name : List.of("a.b", "a-", "x".repeat(64), "sp ace", "www")) {
            try (Adit adit = Adit.start("invite", "--home", site.proxyHome().toString(), name)) {
                adit.awaitRefusal(1);
            }
        }
    }

    private static void assertRefusedAtOnce(String name, String invitation) throws Exception {
        try (Relay relay = Relay.start(site.proxyAddress("tunnel")); Adit peer = peer(name, relay.through(invitation))) {
            String line = peer.awaitRefusal(1);
            assertFalse("tells no secret: " + line, line.contains("adit://"));
            assertEquals(List.of(), peer.out());
            assertEquals("connections", 1, relay.connections());
        }
    }

    private static Adit peer(String name, String invitation) throws Exception {
        return Adit.start("peer", "--home", site.folder().resolve(name).toString(), "--invite", invitation, "--origin",
            site.origin().url());
    }
}

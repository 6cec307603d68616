package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;

/** What an operator does with names while their peers run: quotas, expiry, another name, quarantine; by command line and over REST. */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class NamesIT {

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.shared(NamesIT.class);
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    private static String[] command(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(1, List.of("--home", site.proxyHome().toString()));
        return all.toArray(String[]::new);
    }

    private static String refused(String... arguments) throws Exception {
        try (Adit adit = Adit.start(command(arguments))) {
            return adit.awaitRefusal(1);
        }
    }

    /** Over REST, which is faster than a process. */
    private static void assertName(String name, String... members) throws Exception {
        HttpResponse<String> response = rest("GET", "/names/" + name, null);
        for (String member : members) {
            assertTrue(response.body(), response.body().contains(member));
        }
    }

    private static void assertProblem(int status, String detail, HttpResponse<String> response) {
        assertEquals(response.body(), status, response.statusCode());
        assertTrue(response.body(), response.body().contains(detail));
    }

    private static HttpResponse<String> rest(String method, String path, String body) throws Exception {
        String token = Files.readString(site.proxyHome().resolve("conf").resolve("admin.token")).strip();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(site.proxyAddress("admin") + "/adit/api" + path)).timeout(Await.DEADLINE)
            .header("Authorization", "Bearer " + token);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return site.web().client().send(request.method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private static void quota(String quota) throws Exception {
        HttpResponse<String> response = rest("PATCH", "/names/demo", "{\"quota\":" + quota + "}");
        assertEquals(response.body(), 200, response.statusCode());
    }

    @Test
    public void aOverRest() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(
            Files.getPosixFilePermissions(site.proxyHome().resolve("conf").resolve("admin.token"))));
        HttpResponse<String> names = rest("GET", "/names", null);
        assertEquals(200, names.statusCode());
        assertTrue(names.body(), names.body().contains("{\"name\":\"demo\",\"state\":\"online\""));
        HttpRequest without = HttpRequest.newBuilder(URI.create(site.proxyAddress("admin") + "/adit/api/names")).timeout(Await.DEADLINE).build();
        HttpResponse<String> refused = site.web().client().send(without, HttpResponse.BodyHandlers.ofString());
        assertEquals(401, refused.statusCode());
        assertEquals("application/problem+json", refused.headers().firstValue("Content-Type").orElse(""));
        assertTrue(rest("GET", "/openapi.json", null).body().contains("\"openapi\": \"3.1.0\""));
        Await.until("the peer's session is the only one: others may still be on their way out",
            () -> rest("GET", "/codecs", null).body().contains("\"sessions\":1"));
        HttpResponse<String> made = rest("POST", "/invitations", "{\"name\":\"shop\",\"expires\":\"30d\",\"quota\":{\"rate\":5}}");
        assertEquals(made.body(), 201, made.statusCode());
        assertTrue(made.body(), made.body().contains("\"invitation\":\"adit://shop:"));
        assertName("shop", "\"rate\":5");
        assertEquals(204, rest("DELETE", "/names/shop", null).statusCode());
        assertEquals(404, rest("GET", "/names/shop", null).statusCode());
        assertProblem(422, "'dem0' looks like 'demo', which somebody else has", rest("POST", "/invitations", "{\"name\":\"dem0\"}"));
        assertProblem(422, "looks like 'www', which is a reserved name", rest("POST", "/invitations", "{\"name\":\"vvvvvv\"}"));
        assertProblem(404, "there is no name 'nobody'", rest("POST", "/names/nobody/rename", "{\"to\":\"x\"}"));
    }

    @Test
    public void bMoreStreamsThanTheQuotaAre429() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        site.origin().on("/slow", exchange -> {
            arrived.countDown();
            try {
                end.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Origin.answer(exchange, 200, new byte[] {'x'});
        });
        quota("{\"streams\":1}");
        try {
            var slow = site.web().client().sendAsync(site.web().request("/slow").build(), HttpResponse.BodyHandlers.ofString());
            assertTrue(arrived.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            HttpResponse<byte[]> refused = site.web().get("/hello");
            assertEquals(429, refused.statusCode());
            assertEquals("over-quota", refused.headers().firstValue("Adit-Error").orElse(""));
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            end.countDown();
            assertEquals("the tunnel is untouched", "x", slow.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS).body());
            Await.until("there is room again", () -> site.web().status("/hello") == 200);
        } finally {
            end.countDown();
            quota("null");
        }
    }

    @Test
    public void cBodiesPassAtTheBandwidthAndWhole() throws Exception {
        byte[] body = new byte[160 * 1024];
        new Random(7).nextBytes(body);
        site.origin().on("/big", exchange -> Origin.answer(exchange, 200, body));
        quota("{\"bandwidth\":" + 64 * 1024 + "}");
        try {
            long begun = System.nanoTime();
            assertArrayEquals(body, site.web().get("/big").body());
            // it may take longer; what is free is one read and the bucket's first fill
            assertTrue(System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(1));
            byte[] sent = Arrays.copyOf(body, 64 * 1024);
            assertArrayEquals(sent, site.web().post("/echo", sent).body());
        } finally {
            quota("null");
        }
    }

    @Test
    public void dARenamedPeerComesBackByItself() throws Exception {
        assertEquals(List.of(), Adit.run(command("rename", "demo", "renamed")));
        Await.until("it serves under the new name", () -> site.web("renamed").status("/hello") == 200);
        assertEquals("not found, like any other", 404, site.web("demo").status("/hello"));
        assertTrue(site.peer().isAlive());
        assertName("renamed", "\"state\":\"online\"");
        String quarantined = Adit.run(command("names", "--quarantine")).stream().filter(line -> line.startsWith("demo\t")).findFirst().orElseThrow();
        assertTrue(quarantined, quarantined.endsWith("\trenamed"));
        String line = refused("invite", "demo");
        assertTrue(line, line.contains("'demo' was given up at") && line.contains("in quarantine"));
        assertEquals(200, rest("POST", "/names/renamed/rename", "{\"to\":\"demo\"}").statusCode());
        Await.until("it is back", () -> site.web("demo").status("/hello") == 200);
    }

    @Test
    public void eAnExpiredInvitationEndsAndIsRenewedWithoutANewSecret() throws Exception {
        String invitation = Adit.run(command("invite", "brief", "--expires", "1s", "--notify", "a@example.org", "--quota", "streams=9")).get(0);
        String[] arguments = {"peer", "--home", site.folder().resolve("brief").toString(), "--origin", site.origin().url(), "--invite", invitation};
        Await.until("it has expired", () -> rest("GET", "/names/brief", null).body().contains("\"state\":\"expired\""));
        try (Adit peer = Adit.start(arguments)) {
            String line = peer.awaitRefusal(1);
            assertTrue(line, line.contains("the invitation for 'brief' expired at 2"));
        }
        assertEquals(200, rest("PATCH", "/names/brief", "{\"expires\":\"30d\"}").statusCode());
        try (Relay relay = Relay.start(site.proxyAddress("tunnel"))) {
            arguments[6] = relay.through(invitation);
            try (Adit peer = Adit.start(arguments)) {
                peer.awaitReady();
                assertEquals(200, site.web("brief").status("/hello"));
                assertName("brief", "\"state\":\"online\"", "\"streams\":9", "\"notify\":[\"a@example.org\"]");
                int dialled = relay.connections();
                assertEquals(List.of(), Adit.run(command("change", "brief", "--expires", "1s")));
                String line = peer.awaitRefusal(1);
                assertTrue(line, line.contains("expired"));
                assertEquals("it does not try again", dialled, relay.connections());
            }
        }
        assertName("brief", "\"state\":\"expired\"", "\"secondsLeft\":0");
        assertEquals(404, site.web("brief").status("/hello"));
    }

    @Test
    public void fARevokedNameIsNobodysUntilItIsReleased() throws Exception {
        assertEquals(201, rest("POST", "/invitations", "{\"name\":\"given\"}").statusCode());
        Adit.run(command("revoke", "given"));
        assertProblem(422, "in quarantine until", rest("POST", "/invitations", "{\"name\":\"given\"}"));
        assertTrue(Adit.run(command("invite", "--release", "given")).get(0).startsWith("adit://given:"));
    }
}

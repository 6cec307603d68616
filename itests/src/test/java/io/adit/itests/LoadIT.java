package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;

/**
 * A proxy and a peer with the options that a user has, but for small heaps. Bodies as large as the heap of either side pass unchanged, and memory stays where it
 * was; and SIGTERM under load, of one after the other: what was begun is finished, nothing new is taken, and the exit code says so.
 */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class LoadIT {

    private static final long MIB = 1 << 20;
    private static final long SIZE = 64 * MIB;
    private static final String HEAP = "-Xmx64m";
    /** The heap's limit, and some for the JVM itself. */
    private static final long RESIDENT_KIB = 384 * 1024;

    private static final int IN_FLIGHT = 200;
    /** What ends a drain is that all is done, however slow the machine is. */
    private static final List<String> PATIENT = List.of("--drain-timeout", Long.toString(Await.DEADLINE.toSeconds()));

    private static Site site;

    private final byte[] body = new byte[100_000];
    private final CountDownLatch arrived = new CountDownLatch(IN_FLIGHT);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();

    @BeforeClass
    public static void begin() throws Exception {
        site = Site.start("LoadIT", HEAP, PATIENT, null, PATIENT);
    }

    @AfterClass
    public static void end() {
        if (site != null) {
            site.close();
        }
    }

    /** The first one, since both are processes until a test ends one of them. */
    @Test
    public void aBodyAsLargeAsTheHeapPassesEachWay() throws Exception {
        site.origin().on("/down", exchange -> {
            exchange.sendResponseHeaders(200, SIZE);
            new Pattern(SIZE).transferTo(exchange.getResponseBody());
        });
        site.origin().on("/up", exchange ->
            Origin.answer(exchange, 200, Pattern.checksum(exchange.getRequestBody()).getBytes(StandardCharsets.US_ASCII)));
        String expected = Pattern.checksum(SIZE);
        Web web = site.web();
        site.awaitServing();
        tell("before");
        try (InputStream down = web.stream("/down").body()) {
            assertEquals("down", expected, Pattern.checksum(down));
        }
        tell("after 64 MiB down");
        HttpResponse<String> up = web.client().send(web.request("/up")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Pattern(SIZE))).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals("up", expected, up.body());
        tell("after 64 MiB up");
        assertTrue(site.proxy().residentKiB() < RESIDENT_KIB);
        assertTrue(site.peer().residentKiB() < RESIDENT_KIB);
    }

    private static void tell(String when) throws Exception {
        System.out.printf("LoadIT %s: resident proxy %d MiB, peer %d MiB%n", when, site.proxy().residentKiB() / 1024, site.peer().residentKiB() / 1024);
    }

    /** Requests that are under way, whichever side ended in another test: no test ends it once more, so it needs no process from there on. */
    private void ask() throws Exception {
        if (!site.proxy().isAlive()) {
            site.startProxyWith(Adit.HOSTED, PATIENT.toArray(String[]::new));
        }
        if (!site.peer().isAlive()) {
            site.startPeerWith(Adit.HOSTED, PATIENT.toArray(String[]::new));
        }
        site.awaitServing();
        new Random(3).nextBytes(body);
        site.origin().on("/held", exchange -> {
            // Half of the answer before, half after the signal.
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, body.length / 2);
            exchange.getResponseBody().flush();
            arrived.countDown();
            try {
                if (!answer.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.getResponseBody().write(body, body.length / 2, body.length - body.length / 2);
        });
        Web web = site.web();
        for (int i = 0; i < IN_FLIGHT; i++) {
            answers.add(web.client().sendAsync(web.request("/held").build(), HttpResponse.BodyHandlers.ofByteArray()));
        }
        assertTrue("requests at the origin, missing: " + arrived.getCount(), arrived.await(Await.DEADLINE.toSeconds(),
            TimeUnit.SECONDS));
    }

    @After
    public void stop() {
        answer.countDown();
    }

    @Test
    public void aProxyThatEndsFinishesWhatItBegan() throws Exception {
        ask();
        site.proxy().terminate();
        awaitClosedForNewRequests();
        answer.countDown();
        assertAllComplete();
        site.proxy().awaitExit(0);
        assertEquals(List.of(), site.proxy().err());
        assertTrue("the peer waits for its proxy", site.peer().isAlive());
    }

    @Test
    public void aPeerThatEndsFinishesWhatItBegan() throws Exception {
        ask();
        site.peer().terminate();
        awaitClosedForNewRequests();
        answer.countDown();
        assertAllComplete();
        site.peer().awaitExit(0);
        assertEquals(List.of(), site.peer().err());
    }

    private void awaitClosedForNewRequests() throws Exception {
        Await.until("no new requests are taken", () -> {
            try {
                return site.web().status("/hello") == 503;
            } catch (ConnectException e) {
                return true;
            }
        });
    }

    private void assertAllComplete() throws Exception {
        for (CompletableFuture<HttpResponse<byte[]>> each : answers) {
            HttpResponse<byte[]> response = each.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertEquals(200, response.statusCode());
            assertArrayEquals(body, response.body());
        }
    }
}

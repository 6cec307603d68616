package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** SIGTERM under load: what was begun is finished, nothing new is taken, and the exit code says so. */
public class DrainIT {

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
        site = Site.start("DrainIT", Adit.QUICK, PATIENT, null, PATIENT);
    }

    @AfterClass
    public static void end() {
        if (site != null) {
            site.close();
        }
    }

    /** Requests that are under way, whichever side ended in another test: no test ends it once more, so it needs no process from there on. */
    @Before
    public void start() throws Exception {
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

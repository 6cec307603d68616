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
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;

/** SIGTERM under load: what was begun is finished, nothing new is taken, and the exit code says so. */
public class DrainIT {

    private static final int IN_FLIGHT = 200;
    /** What ends a drain is that all is done, however slow the machine is. */
    private static final List<String> PATIENT = List.of("--drain-timeout", Long.toString(Await.DEADLINE.toSeconds()));

    private final byte[] body = new byte[100_000];
    private final CountDownLatch arrived = new CountDownLatch(IN_FLIGHT);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    @Rule
    public final TestName test = new TestName();

    private Site site;

    @Before
    public void start() throws Exception {
        site = Site.start("DrainIT-" + test.getMethodName(), Adit.QUICK, PATIENT, null, PATIENT);
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
        if (site != null) {
            site.close();
        }
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
        site.peer().stop();
    }

    @Test
    public void aPeerThatEndsFinishesWhatItBegan() throws Exception {
        site.peer().terminate();
        awaitClosedForNewRequests();
        answer.countDown();
        assertAllComplete();
        site.peer().awaitExit(0);
        assertEquals(List.of(), site.peer().err());
        site.proxy().stop();
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

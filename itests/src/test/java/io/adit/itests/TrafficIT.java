package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Many exchanges over the one socket: none mixes with, holds up or waits for another. */
public class TrafficIT {

    private static final int MIB = 1 << 20;
    private static final int CONCURRENT = 500;
    private static final int CHUNKS = 5;

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        // the answers wait until all requests are there, however slow the machine is
        site = Site.shared(TrafficIT.class, "io.adit.proxy:response.timeout.millis=" + Await.DEADLINE.toMillis(),
            "io.adit.origin:response.timeout.millis=" + Await.DEADLINE.toMillis());
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    @Test
    public void fiveHundredRequestsAtOnceEachGetTheirOwnAnswer() throws Exception {
        CountDownLatch allAtTheOrigin = new CountDownLatch(CONCURRENT);
        site.origin().on("/together", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            allAtTheOrigin.countDown();
            // No answer before all have arrived: so they are all on their way at the same time.
            waitFor(() -> allAtTheOrigin.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            Origin.answer(exchange, 200, body);
        });
        Web web = site.web();
        List<byte[]> bodies = new ArrayList<>();
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < CONCURRENT; i++) {
            byte[] body = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(body);
            bodies.add(body);
            answers.add(web.client().sendAsync(web.request("/together").POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
                HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (int i = 0; i < CONCURRENT; i++) {
            HttpResponse<byte[]> answer = answers.get(i).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertEquals("request " + i, 200, answer.statusCode());
            assertArrayEquals("request " + i, bodies.get(i), answer.body());
        }
        assertEquals("one session", 1, site.names().stream().filter(each -> each.contains("\tonline\t")).count());
    }

    @Test
    public void thoseWhoReadNothingHoldUpNobody() throws Exception {
        long size = 200L * MIB;
        Pattern down = new Pattern(size);
        CountDownLatch unread = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        CountDownLatch deaf = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        site.origin().on("/unread", exchange -> {
            exchange.sendResponseHeaders(200, size);
            unread.countDown();
            try {
                down.transferTo(exchange.getResponseBody());
            } catch (IOException e) {
                cut.countDown();
                throw e;
            }
        });
        site.origin().on("/deaf", exchange -> {
            deaf.countDown();
            waitFor(() -> end.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        });
        Pattern up = new Pattern(size);
        Web web = site.web();
        try (RawRequest reader = RawRequest.open(web, "GET", "/unread", "");
                RawRequest writer = RawRequest.open(web, "POST", "/deaf", "Content-Length: " + size + "\r\n")) {
            Thread upload = new Thread(() -> send(up, writer), "upload");
            upload.setDaemon(true);
            upload.start();
            assertTrue(unread.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            assertTrue(deaf.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            byte[] body = new byte[MIB];
            new Random(2).nextBytes(body);
            // Several times what a stream may buffer goes past the two, each way, and on until they stand still: what nobody holds up arrives as a whole.
            for (int i = 0; i < 20; i++) {
                pass(web, body);
            }
            Await.until("both stand still", () -> {
                long before = down.position() + up.position();
                pass(web, body);
                return down.position() + up.position() == before;
            });
            assertTrue("held somewhere: " + down.position() / MIB + " MiB", down.position() < 64L * MIB);
            assertEquals("it was answered, and waits for its reader", "HTTP/1.1 200", reader.readLine().substring(0, 12));
            assertTrue("held somewhere: " + up.position() / MIB + " MiB", up.position() < 64L * MIB);
        } finally {
            end.countDown();
        }
        assertTrue("the browser's end reaches the origin", cut.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    private static void pass(Web web, byte[] body) throws Exception {
        assertArrayEquals(body, web.post("/echo", body).body());
        assertEquals(200, web.status("/hello"));
    }

    @Test
    public void eachChunkOfAResponsePassesBeforeTheNextIsWritten() throws Exception {
        for (String type : List.of("text/html", "text/event-stream", "application/json", "application/octet-stream",
            "video/mp4")) {
            Semaphore seen = new Semaphore(0);
            site.origin().on("/live", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < CHUNKS; i++) {
                    exchange.getResponseBody().write(chunk(i).getBytes(StandardCharsets.US_ASCII));
                    exchange.getResponseBody().flush();
                    waitFor(() -> seen.tryAcquire(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
                }
            });
            HttpResponse<InputStream> response = site.web().stream("/live");
            assertEquals(type, response.headers().firstValue("Content-Type").orElseThrow());
            try (InputStream in = response.body()) {
                for (int i = 0; i < CHUNKS; i++) {
                    assertEquals(type, chunk(i), new String(in.readNBytes(chunk(i).length()), StandardCharsets.US_ASCII));
                    seen.release();
                }
                assertEquals(type, -1, in.read());
            }
        }
    }

    @Test
    public void eachChunkOfAnUploadPassesBeforeTheNextIsWritten() throws Exception {
        Semaphore seen = new Semaphore(0);
        AtomicReference<String> last = new AtomicReference<>();
        site.origin().on("/upload", exchange -> {
            InputStream in = exchange.getRequestBody();
            for (int i = 0; i < CHUNKS; i++) {
                // All but its line end: this server hands out the last byte of a chunk only with what follows the chunk.
                last.set(new String(in.readNBytes(chunk(i).length() - 1), StandardCharsets.US_ASCII));
                seen.release();
                in.read();
            }
            Origin.answer(exchange, in.read() < 0 ? 204 : 400, new byte[0]);
        });
        try (RawRequest request = RawRequest.open(site.web(), "POST", "/upload",
                "Transfer-Encoding: chunked\r\nContent-Type: text/plain\r\n")) {
            for (int i = 0; i < CHUNKS; i++) {
                request.sendChunk(chunk(i));
                assertTrue("chunk " + i, seen.tryAcquire(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
                assertEquals(chunk(i).strip(), last.get());
            }
            request.sendChunk("");
            assertEquals("HTTP/1.1 204", request.readLine().substring(0, 12));
        }
    }

    private static String chunk(int number) {
        return "chunk " + number + " of " + CHUNKS + "\n";
    }

    private static void send(Pattern body, RawRequest to) {
        byte[] buffer = new byte[8192];
        try {
            for (int count = body.read(buffer, 0, buffer.length); count >= 0; count = body.read(buffer, 0, buffer.length)) {
                to.send(java.util.Arrays.copyOf(buffer, count), 0);
            }
        } catch (IOException e) {
            // The test closed it: nobody meant to take all of this.
            return;
        }
    }

    private interface Wait {
        boolean run() throws InterruptedException;
    }

    /** For the threads of the origin: a wait that fails breaks the exchange, and so the test. */
    private static void waitFor(Wait wait) throws IOException {
        try {
            if (!wait.run()) {
                throw new IOException("the other side did not follow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}

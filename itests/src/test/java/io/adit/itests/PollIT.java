package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.sun.net.httpserver.HttpExchange;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Exchanges that wait: long polls, and gRPC-web with a stream of messages from the server. */
public class PollIT {

    private static final int POLLS = 40;
    private static final int MESSAGES = 5;
    private static final byte DATA_FRAME = 0;
    private static final byte TRAILER_FRAME = (byte) 0x80;
    private static final String GRPC_WEB = "application/grpc-web+proto";
    private static final String TRAILERS = "grpc-status:0\r\ngrpc-message:no more\r\n";

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.shared(PollIT.class);
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    /** Each is answered when the test says so, in the reverse of the order in which they came, and not before. */
    @Test
    public void longPollsAreAnsweredWhenTheOriginDoes() throws Exception {
        SideBySide.same("long polls, " + POLLS + " at once", polls(direct("/poll")), polls(site.web().request("/poll")));
    }

    @Test
    public void aGrpcWebStreamArrivesMessageByMessage() throws Exception {
        SideBySide.same("gRPC-web, server streaming", grpc(direct("/grpc")), grpc(site.web().request("/grpc")));
    }

    private static HttpRequest.Builder direct(String path) {
        return HttpRequest.newBuilder(URI.create(site.origin().url() + path)).timeout(Await.DEADLINE);
    }

    private static String polls(HttpRequest.Builder request) throws Exception {
        Map<Integer, CompletableFuture<String>> news = new ConcurrentHashMap<>();
        CountDownLatch waiting = new CountDownLatch(POLLS);
        for (int i = 0; i < POLLS; i++) {
            news.put(i, new CompletableFuture<>());
        }
        site.origin().on("/poll", exchange -> {
            int number = Integer.parseInt(exchange.getRequestHeaders().getFirst("Number"));
            waiting.countDown();
            Origin.answer(exchange, 200, await(news.get(number)).getBytes(StandardCharsets.UTF_8));
        });
        HttpClient client = site.web().client();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < POLLS; i++) {
            answers.add(client.sendAsync(request.copy().header("Number", Integer.toString(i)).build(), HttpResponse.BodyHandlers.ofString()));
        }
        assertTrue("all at the origin", waiting.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        List<String> seen = new ArrayList<>();
        for (int i = POLLS - 1; i >= 0; i--) {
            assertTrue("poll " + i + " is not answered before the origin does", !answers.get(i).isDone());
            news.get(i).complete("news " + i);
            HttpResponse<String> answer = answers.get(i).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            seen.add(answer.statusCode() + " " + answer.body());
        }
        assertEquals("200 news " + (POLLS - 1), seen.get(0));
        return seen.size() + " answered\n" + seen;
    }

    private static String grpc(HttpRequest.Builder request) throws Exception {
        Semaphore read = new Semaphore(0);
        CompletableFuture<String> asked = new CompletableFuture<>();
        site.origin().on("/grpc", exchange -> {
            asked.complete(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                + HexFormat.of().formatHex(exchange.getRequestBody().readAllBytes()));
            exchange.getResponseHeaders().set("Content-Type", GRPC_WEB);
            exchange.getResponseHeaders().set("grpc-encoding", "identity");
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < MESSAGES; i++) {
                send(exchange, frame(DATA_FRAME, message(i)));
                // The next message only when the client has this one.
                acquire(read);
            }
            send(exchange, frame(TRAILER_FRAME, TRAILERS.getBytes(StandardCharsets.US_ASCII)));
        });
        byte[] question = frame(DATA_FRAME, message(100));
        HttpResponse<InputStream> response = site.web().client().send(request.header("Content-Type", GRPC_WEB)
            .header("X-Grpc-Web", "1").POST(HttpRequest.BodyPublishers.ofByteArray(question)).build(), HttpResponse.BodyHandlers.ofInputStream());
        StringBuilder result = new StringBuilder();
        int frames = 0;
        try (DataInputStream in = new DataInputStream(response.body())) {
            for (int type = in.read(); type >= 0; type = in.read()) {
                byte[] payload = in.readNBytes(in.readInt());
                result.append(type).append(' ').append(HexFormat.of().formatHex(payload)).append('\n');
                assertEquals("frame " + frames, frames < MESSAGES ? HexFormat.of().formatHex(message(frames))
                    : HexFormat.of().formatHex(TRAILERS.getBytes(StandardCharsets.US_ASCII)), HexFormat.of().formatHex(payload));
                frames++;
                read.release();
            }
        }
        assertEquals(MESSAGES + 1, frames);
        assertEquals("as it was sent", GRPC_WEB + " " + HexFormat.of().formatHex(question), asked.get(0, TimeUnit.SECONDS));
        Map<String, List<String>> fields = new TreeMap<>(response.headers().map());
        // Of this second, and of one connection.
        fields.keySet().removeAll(List.of("date", "transfer-encoding"));
        return response.statusCode() + ", " + frames + " frames\n" + fields + "\n" + result;
    }

    /** A protocol buffer: field 1 a number, field 2 bytes of every value. */
    private static byte[] message(int number) {
        byte[] text = new byte[256];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (i + number);
        }
        return ByteBuffer.allocate(text.length + 5).put((byte) 0x08).put((byte) number).put((byte) 0x12).put((byte) 0x80).put((byte) 0x02)
            .put(text).array();
    }

    /** Flag, length, payload: as in gRPC; the trailers are a frame of the body, since browsers show no others. */
    private static byte[] frame(byte flag, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length).put(flag).putInt(payload.length).put(payload).array();
    }

    private static void send(HttpExchange exchange, byte[] bytes) throws IOException {
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
    }

    private static void acquire(Semaphore semaphore) throws IOException {
        try {
            if (!semaphore.tryAcquire(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the client did not follow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String await(CompletableFuture<String> future) throws IOException {
        try {
            return future.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        }
    }
}

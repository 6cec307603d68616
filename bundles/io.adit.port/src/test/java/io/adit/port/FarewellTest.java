package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The end of the container waits until the clients of HTTP/2 have read what was sent, and for nobody else. */
public class FarewellTest {

    private static final long TIMEOUT_SECONDS = 20;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int BODY = 100_000;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int LARGE = 1 << 24;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Server server = new Server();
    private final CountDownLatch answered = new CountDownLatch(1);
    private HttpsPort https;

    @Before
    public void start() throws Exception {
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.write(true, ByteBuffer.allocate(BODY), Callback.from(answered::countDown, callback));
                return true;
            }
        });
        server.start();
        PortOptions options = PortOptions.of(PortOptionsTest.config("https.port", 0), folder.getRoot().toString());
        CertificateFiles.write(folder.getRoot().toPath().resolve("conf/tls"), "a", "a.example", "EC", true, Duration.ofDays(1));
        CountDownLatch opened = new CountDownLatch(1);
        https = new HttpsPort(options, new Connectors(options), server, "127.0.0.1", opened::countDown);
        https.start();
        assertTrue(opened.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    }

    @After
    public void stop() throws Exception {
        https.close();
        server.stop();
    }

    /** All of the response is in the kernel when the drain begins: this side has nothing left to write. */
    private Http2Line ask() throws Exception {
        ByteBuffer settings = ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(LARGE);
        Http2Line line = new Http2Line(Integer.parseInt(https.url().replaceFirst(".*:", "")), settings.array());
        line.send(Http2Line.WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(LARGE).array());
        line.send(Http2Line.HEADERS, Http2Line.END_HEADERS | Http2Line.END_STREAM, 1,
                Http2Line.fields(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.example"));
        assertTrue(answered.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        return line;
    }

    private static int body(Http2Line line) throws Exception {
        int bytes = 0;
        while (true) {
            Http2Line.Frame data = line.next(Http2Line.DATA, 1);
            bytes += data.payload().remaining();
            if ((data.flags() & Http2Line.END_STREAM) != 0) {
                return bytes;
            }
        }
    }

    @Test
    public void itWaitsForAClientThatHasNotReadAll() throws Exception {
        try (Http2Line line = ask()) {
            CompletableFuture<Void> done = https.farewell(LONG).toCompletableFuture();
            assertEquals(BODY, body(line));
            assertEquals("the last stream", 1, line.next(Http2Line.GOAWAY, 0).payload().getInt());
            Http2Line.Frame ping = line.next(Http2Line.PING, 0);
            line.send(Http2Line.WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(BODY).array());
            assertFalse("before the client said that it has read all", done.isDone());
            line.send(Http2Line.PING, Http2Line.ACK, 0, ping.payload().array());
            done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    public void oneThatGoesIsNotWaitedFor() throws Exception {
        Http2Line line = ask();
        CompletableFuture<Void> done = https.farewell(LONG).toCompletableFuture();
        line.close();
        done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void oneOnWhichNothingMovedForSoLongIsToldAndNotWaitedFor() throws Exception {
        try (Http2Line line = ask()) {
            assertEquals(BODY, body(line));
            https.farewell(Duration.ZERO).toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            line.next(Http2Line.GOAWAY, 0);
        }
    }

    @Test
    public void withoutAConnectionThereIsNothingToWaitFor() throws Exception {
        https.farewell(LONG).toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}

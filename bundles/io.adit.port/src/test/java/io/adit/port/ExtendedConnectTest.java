package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Extended CONNECT (RFC 8441) is offered, and what it asks for comes to the handler. The frames are written by hand. */
public class ExtendedConnectTest {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int INDEX_OF_404 = 13;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void itIsOfferedAndComesToTheHandler() throws Exception {
        Server server = new Server();
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                String protocol = request.getTunnelSupport() == null ? null : request.getTunnelSupport().getProtocol();
                response.setStatus(request.getMethod().equals("CONNECT") && "websocket".equals(protocol) ? 404 : protocol == null ? 200 : 500);
                callback.succeeded();
                return true;
            }
        });
        server.start();
        PortOptions options = PortOptions.of(PortOptionsTest.config("https.port", 0), folder.getRoot().toString());
        Path directory = folder.getRoot().toPath().resolve("conf/tls");
        CertificateFiles.write(directory, "a", "a.example", "EC", true, Duration.ofDays(1));
        CountDownLatch opened = new CountDownLatch(1);
        try (HttpsPort https = new HttpsPort(options, new Connectors(options), server, "127.0.0.1", opened::countDown)) {
            https.start();
            assertTrue(opened.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
            try (Http2Line line = new Http2Line(Integer.parseInt(https.url().replaceFirst(".*:", "")), new byte[0])) {
                talk(line);
            }
        } finally {
            server.stop();
        }
    }

    private static void talk(Http2Line line) throws IOException {
        ByteBuffer settings = line.next(Http2Line.SETTINGS, 0).payload();
        int offered = 0;
        while (settings.hasRemaining()) {
            int name = settings.getShort();
            int value = settings.getInt();
            offered = name == ENABLE_CONNECT_PROTOCOL ? value : offered;
        }
        assertEquals("SETTINGS_ENABLE_CONNECT_PROTOCOL", 1, offered);
        line.send(Http2Line.HEADERS, Http2Line.END_HEADERS, 1, Http2Line.fields(":method", "CONNECT", ":protocol", "websocket", ":scheme", "https", ":path", "/", ":authority", "a.example",
            "sec-websocket-version", "13"));
        assertEquals("the handler's answer", INDEX_OF_404, firstIndex(line.next(Http2Line.HEADERS, 1)));
        line.send(Http2Line.HEADERS, Http2Line.END_HEADERS | Http2Line.END_STREAM, 3, Http2Line.fields(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.example"));
        assertEquals("the connection serves on", 3, line.next(Http2Line.HEADERS, 3).stream());
    }

    /** The first field of a block is the status; an index of the static table (RFC 7541 appendix A), behind a change of the table's size. */
    private static int firstIndex(Http2Line.Frame headers) {
        int first = headers.payload().get();
        while ((first & 0xE0) == 0x20) {
            boolean more = (first & 0x1F) == 0x1F; // the number goes on (RFC 7541 section 5.1)
            while (more) {
                more = (headers.payload().get() & 0x80) != 0;
            }
            first = headers.payload().get();
        }
        return first & 0x7F;
    }
}

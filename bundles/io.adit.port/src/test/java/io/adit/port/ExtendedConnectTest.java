package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

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
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int INDEX_OF_404 = 13;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    /** A frame of HTTP/2 (RFC 9113 section 4.1). */
    private record Frame(int type, int flags, int stream, ByteBuffer payload) {
    }

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
            try (SSLSocket socket = connect(Integer.parseInt(https.url().replaceFirst(".*:", "")))) {
                talk(new DataInputStream(socket.getInputStream()), socket.getOutputStream());
            }
        } finally {
            server.stop();
        }
    }

    private static void talk(DataInputStream in, OutputStream out) throws IOException {
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(out, SETTINGS, 0, 0, new byte[0]);
        ByteBuffer settings = next(in, SETTINGS, 0).payload();
        int offered = 0;
        while (settings.hasRemaining()) {
            int name = settings.getShort();
            int value = settings.getInt();
            offered = name == ENABLE_CONNECT_PROTOCOL ? value : offered;
        }
        assertEquals("SETTINGS_ENABLE_CONNECT_PROTOCOL", 1, offered);
        frame(out, HEADERS, END_HEADERS, 1, fields(":method", "CONNECT", ":protocol", "websocket", ":scheme", "https", ":path", "/", ":authority", "a.example",
            "sec-websocket-version", "13"));
        assertEquals("the handler's answer", INDEX_OF_404, firstIndex(next(in, HEADERS, 1)));
        frame(out, HEADERS, END_HEADERS | END_STREAM, 3, fields(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.example"));
        assertEquals("the connection serves on", 3, next(in, HEADERS, 3).stream());
    }

    /** The first field of a block is the status; an index of the static table (RFC 7541 appendix A), behind a change of the table's size. */
    private static int firstIndex(Frame headers) {
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

    private static SSLSocket connect(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new PortTest.Everything()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
        out.flush();
    }

    /** Literals without indexing and without Huffman coding (RFC 7541 section 6.2.2), all shorter than 127 bytes. */
    private static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            byte[] text = namesAndValues[i].getBytes(StandardCharsets.US_ASCII);
            if (i % 2 == 0) {
                block.write(0);
            }
            block.write(text.length);
            block.writeBytes(text);
        }
        return block.toByteArray();
    }

    /** The next frame of a kind on a stream, without an acknowledgement of ours. */
    private static Frame next(DataInputStream in, int type, int stream) throws IOException {
        while (true) {
            int lengthAndType = in.readInt();
            Frame frame = new Frame(lengthAndType & 0xFF, in.readUnsignedByte(), in.readInt() & 0x7FFFFFFF,
                ByteBuffer.wrap(in.readNBytes(lengthAndType >>> 8)));
            assertTrue("the connection ends: " + frame, frame.type() != GOAWAY);
            if (frame.type() == type && frame.stream() == stream && !(type == SETTINGS && frame.flags() == 1)) {
                return frame;
            }
        }
    }
}

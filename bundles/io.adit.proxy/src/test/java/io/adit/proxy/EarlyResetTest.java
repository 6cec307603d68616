package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import jakarta.servlet.ServletRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A visitor who resets a stream of HTTP/2 while the servlet's thread is at its request: Jetty tells no AsyncListener of that. The frames are written by hand. */
public class EarlyResetTest {

    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int END_HEADERS = 4;
    private static final int END_STREAM = 1;
    private static final String[] WEB_SOCKET = {":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/", ":authority", "demo.localhost",
        "sec-websocket-version", "13"};
    private static final String[] PLAIN = {":method", "POST", ":scheme", "http", ":path", "/", ":authority", "demo.localhost", "content-length", "0"};

    private ProxyServer server;
    private Socket socket;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of());
        socket = new Socket(InetAddress.getLoopbackAddress(), server.http2Port());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    @After
    public void stop() throws Exception {
        socket.close();
        server.close();
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
        socket.getOutputStream().write(frame.array());
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

    /** Called by the servlet's thread, which goes on when Jetty has told everybody who listens. */
    private void reset(ServletRequest request) {
        CountDownLatch told = new CountDownLatch(1);
        ServletContextRequest.getServletContextRequest(request).addFailureListener(failure -> told.countDown());
        try {
            send(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            assertTrue(told.await(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitNoneUnderWay() throws Exception {
        server.gateway.drain().toCompletableFuture().get(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(0, server.gateway.underWay());
    }

    @Test
    public void aResetBeforeTheServletHasTheRequestIsHeard() throws Exception {
        beforeTheServletHas(END_HEADERS, WEB_SOCKET);
    }

    @Test
    public void aResetBeforeTheServletHasTheRequestIsHeardWithoutABody() throws Exception {
        beforeTheServletHas(END_HEADERS | END_STREAM, PLAIN);
    }

    private void beforeTheServletHas(int flags, String[] head) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        server.arriving = this::reset;
        server.leaving = request -> left.countDown();
        send(HEADERS, flags, 1, fields(head));
        assertTrue(left.await(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS));
        awaitNoneUnderWay();
    }

    @Test
    public void aResetBeforeTheServletReturnsIsHeard() throws Exception {
        beforeTheServletReturns(END_HEADERS, WEB_SOCKET);
    }

    @Test
    public void aResetBeforeTheServletReturnsIsHeardWithoutABody() throws Exception {
        beforeTheServletReturns(END_HEADERS | END_STREAM, PLAIN);
    }

    private void beforeTheServletReturns(int flags, String[] head) throws Exception {
        server.leaving = this::reset;
        send(HEADERS, flags, 1, fields(head));
        assertEquals(ErrorCode.CANCEL, server.peers.next().awaitReset());
        awaitNoneUnderWay();
    }
}

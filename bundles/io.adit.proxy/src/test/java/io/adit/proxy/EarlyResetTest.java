package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
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

    private static final String[] WEB_SOCKET = {":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/", ":authority", "demo.localhost",
        "sec-websocket-version", "13"};
    private static final String[] PLAIN = {":method", "POST", ":scheme", "http", ":path", "/", ":authority", "demo.localhost", "content-length", "0"};

    private ProxyServer server;
    private Http2Socket socket;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of());
        socket = new Http2Socket(server.http2Port());
    }

    @After
    public void stop() throws Exception {
        socket.close();
        server.close();
    }

    /** Called by the servlet's thread, which goes on when Jetty has told everybody who listens. */
    private void reset(ServletRequest request) {
        CountDownLatch told = new CountDownLatch(1);
        ServletContextRequest.getServletContextRequest(request).addFailureListener(failure -> told.countDown());
        try {
            socket.send(Http2Socket.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
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
        beforeTheServletHas(Http2Socket.END_HEADERS, WEB_SOCKET);
    }

    @Test
    public void aResetBeforeTheServletHasTheRequestIsHeardWithoutABody() throws Exception {
        beforeTheServletHas(Http2Socket.END_HEADERS | Http2Socket.END_STREAM, PLAIN);
    }

    private void beforeTheServletHas(int flags, String[] head) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        server.arriving = this::reset;
        server.leaving = request -> left.countDown();
        socket.send(Http2Socket.HEADERS, flags, 1, Http2Socket.fields(head));
        assertTrue(left.await(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS));
        awaitNoneUnderWay();
    }

    @Test
    public void aResetBeforeTheServletReturnsIsHeard() throws Exception {
        beforeTheServletReturns(Http2Socket.END_HEADERS, WEB_SOCKET);
    }

    @Test
    public void aResetBeforeTheServletReturnsIsHeardWithoutABody() throws Exception {
        beforeTheServletReturns(Http2Socket.END_HEADERS | Http2Socket.END_STREAM, PLAIN);
    }

    private void beforeTheServletReturns(int flags, String[] head) throws Exception {
        server.leaving = this::reset;
        socket.send(Http2Socket.HEADERS, flags, 1, Http2Socket.fields(head));
        assertEquals(ErrorCode.CANCEL, server.peers.next().awaitReset());
        awaitNoneUnderWay();
    }
}

package io.adit.origin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A lot of bytes, both ways: they arrive whole, and no more of them are in memory than the bounds say. */
public class BulkTest {

    /** More than what is under way at any moment. */
    private static final long BULK = 32L << 20;
    private static final int CHUNK = 50_000;
    /** What the kernel may hold of a loopback connection on both ends, and a little of ours. */
    private static final long BOUND = 24L << 20;

    @Rule
    public final OriginRule rule = new OriginRule();

    private Server server;
    private String url;

    @Before
    public void start() throws Exception {
        server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                if (request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, request.getLength());
                }
                Content.copy(request, response, callback);
                return true;
            }
        });
        server.start();
        url = "http://127.0.0.1:" + connector.getLocalPort();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

    @Test
    public void anEchoOfManyMegabytesIsWhole() throws Exception {
        OriginComponent handler = rule.handler("url", url);
        for (long length : new long[] {BULK, -1}) {
            FakeStream stream = rule.manualStream();
            String[] fields = length < 0 ? new String[0] : new String[] {"Content-Length", Long.toString(length)};
            handler.handle(OriginRule.head("POST", "/", length, fields), false, stream);
            Future<Long> upload = rule.executor.submit(() -> upload(stream, BULK));
            CRC32 sum = new CRC32();
            long received = 0;
            while (true) {
                FakeStream.Op op = stream.next();
                assertEquals("one at a time", 0, stream.waiting());
                sum.update(op.data());
                received += op.data().length;
                op.completion().succeeded();
                if (op.last()) {
                    break;
                }
            }
            assertEquals(BULK, received);
            assertEquals(upload.get(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS).longValue(), sum.getValue());
        }
    }

    /** Never more than a few chunks ahead, as the engine's credit does it. */
    private static long upload(FakeStream stream, long length) throws Exception {
        CRC32 sum = new CRC32();
        Random random = new Random(1);
        byte[] chunk = new byte[CHUNK];
        for (long done = 0; done < length; done += chunk.length) {
            if (length - done < chunk.length) {
                chunk = new byte[(int) (length - done)];
            }
            random.nextBytes(chunk);
            sum.update(chunk);
            stream.put(chunk.clone(), done + chunk.length == length);
            stream.awaitReleased(done + chunk.length - 8 * CHUNK);
        }
        return sum.getValue();
    }

    @Test
    public void manyAtOnceOverFewConnections() throws Exception {
        OriginComponent handler = rule.handler("url", url, "max.connections", 8, "threads.max", 4);
        List<FakeStream> streams = new ArrayList<>();
        byte[] body = new byte[10_000];
        new Random(2).nextBytes(body);
        for (int i = 0; i < 500; i++) {
            FakeStream stream = rule.stream();
            handler.handle(OriginRule.head("POST", "/" + i, body.length, "Content-Length", "10000"), false, stream);
            stream.put(body, true);
            streams.add(stream);
        }
        for (FakeStream stream : streams) {
            assertArrayEquals(body, stream.all().getBytes(ISO_8859_1));
        }
        OriginRule.awaitIdle(handler);
    }

    @Test
    public void tooManyWaitingAreRefused() throws Exception {
        OriginComponent handler = rule.handler("max.connections", 1, "max.queued", 1);
        FakeStream first = rule.stream();
        handler.handle(OriginRule.get("/1"), true, first);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            FakeStream second = rule.stream();
            handler.handle(OriginRule.get("/2"), true, second);
            FakeStream third = rule.stream();
            handler.handle(OriginRule.get("/3"), true, third);
            assertEquals("REFUSED", third.resetCode());
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            first.all();
            assertTrue(peer.head().startsWith("GET /2 "));
        }
    }

    @Test
    public void aStalledBrowserStallsTheOrigin() throws Exception {
        try (ServerSocketChannel listening = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0)); Selector selector = Selector.open()) {
            FakeStream stream = rule.manualStream();
            rule.handler("url", "http://127.0.0.1:" + listening.socket().getLocalPort()).handle(OriginRule.get("/"), true, stream);
            try (SocketChannel channel = listening.accept()) {
                ByteBuffer head = ByteBuffer.allocate(4_096);
                while (!new String(head.array(), 0, head.position(), ISO_8859_1).endsWith("\r\n\r\n")) {
                    assertTrue("the client is there", channel.read(head) > 0);
                }
                channel.write(ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".getBytes()));
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_WRITE);
                ByteBuffer chunk = ByteBuffer.allocate(65_536);
                long written = 0;
                // Until the socket takes no more: its writer has not become ready for a while.
                while (written < 1_000_000_000 && selector.select(500) > 0) {
                    selector.selectedKeys().clear();
                    written += channel.write(chunk.clear());
                }
                assertTrue(written + " bytes were taken", written < BOUND);
                FakeStream.Op op = stream.next();
                assertEquals("the next operation waits for this one", 0, stream.waiting());
                op.completion().succeeded();
                FakeStream.Op more = stream.next();
                assertTrue(more.data().length > 0 && more.data().length <= 65_536);
                more.completion().succeeded();
            }
        }
    }

    @Test
    public void anOriginThatReadsNothingStallsTheUpload() throws Exception {
        FakeStream stream = rule.stream();
        byte[] chunk = new byte[65_536];
        for (int i = 0; i < 2_000; i++) {
            stream.put(chunk, i == 1_999);
        }
        rule.handler().handle(OriginRule.head("POST", "/", -1), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            long before;
            // Until nothing is taken any more.
            do {
                before = stream.released.get();
                synchronized (stream.released) {
                    stream.released.wait(500);
                }
            } while (stream.released.get() != before && stream.released.get() < BOUND);
            assertTrue(before + " bytes were taken", stream.released.get() < BOUND);
            peer.head();
        }
    }
}

package io.adit.origin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.junit.Rule;
import org.junit.Test;

/** What an origin sends after a complete response is never the answer to another request (RFC 9112 section 6.3). */
public class ExcessTest {

    private static final int REQUESTS = 40;
    private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

    /** Responses without their excess; {@code {}} is the request's target. */
    private static final String[] KINDS = {
        "HTTP/1.1 200 OK\r\nX-Target: {}\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nx-target: {}\r\nserver: x\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-Target: {}\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nX-Target: {}\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nX-Target: {}\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-Target: {}\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\no\r\n01\r\nk\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Target: {}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"};

    @Rule
    public final OriginRule rule = new OriginRule();

    /** Targets of requests that came on a connection after excess. */
    private final Queue<String> again = new ConcurrentLinkedQueue<>();

    @Test
    public void aWholeResponseBehindTheResponse() throws Exception {
        for (String kind : KINDS) {
            eachGetsItsOwn(kind + POISON);
        }
    }

    /** The client drops what it has read of it: the rest must not begin the next response. */
    @Test
    public void oneThatComesInTwoPieces() throws Exception {
        for (String kind : KINDS) {
            eachGetsItsOwn(kind + "x", POISON);
        }
    }

    /** All that the client reads at once; the next request waits for the connection meanwhile. */
    @Test
    public void moreThanTheClientReadsAtOnce() throws Exception {
        eachGetsItsOwn(KINDS[0] + POISON.repeat(10_000));
    }

    private void eachGetsItsOwn(String... writes) throws Exception {
        OriginComponent handler = rule.handler("max.connections", 1);
        List<FakeStream> streams = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            rule.executor.execute(() -> answerOne(writes));
        }
        for (int i = 0; i < REQUESTS; i++) {
            FakeStream stream = rule.stream();
            streams.add(stream);
            handler.handle(OriginRule.get("/" + i), true, stream);
        }
        for (int i = 0; i < REQUESTS; i++) {
            assertEquals(writes[0] + " for " + i, "/" + i, target(streams.get(i)));
        }
        assertEquals(writes[0], List.of(), List.copyOf(again));
        handler.deactivate();
    }

    private void answerOne(String... writes) {
        try (RawOrigin.Peer peer = accept()) {
            String target = peer.head().split(" ")[1];
            try {
                for (String write : writes) {
                    peer.write(write.replace("{}", target));
                }
                again.add(peer.head());
            } catch (IOException e) {
                // the client went, as it should
                return;
            }
        } catch (IOException e) {
            again.add(e.toString());
        }
    }

    /** One at a time: the origin of the test is played by many. */
    private RawOrigin.Peer accept() throws IOException {
        synchronized (rule) {
            return rule.origin.accept();
        }
    }

    private static String target(FakeStream stream) throws Exception {
        FakeStream.Op op = stream.next();
        if (op.head().status() == 103) {
            op = stream.next();
        }
        return op.head().fields().first("x-target");
    }

    /** What has no body, and what only looks like it: methods have a case (RFC 9110 section 9.1). */
    @Test
    public void whatIsABodyIsNoExcess() throws Exception {
        OriginComponent handler = rule.handler("max.connections", 1);
        for (String method : new String[] {"HEAD", "head", "GET"}) {
            FakeStream stream = rule.stream();
            handler.handle(OriginRule.head(method, "/", -1), true, stream);
            try (RawOrigin.Peer peer = accept()) {
                peer.head();
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
                if (method.equals("HEAD")) {
                    assertEquals("", stream.all());
                    continue;
                }
                FakeStream.Op head = stream.next();
                assertEquals("the head alone", "", head.text());
                peer.write("half");
                assertEquals("half", stream.next().text());
                peer.write("half");
                assertEquals(method, "half", stream.all());
            }
        }
    }

    /** Between two requests; the client may see it before the next one is there, or not. */
    @Test
    public void whatComesOnAKeptConnection() throws Exception {
        OriginComponent handler = rule.handler("max.connections", 1);
        for (int i = 0; i < 10 * REQUESTS; i++) {
            FakeStream first = rule.stream();
            handler.handle(OriginRule.get("/first"), true, first);
            try (RawOrigin.Peer peer = accept()) {
                peer.head();
                peer.write(KINDS[0]);
                assertEquals("ok", first.all());
                OriginRule.awaitIdle(handler);
                peer.write(POISON);
                FakeStream second = rule.stream();
                handler.handle(OriginRule.head("POST", "/second", 0), true, second);
                try (RawOrigin.Peer other = accept()) {
                    assertTrue(other.head().startsWith("POST /second "));
                    other.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecond");
                    assertEquals("second", second.all());
                }
            }
        }
    }

    /** The request is not complete, so the connection is still its own: but its response is. */
    @Test
    public void whatComesWhileTheRequestIsStillBeingSent() throws Exception {
        OriginComponent handler = rule.handler("max.connections", 1);
        for (String excess : new String[] {POISON, "HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"}) {
            FakeStream first = rule.stream();
            handler.handle(new RequestHead("PUT", "http", "demo.localhost", "/first", "HTTP/1.1", Fields.of("Content-Length", "4"),
                "192.0.2.1:1234", "", 4), false, first);
            try (RawOrigin.Peer peer = accept()) {
                peer.head();
                peer.write(KINDS[0]);
                assertEquals("ok", first.all());
                FakeStream second = rule.stream();
                handler.handle(OriginRule.get("/second"), true, second);
                peer.write(excess);
                first.put("body", true);
                try (RawOrigin.Peer other = accept()) {
                    assertTrue(other.head().startsWith("GET /second "));
                    other.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecond");
                    assertEquals("second", second.all());
                }
            }
            OriginRule.awaitIdle(handler);
        }
    }

    @Test
    public void anOriginThatTalksFirst() throws Exception {
        try (ServerSocket talkative = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            rule.executor.execute(() -> talk(talkative));
            FakeStream stream = rule.stream();
            rule.handler("url", "http://127.0.0.1:" + talkative.getLocalPort()).handle(OriginRule.get("/"), true, stream);
            assertEquals("ORIGIN_BROKEN", stream.resetCode());
        }
    }

    private static void talk(ServerSocket server) {
        List<Socket> sockets = new ArrayList<>();
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                socket.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // the test is over
            for (Socket socket : sockets) {
                close(socket);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package io.adit.connector;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.adit.api.Completion;
import io.adit.api.Invitation;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import io.adit.tunnel.mina.MinaHandler;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Connections through forward proxies over TCP on loopback, with TLS inside, and every way in which there comes none of it. */
public class DialerTest {

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static final long SECONDS = 60;
    private static final int LATE_MILLIS = 200;
    private static final String LATE = "did not answer within " + LATE_MILLIS + " ms";
    private static final String OK = "HTTP/1.1 200 Connection established\r\n\r\n";
    /** The name of the tunnel's proxy: no name server knows it. */
    private static final String NAME = "tunnel.invalid";
    private static final String SECRET = "correct-horse";

    private static TunnelServer server;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final BlockingQueue<Opened> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<DialException> failed = new LinkedBlockingQueue<>();
    private Dialer dialer;

    @BeforeClass
    public static void startServer() throws Exception {
        server = TunnelServer.start(FOLDER.getRoot().toPath());
    }

    @AfterClass
    public static void stopServer() throws Exception {
        server.close();
    }

    @Before
    public void forgetNames() {
        server.names.clear();
    }

    @After
    public void close() {
        if (dialer != null) {
            dialer.close();
        }
        timer.shutdownNow();
    }

    @Test
    public void directlyAsEver() throws Exception {
        dialer = dialer("127.0.0.1", server.port(), server.fingerprint(), Map.of());
        echo(dial());
    }

    @Test
    public void tlsThroughConnectWithALoginForANameThatOnlyTheForwardProxyKnows() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        try (FakeProxy proxy = FakeProxy.start(line -> {
            heads.add(line.head());
            line.say("HTTP/1.1 100 Continue\r\n\r\n" + OK);
            line.relay(server.port());
        })) {
            dialer = dialer(NAME, 443, server.fingerprint(), Map.of("dial.via", "http://127.0.0.1:" + proxy.port(), "dial.via.user", "u",
                    "dial.via.password", SECRET));
            for (int i = 0; i < 3; i++) {
                echo(dial());
                assertEquals("CONNECT tunnel.invalid:443 HTTP/1.1\r\nHost: tunnel.invalid:443\r\nUser-Agent: adit/1\r\n"
                        + "Proxy-Authorization: Basic dTpjb3JyZWN0LWhvcnNl\r\n\r\n", heads.poll(SECONDS, TimeUnit.SECONDS));
                assertEquals("TLS asks for the tunnel's proxy", List.of(NAME), server.names.poll(SECONDS, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    public void tlsThroughSocksWithALoginForANameThatOnlyTheForwardProxyKnows() throws Exception {
        String login = "\1\1u\15" + SECRET;
        String connect = "\5\1\0\3\16" + NAME + "\1\273";
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        try (FakeProxy proxy = FakeProxy.start(line -> {
            said.add(line.expect("\5\2\0\2"));
            line.say("\5\2");
            said.add(line.expect(login));
            line.say("\1\0");
            said.add(line.expect(connect));
            line.say("\5\0\0\1\177\0\0\1\0\1");
            line.relay(server.port());
        })) {
            dialer = dialer(NAME, 443, server.fingerprint(), Map.of("dial.via", "socks5://localhost:" + proxy.port(), "dial.via.user", "u",
                    "dial.via.password", SECRET));
            echo(dial());
            for (String each : List.of("\5\2\0\2", login, connect)) {
                assertEquals(each, said.poll(SECONDS, TimeUnit.SECONDS));
            }
            assertEquals(List.of(NAME), server.names.poll(SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    public void answersMayComeByteByByte() throws Exception {
        Map<String, FakeProxy.Script> table = new LinkedHashMap<>();
        table.put("http", line -> {
            line.head();
            line.drip(OK);
            line.relay(server.port());
        });
        table.put("socks5", line -> {
            line.expect("\5\1\0");
            line.drip("\5\0");
            line.expect("\5\1\0\3\16" + NAME + "\1\273");
            line.drip("\5\0\0\3\4host\0\1");
            line.relay(server.port());
        });
        for (Map.Entry<String, FakeProxy.Script> row : table.entrySet()) {
            try (FakeProxy proxy = FakeProxy.start(row.getValue());
                    Dialer each = dialer(NAME, 443, server.fingerprint(), Map.of("dial.via", row.getKey() + "://127.0.0.1:" + proxy.port()))) {
                dialer = each;
                echo(dial());
            }
        }
    }

    @Test
    public void bytesThatFollowTheAnswerAtOnceAreTheTunnels() throws Exception {
        Map<String, FakeProxy.Script> table = new LinkedHashMap<>();
        table.put("http", line -> {
            line.head();
            line.say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + "early\r\n\r\nbytes");
            line.awaitEnd();
        });
        table.put("socks5", line -> {
            line.expect("\5\1\0");
            line.say("\5\0\5\0\0\1\177\0\0\1\0\1" + "early\r\n\r\nbytes");
            line.awaitEnd();
        });
        for (Map.Entry<String, FakeProxy.Script> row : table.entrySet()) {
            try (FakeProxy proxy = FakeProxy.start(row.getValue());
                    Dialer each = dialer(NAME, 443, new byte[0], Map.of("dial.via", row.getKey() + "://127.0.0.1:" + proxy.port()))) {
                dialer = each;
                assertEquals("early\r\n\r\nbytes", new String(dial().await(14), StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    public void everyFailureIsOneLineAndLeavesNothing() throws Exception {
        Map<FakeProxy.Script, String> http = new LinkedHashMap<>();
        http.put(line -> {
            line.head();
            line.say("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nConnection: close\r\n\r\nbody");
            line.close();
        }, "does not accept the user and the password (407 Proxy Authentication Required)");
        http.put(line -> {
            line.head();
            line.say("HTTP/1.1 403 Filtered\r\nContent-Length: 1000\r\n\r\n");
            line.awaitEnd();
        }, "refuses a connection to tunnel.invalid:443 (403 Filtered)");
        http.put(line -> line.say("SSH-2.0-x\r\n"), "is no HTTP proxy: its answer begins with 'SSH-2.0-x'");
        http.put(line -> {
            line.head();
            line.close();
        }, "closed the connection before it answered");
        http.put(line -> {
            line.head();
            line.say("HTTP/1.1 200 OK\r\n");
            line.close();
        }, "closed the connection before it answered");
        http.put(line -> {
            line.head();
            line.reset();
        }, "broke the connection: Connection reset");
        http.put(line -> {
            line.head();
            line.say("HTTP/1.1 200 OK\r\n");
            while (true) {
                line.say("X: " + "y".repeat(10_000) + "\r\n");
            }
        }, "answers with a head of more than 16384 bytes");
        http.put(FakeProxy.Line::awaitEnd, LATE);
        http.put(line -> {
            line.head();
            line.say("HTTP/1.1 200 OK\r\nX: ");
            while (true) {
                line.say("y");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }, LATE);
        Map<FakeProxy.Script, String> socks = new LinkedHashMap<>();
        socks.put(line -> {
            line.expect("\5\2\0\2");
            line.say("\5\2");
            line.expect("\1\1u\15" + SECRET);
            line.say("\1\1");
            line.close();
        }, "does not accept the user and the password (SOCKS5 status 1)");
        socks.put(line -> {
            line.expect("\5\2\0\2");
            line.say("\5\0");
            line.expect("\5\1\0\3\16" + NAME + "\1\273");
            line.say("\5\4\0\1\0\0\0\0\0\0");
            line.close();
        }, "cannot connect to tunnel.invalid:443: host unreachable (SOCKS5 reply 4)");
        socks.put(line -> line.say("HTTP/1.1 400 Bad Request\r\n\r\n"), "is no SOCKS5 proxy: its answer begins with 0x48");
        for (Map.Entry<FakeProxy.Script, String> row : http.entrySet()) {
            assertFails("http", row.getKey(), row.getValue());
        }
        for (Map.Entry<FakeProxy.Script, String> row : socks.entrySet()) {
            assertFails("socks5", row.getKey(), row.getValue());
        }
    }

    /** Only who is to be late has a short deadline: any other may be as slow as the machine is. */
    private void assertFails(String scheme, FakeProxy.Script script, String message) throws Exception {
        int millis = message.equals(LATE) ? LATE_MILLIS : 60_000;
        try (FakeProxy proxy = FakeProxy.start(script);
                Dialer each = dialer(NAME, 443, server.fingerprint(), Map.of("dial.via", scheme + "://127.0.0.1:" + proxy.port(), "dial.via.user", "u",
                        "dial.via.password", SECRET, "dial.via.timeout.millis", millis))) {
            for (int i = 0; i < 2; i++) {
                each.dial(failed::add);
                DialException failure = failed.poll(SECONDS, TimeUnit.SECONDS);
                assertNotNull(message, failure);
                String told = failure.getMessage();
                assertTrue(told, told.startsWith("the forward proxy " + scheme + "://127.0.0.1:" + proxy.port() + " ") && told.endsWith(message));
                assertFalse(told, told.contains(SECRET) || told.contains("\n"));
                assertEquals(told, message.contains("the password"), failure.isLogin());
                awaitNoConnections(each);
            }
        }
        assertEquals("told once", List.of(), failed.stream().map(DialException::getMessage).toList());
        assertEquals("never open", 0, opened.size());
        assertEquals("no deadline is left", 0, timer.getQueue().stream().filter(task -> !((java.util.concurrent.Future<?>) task).isCancelled()).count());
    }

    @Test
    public void aForwardProxyThatIsNotThereIsNamed() throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        dialer = dialer(NAME, 443, server.fingerprint(), Map.of("dial.via", "http://127.0.0.1:" + port));
        dialer.dial(failed::add);
        assertEquals("the forward proxy http://127.0.0.1:" + port + " cannot be connected to: Connection refused",
                failed.poll(SECONDS, TimeUnit.SECONDS).getMessage());
        awaitNoConnections(dialer);

        dialer.close();
        dialer = dialer(NAME, 443, server.fingerprint(), Map.of("dial.via", "socks5://proxy.invalid:1080"));
        dialer.dial(failed::add);
        assertEquals("the forward proxy socks5://proxy.invalid:1080 has no address: proxy.invalid", failed.poll(SECONDS, TimeUnit.SECONDS).getMessage());
    }

    @Test
    public void aForwardProxyThatLooksIntoTlsIsFoundOut() throws Exception {
        try (FakeProxy proxy = FakeProxy.start(line -> {
            line.head();
            line.say(OK);
            line.relay(server.port());
        })) {
            dialer = dialer(NAME, 443, new byte[32], Map.of("dial.via", "http://127.0.0.1:" + proxy.port()));
            Opened session = dial();
            assertTrue(session.closed.thenApply(cause -> true).get(SECONDS, TimeUnit.SECONDS));
            assertTrue(dialer.mismatch());
            awaitNoConnections(dialer);
            assertEquals("it was open, so its end is the session's", 0, failed.size());
        }
    }

    @Test
    public void closingEndsAnAttemptThatIsUnderWay() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        try (FakeProxy proxy = FakeProxy.start(line -> {
            line.head();
            asked.complete(null);
            line.awaitEnd();
            ended.complete(null);
        })) {
            dialer = dialer(NAME, 443, server.fingerprint(), Map.of("dial.via", "http://127.0.0.1:" + proxy.port()));
            dialer.dial(failed::add);
            asked.get(SECONDS, TimeUnit.SECONDS);
            dialer.close();
            ended.get(SECONDS, TimeUnit.SECONDS);
            assertTrue(failed.poll(SECONDS, TimeUnit.SECONDS).getMessage().endsWith("closed the connection before it answered"));
            assertEquals(0, opened.size());
        }
    }

    private Dialer dialer(String host, int port, byte[] fingerprint, Map<String, Object> configuration) throws Exception {
        Invitation invitation = new Invitation(host, port, "demo", new byte[32], fingerprint);
        Route route = new Route("io.adit.connector~demo", Config.of(new HashMap<>(configuration)), Map.of(), Path.of(""), host);
        return new Dialer(invitation, route, 10_000, timer, "adit/1", new MinaHandler(transport -> {
            Opened made = new Opened(transport);
            opened.add(made);
            return made;
        }));
    }

    private Opened dial() throws Exception {
        dialer.dial(failed::add);
        Opened session = null;
        for (int i = 0; i < 10 * SECONDS && session == null && failed.isEmpty(); i++) {
            session = opened.poll(100, TimeUnit.MILLISECONDS);
        }
        assertNotNull("open, and not " + failed, session);
        return session;
    }

    /** Sends more than a record of TLS, and gets it back. */
    private static void echo(Opened session) throws Exception {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        session.send(bytes);
        assertArrayEquals(bytes, session.await(bytes.length));
        session.transport.close(false);
        assertTrue(session.closed.thenApply(cause -> true).get(SECONDS, TimeUnit.SECONDS));
    }

    private static void awaitNoConnections(Dialer dialer) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (dialer.connections() != 0) {
            assertTrue("connections are left", System.nanoTime() - end < 0);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** What the engine sees of one connection. */
    private static final class Opened implements TransportListener {

        private final Transport transport;
        private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> closed = new CompletableFuture<>();

        Opened(Transport transport) {
            this.transport = transport;
        }

        @Override
        public void received(ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            received.add(bytes);
        }

        @Override
        public void closed(Throwable cause) {
            closed.complete(cause);
        }

        void send(byte[] bytes) throws Exception {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            transport.write(ByteBuffer.wrap(bytes), new Completion() {
                @Override
                public void succeeded() {
                    sent.complete(null);
                }

                @Override
                public void failed(Throwable cause) {
                    sent.completeExceptionally(cause);
                }
            });
            sent.get(SECONDS, TimeUnit.SECONDS);
        }

        byte[] await(int count) throws Exception {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (all.size() < count) {
                byte[] more = received.poll(SECONDS, TimeUnit.SECONDS);
                assertNotNull(all.size() + " bytes, and then nothing", more);
                all.writeBytes(more);
            }
            return all.toByteArray();
        }
    }
}

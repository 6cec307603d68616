package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** One version of the bundle goes and another comes: what happens to connections of each kind. The versions differ in the head that they take. */
public class HandoverTest {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    /** Only the first version takes it. */
    private static final String LONG = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n\r\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Server server;
    private ServerConnector felix;
    private int number;
    private HttpPort port;
    private HttpsPort https;
    /** Requests to /later, which are answered by the test. */
    private final BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();

    @Before
    public void start() throws Exception {
        server = new Server();
        felix = new ServerConnector(server, 1, 1);
        felix.setHost("127.0.0.1");
        server.addConnector(felix);
        server.setHandler(new Answers());
        server.start();
        number = felix.getLocalPort();
        CertificateFiles.write(folder.getRoot().toPath().resolve("conf/tls"), "a", "localhost", "EC", true, Duration.ofDays(1));
    }

    @After
    public void stop() throws Exception {
        if (port != null) {
            gone();
        }
        server.stop();
    }

    private void version(int headMax, Object... more) throws Exception {
        Object[] all = new Object[4 + more.length];
        System.arraycopy(new Object[] {"head.max.bytes", headMax, "https.port", 0}, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        PortOptions options = PortOptions.of(PortOptionsTest.config(all), folder.getRoot().toString());
        Connectors connectors = new Connectors(options);
        port = new HttpPort(connectors, number);
        Connector forFelix = port.createConnector(server);
        server.addConnector(forFelix);
        forFelix.start();
        https = new HttpsPort(options, connectors, port.server(), "127.0.0.1", () -> { });
        https.start();
        server.removeConnector(forFelix);
    }

    private void gone() {
        https.close();
        port.close();
        port = null;
    }

    private int secure() {
        return Integer.parseInt(https.url().replaceFirst(".*:", ""));
    }

    @Test
    public void aConnectionBetweenTwoRequestsGoesOnWithTheNextVersion() throws Exception {
        version(20_000);
        try (Talk talk = new Talk(new Socket(InetAddress.getLoopbackAddress(), number))) {
            assertEquals("200", talk.ask(LONG));
            gone();
            version(8192);
            assertEquals("431", talk.ask(LONG));
        }
    }

    @Test
    public void whatIsSentInTheGapWaitsAlsoOnANewConnection() throws Exception {
        version(20_000);
        try (Talk kept = new Talk(new Socket(InetAddress.getLoopbackAddress(), number))) {
            assertEquals("200", kept.ask(REQUEST));
            gone();
            try (Talk fresh = new Talk(new Socket(InetAddress.getLoopbackAddress(), number))) {
                kept.send(REQUEST);
                fresh.send(REQUEST);
                version(8192);
                assertEquals("200", kept.status());
                assertEquals("200", fresh.status());
                assertEquals("431", kept.ask(LONG));
            }
        }
    }

    @Test
    public void aRequestUnderWayEndsAndItsConnectionGoesOnWithTheNextVersion() throws Exception {
        version(20_000);
        try (Talk talk = new Talk(new Socket(InetAddress.getLoopbackAddress(), number))) {
            talk.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
            Runnable answer = later.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            assertNotNull(answer);
            gone();
            version(8192);
            talk.send("cd" + LONG);
            answer.run();
            assertEquals("200", talk.status());
            assertEquals("what came with it, too: it was read by the first version", "200", talk.status());
            assertEquals("431", talk.ask(LONG));
        }
    }

    @Test
    public void halfAHeadIsReadToItsEndByTheVersionThatBegan() throws Exception {
        version(20_000);
        try (Talk talk = new Talk(new Socket(InetAddress.getLoopbackAddress(), number))) {
            assertEquals("200", talk.ask(REQUEST));
            talk.send(LONG.substring(0, 100));
            Talk.awaitRead(number);
            gone();
            version(8192);
            talk.send(LONG.substring(100));
            String first = talk.status();
            assertTrue(first, first.equals("200") || first.equals("431")); // by whichever read the first byte
            if (first.equals("200")) {
                assertEquals("431", talk.ask(LONG));
            }
        }
    }

    @Test
    public void tlsConnectionsStay() throws Exception {
        version(20_000);
        SSLContext context = trusting();
        int secure = secure();
        SSLSocket before = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), secure);
        SSLParameters parameters = before.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        before.setSSLParameters(parameters);
        try (Talk kept = new Talk(before)) {
            assertEquals("200", kept.ask(LONG));
            gone();
            kept.send(REQUEST);
            try (Talk fresh = new Talk(context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), secure))) {
                fresh.send(REQUEST);
                version(8192);
                assertEquals(secure, secure());
                assertEquals("200", kept.status());
                assertEquals("200", fresh.status());
                assertEquals("431", kept.ask(LONG));
            }
        }
    }

    @Test
    public void http2GoesOnWithoutAPause() throws Exception {
        version(20_000);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting()).proxy(HttpClient.Builder.NO_PROXY).build();
        HttpRequest first = HttpRequest.newBuilder(URI.create("https://localhost:" + secure() + "/")).build();
        HttpRequest second = HttpRequest.newBuilder(URI.create("https://localhost:" + secure() + "/later")).build();
        String peer = client.send(first, HttpResponse.BodyHandlers.ofString()).body();
        CompletableFuture<HttpResponse<String>> underWay = client.sendAsync(second, HttpResponse.BodyHandlers.ofString());
        Runnable answer = later.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        assertNotNull(answer);
        gone();
        assertEquals("nobody serves, and the same connection is used", peer, client.send(first, HttpResponse.BodyHandlers.ofString()).body());
        version(8192);
        answer.run();
        HttpResponse<String> answered = underWay.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        assertEquals(HttpClient.Version.HTTP_2, answered.version());
        assertEquals(peer, client.send(first, HttpResponse.BodyHandlers.ofString()).body());
    }

    @Test
    public void withNobodyForTooLongTheHttpsPortCloses() throws Exception {
        version(20_000, "hold.timeout.millis", 1L);
        int secure = secure();
        try (Talk kept = new Talk(trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), secure))) {
            assertEquals("200", kept.ask(REQUEST));
            gone();
            assertTrue(kept.isAtEnd());
        }
        long began = System.nanoTime();
        boolean refused = false;
        while (!refused) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), secure)) {
                assertTrue("it listens", System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS));
            } catch (ConnectException e) {
                refused = true;
            }
        }
    }

    @Test
    public void anotherAddressIsAnotherPort() throws Exception {
        version(20_000);
        int secure = secure();
        gone();
        version(8192, "https.host", "127.0.0.2");
        assertFalse(https.url(), https.url().endsWith("127.0.0.1:" + secure));
        assertTrue(https.url(), https.url().startsWith("https://127.0.0.2:"));
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new PortTest.Everything()}, null);
        return context;
    }

    /** A client that reads what it is answered, and no more. */
    private static final class Talk implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;

        Talk(Socket socket) throws Exception {
            this.socket = socket;
            socket.setSoTimeout(TIMEOUT_MILLIS);
            in = socket.getInputStream();
        }

        String ask(String request) throws Exception {
            send(request);
            return status();
        }

        void send(String bytes) throws Exception {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** Of the next response, which is read to its end; all have a length. */
        String status() throws Exception {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                assertTrue("the connection ends after " + head, next >= 0);
                head.append((char) next);
            }
            int length = Integer.parseInt(head.toString().replaceFirst("(?is).*\r\ncontent-length: *(\\d+).*", "$1"));
            assertEquals(length, in.readNBytes(length).length);
            return head.substring(9, 12);
        }

        boolean isAtEnd() throws Exception {
            return in.read() < 0;
        }

        /** Another request and its answer: what was sent before it has most likely been read. */
        static void awaitRead(int number) throws Exception {
            try (Talk other = new Talk(new Socket(InetAddress.getLoopbackAddress(), number))) {
                assertEquals("200", other.ask(REQUEST));
            }
        }

        @Override
        public void close() throws Exception {
            socket.close();
        }
    }

    private final class Answers extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String text = Request.getRemoteAddr(request) + ":" + Request.getRemotePort(request);
            Runnable answer = () -> response.write(true, BufferUtil.toBuffer(text), callback);
            if (request.getHttpURI().getPath().equals("/later")) {
                later.add(() -> {
                    Request.asInputStream(request);
                    answer.run();
                });
            } else {
                answer.run();
            }
            return true;
        }
    }
}

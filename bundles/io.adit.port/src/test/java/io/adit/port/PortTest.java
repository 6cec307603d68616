package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.eclipse.jetty.http.HttpField;
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

/** The connectors on a Jetty server without Felix: what reaches a handler, and what does not. */
public class PortTest {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final Duration YEAR = Duration.ofDays(365);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Server server;
    private ServerConnector felix;
    private int number;
    private HttpPort port;

    @Before
    public void start() throws Exception {
        server = new Server();
        felix = new ServerConnector(server, 1, 1);
        felix.setHost("127.0.0.1");
        server.addConnector(felix);
        server.setHandler(new Echo());
        server.start();
        number = felix.getLocalPort();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

    /** Does what Felix does with a connector factory. */
    private Connector take(Object... configuration) throws Exception {
        port = new HttpPort(new Connectors(options(configuration)), number);
        Connector connector = port.createConnector(server);
        server.addConnector(connector);
        connector.start();
        return connector;
    }

    private PortOptions options(Object... configuration) {
        return PortOptions.of(PortOptionsTest.config(configuration), folder.getRoot().toString());
    }

    @Test
    public void theSamePortIsServedByOursAndThenByTheirsAgain() throws Exception {
        take("hold.timeout.millis", 1L);
        assertEquals("GET /", line(exchange(number, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), "method"));
        assertFalse(felix.isStarted());
        port.close();
        assertNull(port.server());
        String request = "GET / HTTP/1.1\r\nHost: a\r\nUSER-agent: x\r\nConnection: close\r\n\r\n";
        String served = exchange(number, request);
        assertTrue("what waits is served as Felix HTTP does it: " + served, served.contains("User-Agent=x"));
        assertFalse(felix.isStarted());
        take();
        assertTrue(exchange(number, request).contains("USER-agent=x"));
    }

    @Test
    public void anotherServerGetsAConnectorThatListensToNothing() throws Exception {
        Server admin = new Server(0);
        admin.start();
        try {
            HttpPort mine = new HttpPort(new Connectors(options()), felix.getLocalPort());
            Connector nothing = mine.createConnector(admin);
            nothing.start();
            assertTrue(nothing.isStarted());
            assertEquals(-1, ((ServerConnector) nothing).getLocalPort());
            assertNull(mine.server());
            assertNull(mine.failure());
            nothing.stop();
        } finally {
            admin.stop();
        }
    }

    @Test
    public void namesKeepTheirCaseAndOrder() throws Exception {
        take();
        String answer = exchange(number, "gEt //%2F/../a?|[] HTTP/1.1\r\nhOST: a\r\nUSER-agent: x\r\nX-b: 1\r\nx-B: 2\r\naccept:\r\nConnection: close\r\n\r\n");
        assertEquals("gEt //%2F/../a?|[]", line(answer, "method"));
        assertTrue(answer, answer.contains("hOST=a|USER-agent=x|X-b=1|x-B=2|accept=|Connection=close|"));
    }

    @Test
    public void whatIsNoRequestIsRefusedAndTheConnectionClosed() throws Exception {
        take();
        String[][] rows = {{"GET / HTTP/1.1\nHost: a\n\n", "400"}, {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
            {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
            {"GET /" + "a".repeat(90_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", "414"}, {"GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(90_000) + "\r\n\r\n", "431"}};
        for (String[] row : rows) {
            String answer = exchange(number, row[0] + "GET /second HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(answer, answer.startsWith("HTTP/1.1 " + row[1]));
            assertTrue(answer, answer.contains("\r\nAdit-Error: "));
            assertFalse("nothing after it is a request", answer.contains("second"));
        }
    }

    @Test
    public void theAddressComesFromTheProxyProtocol() throws Exception {
        take("proxy.protocol", true);
        String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assertEquals("192.0.2.7:1234", line(exchange(number, "PROXY TCP4 192.0.2.7 192.0.2.8 1234 80\r\n" + request), "remote"));
        String v2 = new String(new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x21, 0x11, 0, 12, (byte) 192, 0, 2, 9, (byte) 192, 0, 2, 8, 4, (byte) 0xD2, 0, 80},
                StandardCharsets.ISO_8859_1);
        assertEquals("192.0.2.9:1234", line(exchange(number, v2 + request), "remote"));
        assertEquals("without a header there is no answer", "", exchange(number, request));
    }

    @Test
    public void httpsOpensWithTheFirstCertificateAndTakesLaterOnes() throws Exception {
        take();
        Path directory = folder.getRoot().toPath().resolve("conf/tls");
        CountDownLatch opened = new CountDownLatch(1);
        PortOptions options = options("https.port", 0, "certificate.check.millis", 100L);
        try (HttpsPort https = new HttpsPort(options, new Connectors(options), port.server(), "127.0.0.1", opened::countDown)) {
            https.start();
            assertEquals("", https.url());
            CertificateFiles.write(directory, "b", "b.example", "EC", true, YEAR);
            assertTrue(opened.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
            int secure = Integer.parseInt(https.url().replaceFirst(".*:", ""));
            assertEquals("CN=b.example h2", handshake(secure, "unknown.example", "h2", "http/1.1"));
            assertEquals("CN=b.example http/1.1", handshake(secure, "b.example", "http/1.1"));
            X509Certificate next = CertificateFiles.write(directory, "a", "a.example", "EC", true, YEAR);
            String expected = next.getSubjectX500Principal() + " h2";
            long began = System.nanoTime();
            while (!handshake(secure, "a.example", "h2").equals(expected)) {
                assertTrue("the new certificate is not used", System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS));
            }
            assertEquals("CN=b.example h2", handshake(secure, "b.example", "h2"));
            assertEquals("the first by name", expected, handshake(secure, "unknown.example", "h2"));
        }
        assertTrue(exchange(number, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 200"));
    }

    private static String line(String answer, String key) {
        return answer.lines().filter(each -> each.startsWith(key + ":")).map(each -> each.substring(key.length() + 1)).findFirst().orElse(answer);
    }

    /** All that comes until the connection ends. */
    private static String exchange(int number, String bytes) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), number)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException reset) {
            return ""; // what it did not read made the kernel reset the connection
        }
    }

    private static String handshake(int number, String host, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everything()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), number)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal() + " " + socket.getApplicationProtocol();
        }
    }

    /** Says what it was asked. */
    private static final class Echo extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            StringBuilder text = new StringBuilder();
            text.append("method:").append(request.getMethod()).append(' ').append(request.getHttpURI().getPathQuery()).append('\n');
            text.append("remote:").append(Request.getRemoteAddr(request)).append(':').append(Request.getRemotePort(request)).append('\n');
            for (HttpField field : request.getHeaders()) {
                text.append(field.getName()).append('=').append(field.getValue()).append('|');
            }
            response.write(true, BufferUtil.toBuffer(text.append('\n').toString()), callback);
            return true;
        }
    }

    static final class Everything extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            // as the name says
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // as the name says
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {
            // as the name says
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {
            // as the name says
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // as the name says
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // as the name says
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

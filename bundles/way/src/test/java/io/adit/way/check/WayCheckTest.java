package io.adit.way.check;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.way.Via;
import org.junit.After;
import org.junit.Test;

/** What each leg says when it is broken, with servers that break it. */
public class WayCheckTest {

    private static final Limits LIMITS = new Limits(5000, 1 << 20, 5000);
    private static final byte[] CERTIFICATE = new byte[32];

    private final List<AutoCloseable> open = new ArrayList<>();

    @After
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** Reads a head and answers with that, or nothing where it is null. @return its port */
    private int answers(String text) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(server);
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    if (socket.getInputStream().read() != 0x16) { // what begins a TLS handshake has no head that would end
                        Sockets.head(socket.getInputStream());
                    }
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    // the client went away, or the test is over
                }
            }
        }, "answers");
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.getLocalPort();
        }
    }

    private static String said(List<Check> checks, String name) {
        Check check = checks.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() -> new AssertionError(name + " of " + checks));
        return check.state() + " " + check.text() + " | " + check.advice();
    }

    private static void assertSaid(String start, String within, List<Check> checks, String name) {
        String said = said(checks, name);
        assertTrue(said, said.startsWith(start) && said.contains(within));
    }

    private static List<Check> tunnel(String host, int port, byte[] certificate, String via) throws Exception {
        return new TunnelCheck(host, port, certificate, via == null ? null : Via.parse(via), LIMITS).run();
    }

    @Test
    public void aNameThatNobodyHas() throws Exception {
        List<Check> checks = tunnel("nobody.invalid", 1, CERTIFICATE, null);
        assertSaid("FAIL nobody.invalid: ", "name server", checks, "DNS");
        assertSaid("SKIPPED", "comes before", checks, "TCP");
        assertSaid("SKIPPED", "comes before", checks, "TLS");
        assertTrue(Verdict.of(checks), Verdict.of(checks).startsWith("It does not work: DNS: nobody.invalid"));
    }

    @Test
    public void aPortWhereNobodyListens() throws Exception {
        List<Check> checks = tunnel("127.0.0.1", closedPort(), CERTIFICATE, null);
        assertSaid("OK", "", checks, "DNS");
        assertSaid("FAIL 127.0.0.1:", "firewall", checks, "TCP");
        assertSaid("SKIPPED", "", checks, "TLS");
    }

    @Test
    public void aServerThatSpeaksNoTls() throws Exception {
        int port = answers("HTTP/1.1 400 Bad Request\r\n\r\n");
        assertSaid("FAIL", "no TLS server", tunnel("127.0.0.1", port, CERTIFICATE, null), "TLS");
        assertSaid("SKIPPED", "tls=off", tunnel("127.0.0.1", port, new byte[0], null), "TLS");
    }

    @Test
    public void forwardProxies() throws Exception {
        assertSaid("FAIL", "port 443 only", tunnel("proxy.invalid", 7443, CERTIFICATE, "http://127.0.0.1:" + answers("HTTP/1.1 403 Forbidden\r\n\r\n")), "Forward proxy");
        assertSaid("WARN", "wants a login", tunnel("proxy.invalid", 7443, CERTIFICATE, "http://127.0.0.1:" + answers("HTTP/1.1 407 Login\r\n\r\n")), "Forward proxy");
        assertSaid("FAIL", "dial.via", tunnel("proxy.invalid", 7443, CERTIFICATE, "http://127.0.0.1:" + closedPort()), "Forward proxy");
        List<Check> through = tunnel("proxy.invalid", 7443, new byte[0], "http://127.0.0.1:" + answers("HTTP/1.1 200 OK\r\n\r\n"));
        assertSaid("OK", "connects to proxy.invalid:7443", through, "Forward proxy");
        assertEquals("All is well.", Verdict.of(through));
        assertSaid("FAIL", "refuses", tunnel("proxy.invalid", 7443, CERTIFICATE, "socks5://127.0.0.1:" + closedPort()), "Forward proxy");
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    /** A proxy whose clock is off by that, and a peer that answers so. */
    private String site(long seconds, Answer origin) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                if (exchange.getRequestURI().getPath().equals(VisitorCheck.TIME_PATH)) {
                    send(exchange, 200, ("<time datetime=\"" + Instant.now().plusSeconds(seconds) + "\">").getBytes(StandardCharsets.US_ASCII));
                } else if (SpeedPath.isGood(exchange.getRequestURI().getPath(), CERTIFICATE, Instant.now())) {
                    exchange.getResponseHeaders().add("Content-Type", "application/octet-stream");
                    send(exchange, 200, new byte[100_000]);
                } else {
                    origin.to(exchange);
                }
            }
        });
        server.start();
        open.add(() -> server.stop(0));
        return "http://demo.localhost:" + server.getAddress().getPort() + "/";
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private static Answer error(int status, String code) {
        return exchange -> {
            if (!code.isEmpty()) {
                exchange.getResponseHeaders().add("Adit-Error", code);
            }
            send(exchange, status, new byte[0]);
        };
    }

    private static List<Check> visitor(String url) throws Exception {
        return new VisitorCheck(url, CERTIFICATE, LIMITS).run();
    }

    @Test
    public void allIsWell() throws Exception {
        List<Check> checks = visitor(site(0, error(200, "")));
        assertEquals(List.of("Name", "HTTP", "Clock", "Origin", "Throughput"), checks.stream().map(Check::name).toList());
        assertEquals(checks.toString(), "All is well.", Verdict.of(checks));
        assertSaid("OK", "Mbit/s through tunnel and proxy (97 KiB)", checks, "Throughput");
    }

    @Test
    public void clocksThatAreApart() throws Exception {
        List<Check> checks = visitor(site(3600, error(200, "")));
        assertSaid("WARN 3", "behind the proxy's | One of the two is wrong", checks, "Clock");
        assertTrue(Verdict.of(checks), Verdict.of(checks).startsWith("Nothing failed, but: Clock: "));
        assertSaid("WARN 3", "ahead of the proxy's", visitor(site(-3600, error(200, ""))), "Clock");
    }

    @Test
    public void originsThatFail() throws Exception {
        assertSaid("FAIL", "502 origin-unreachable | The peer cannot reach its web server", visitor(site(0, error(502, "origin-unreachable"))), "Origin");
        assertSaid("FAIL", "503 offline | The peer is not connected", visitor(site(0, error(503, "offline"))), "Origin");
        assertSaid("FAIL", "404 unknown-name | The proxy does not know", visitor(site(0, error(404, "unknown-name"))), "Origin");
        assertSaid("FAIL", "an error of its own: 500 | Look into", visitor(site(0, error(500, ""))), "Origin");
        assertSaid("OK", "404", visitor(site(0, error(404, ""))), "Origin");
    }

    @Test
    public void noThroughputWithoutTheSecretOrThePeer() throws Exception {
        String url = site(0, error(404, ""));
        assertSaid("SKIPPED", "secret", new VisitorCheck(url, null, LIMITS).run(), "Throughput");
        assertSaid("SKIPPED", "does not take part", new VisitorCheck(url, new byte[] {1}, LIMITS).run(), "Throughput");
    }

    @Test
    public void aPublicPortThatIsClosedOrOfSomebodyElse() throws Exception {
        assertSaid("FAIL", "public port", visitor("http://demo.localhost:" + closedPort() + "/"), "HTTP");
        assertSaid("FAIL", "no HTTP", visitor("http://demo.localhost:" + answers("SSH-2.0-x\r\n\r\n") + "/"), "HTTP");
        assertSaid("SKIPPED", "does not tell", visitor("http://demo.localhost:" + answers("HTTP/1.1 404 No\r\n\r\n") + "/"), "Clock");
        assertSaid("FAIL", "Browsers warn", visitor("https://demo.localhost:" + answers("HTTP/1.1 400 No\r\n\r\n") + "/"), "HTTPS");
        assertSaid("FAIL", "wildcard", visitor("http://demo.invalid/"), "Name");
        assertEquals(State.OK, new VisitorCheck(site(0, error(500, "")), null, LIMITS).runPort("Public port").state());
    }
}

package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.adit.api.MetricSource.Metric;
import io.adit.api.RequestListener;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What the HTTP server refuses by itself is told and counted, once each; here without our public port, so without a request line. */
public class RefusalTest {

    private static final int END_STREAM_AND_HEADERS = Http2Socket.END_STREAM | Http2Socket.END_HEADERS;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private ProxyServer server;

    @Before
    public void start() throws Exception {
        server = new ProxyServer(Map.of());
        RequestListener listener = begin -> end -> told.add(String.join("|", begin.side().name(), begin.peer(), begin.method(), begin.target(), begin.protocol(), begin.scheme(),
            begin.client().replaceFirst(":\\d+$", ""), begin.visitor(), end.how().name(), Integer.toString(end.status()), end.error(), end.responseBytes() > 0 ? "bytes" : "none"));
        server.gateway.reports().add(listener);
    }

    @After
    public void stop() throws Exception {
        server.close();
    }

    private String told() throws InterruptedException {
        return told.poll(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private Map<String, Double> counts() {
        return server.refusals.metrics().stream().filter(each -> each.value() > 0)
            .collect(java.util.stream.Collectors.toMap(each -> each.labels().get("status"), Metric::value, Double::sum, java.util.TreeMap::new));
    }

    @Test
    public void eachRefusalOfTheParserIsToldOnce() throws Exception {
        Map<String, String> statuses = new java.util.LinkedHashMap<>();
        String host = "\r\nHost: demo.localhost\r\n";
        statuses.put("\u0016\u0003\u0001\r\n\r\n", "400");
        statuses.put("GET / HTTP/7.7" + host + "\r\n", "505");
        statuses.put("GET /" + "x".repeat(200_000) + " HTTP/1.1" + host + "\r\n", "414");
        statuses.put("GET / HTTP/1.1" + host + "X: " + "x".repeat(200_000) + "\r\n\r\n", "431");
        statuses.put("GET / HTTP/1.1\r\n\r\n", "400");
        statuses.put("POST / HTTP/1.1" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400");
        for (Map.Entry<String, String> each : statuses.entrySet()) {
            try (Browser browser = server.browser()) {
                browser.send(each.getKey());
                assertTrue(browser.head().startsWith("HTTP/1.1 " + each.getValue()));
            }
            String line = told();
            assertTrue(line, line.matches("PROXY\\|\\|\\|\\|\\|http\\|127.0.0.1\\|127.0.0.1\\|OWN\\|" + each.getValue() + "\\|[a-z-]+\\|bytes"));
        }
        assertEquals(Map.of("400", 3.0, "414", 1.0, "431", 1.0, "505", 1.0), counts());
        assertEquals(0, told.size());
    }

    /** Such a request has reached the endpoint, which tells of it. */
    @Test
    public void aBadBodyIsNotToldTwice() throws Exception {
        try (Browser browser = server.browser()) {
            browser.send("POST /x HTTP/1.1\r\nHost: demo.localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
            assertTrue(browser.head().startsWith("HTTP/1.1 400"));
            browser.rest();
        }
        String line = told();
        assertTrue(line, line.startsWith("PROXY|demo|POST|/x|HTTP/1.1|") && line.contains("|OWN|400|bad-request|"));
        try (Browser browser = server.browser()) {
            browser.send("nonsense\r\n\r\n").head();
        }
        assertTrue("nothing in between", told().startsWith("PROXY||||"));
        assertEquals(Map.of("400", 1.0), counts());
    }

    @Test
    public void aStreamOfHttp2IsToldToo() throws Exception {
        try (Http2Socket socket = new Http2Socket(server.http2Port())) {
            // fields in upper case are malformed (RFC 9113 section 8.2)
            socket.send(Http2Socket.HEADERS, END_STREAM_AND_HEADERS, 1, Http2Socket.fields(":method", "GET", ":scheme", "http", ":path", "/a", ":authority", "demo.localhost", "X-UPPER", "x"));
            String line = told();
            assertTrue(line, line.matches("PROXY\\|\\|\\|\\|\\|http\\|127.0.0.1\\|127.0.0.1\\|OWN\\|400\\|bad-request\\|bytes"));
            // one that is understood, but that no server takes: what it expects
            socket.send(Http2Socket.HEADERS, END_STREAM_AND_HEADERS, 3, Http2Socket.fields(":method", "GET", ":scheme", "http", ":path", "/b", ":authority", "demo.localhost", "expect", "x"));
            line = told();
            assertTrue(line, line.startsWith("PROXY||GET|/b|HTTP/2.0|http|127.0.0.1|127.0.0.1|OWN|417|"));
        }
        assertEquals(Map.of("400", 1.0, "417", 1.0), counts());
    }

    /** HTTP/1.1 has no line with such a method; to HTTP/2 it is a text as any other. */
    @Test
    public void aMethodOfHttp2ThatIsNoTokenIsRefused() throws Exception {
        for (String method : new String[] {"A(B", "G T", "GET/", "G,T"}) {
            try (Http2Socket socket = new Http2Socket(server.http2Port())) {
                socket.send(Http2Socket.HEADERS, END_STREAM_AND_HEADERS, 1, Http2Socket.fields(":method", method, ":scheme", "http", ":path", "/x", ":authority", "demo.localhost"));
                String line = told();
                assertTrue(method + ": " + line, line != null && line.contains("|OWN|400|bad-request|"));
            }
        }
    }
}

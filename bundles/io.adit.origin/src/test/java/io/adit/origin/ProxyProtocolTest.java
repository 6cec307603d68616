package io.adit.origin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.junit.Rule;
import org.junit.Test;

/** The PROXY protocol towards the origin: who is named, on which connections, and how many there are. */
public class ProxyProtocolTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @Rule
    public final OriginRule rule = new OriginRule();

    private static RequestHead from(String client) {
        return from(client, "GET", "");
    }

    private static RequestHead from(String client, String method, String upgrade) {
        return new RequestHead(method, "http", "demo.localhost", "/", "HTTP/1.1",
            Fields.of("Host", "h", "Forwarded", "for=203.0.113.99", "X-Forwarded-For", "203.0.113.99", "X-Forwarded-Port", "8080"), client, upgrade, -1);
    }

    private FakeStream ask(OriginComponent handler, String client) {
        FakeStream stream = rule.stream();
        handler.handle(from(client), true, stream);
        return stream;
    }

    private static void answer(RawOrigin.Peer peer, OriginComponent handler, FakeStream stream) throws Exception {
        peer.write(OK);
        assertEquals("ok", stream.all());
        OriginRule.awaitIdle(handler);
    }

    private static String header(RawOrigin.Peer peer) throws Exception {
        return peer.until("\r\n");
    }

    private static void assertRequest(RawOrigin.Peer peer) throws Exception {
        String head = peer.head();
        assertTrue(head, head.startsWith("GET / HTTP/1.1\r\nHost: h\r\n"));
    }

    @Test
    public void eachVisitorHasConnectionsOfItsOwn() throws Exception {
        OriginComponent handler = rule.handler("proxy.protocol", "v1");
        FakeStream first = ask(handler, "192.0.2.1:1234");
        try (RawOrigin.Peer one = rule.origin.accept()) {
            assertEquals("PROXY TCP4 192.0.2.1 0.0.0.0 1234 8080\r\n", header(one));
            assertRequest(one);
            answer(one, handler, first);
            FakeStream other = ask(handler, "192.0.2.1:1235");
            try (RawOrigin.Peer two = rule.origin.accept()) {
                assertEquals("PROXY TCP4 192.0.2.1 0.0.0.0 1235 8080\r\n", header(two));
                assertRequest(two);
                answer(two, handler, other);
            }
            FakeStream again = ask(handler, "192.0.2.1:1234");
            // the kept connection of this visitor, without another header
            assertRequest(one);
            answer(one, handler, again);
        }
    }

    @Test
    public void familiesAndUnknownVisitors() throws Exception {
        String[][] rows = {{"[2001:db8:0:0:0:0:0:1]:65535", "PROXY TCP6 2001:db8:0:0:0:0:0:1 :: 65535 8080\r\n"},
            {"[fe80:0:0:0:0:0:0:1%eth0]:1", "PROXY TCP6 fe80:0:0:0:0:0:0:1 :: 1 8080\r\n"}, {"unknown", "PROXY UNKNOWN\r\n"},
            {"a.name.that.is.looked.up:80", "PROXY UNKNOWN\r\n"}, {"", "PROXY UNKNOWN\r\n"}};
        OriginComponent handler = rule.handler("proxy.protocol", "v1", "keepalive.timeout.millis", 300L);
        for (String[] row : rows) {
            FakeStream stream = ask(handler, row[0]);
            try (RawOrigin.Peer peer = rule.origin.accept()) {
                assertEquals(row[1], header(peer));
                assertRequest(peer);
                answer(peer, handler, stream);
                peer.awaitClosed();
            }
        }
    }

    @Test
    public void versionTwoIsBinary() throws Exception {
        String[][] rows = {{"192.0.2.1:1234", V2 + "2111000c" + "c0000201" + "00000000" + "04d2" + "1f90"},
            {"[2001:db8:0:0:0:0:0:1]:1234", V2 + "21210024" + "20010db8000000000000000000000001" + "0".repeat(32) + "04d2" + "1f90"},
            {"unknown", V2 + "20000000"}};
        OriginComponent handler = rule.handler("proxy.protocol", "v2");
        for (String[] row : rows) {
            FakeStream stream = ask(handler, row[0]);
            try (RawOrigin.Peer peer = rule.origin.accept()) {
                byte[] header = peer.readBytes(row[1].length() / 2);
                assertEquals(row[0], row[1], HexFormat.of().formatHex(header));
                assertRequest(peer);
                answer(peer, handler, stream);
            }
        }
    }

    @Test
    public void anUpgradedConnectionBeginsWithItToo() throws Exception {
        OriginComponent handler = rule.handler("proxy.protocol", "v1");
        FakeStream stream = rule.stream();
        handler.handle(from("192.0.2.1:1234", "GET", "websocket"), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertEquals("PROXY TCP4 192.0.2.1 0.0.0.0 1234 8080\r\n", header(peer));
            assertTrue(peer.head().contains("\r\nUpgrade: websocket\r\n"));
            peer.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi");
            assertEquals(101, stream.next().head().status());
            stream.put("ho", true);
            assertEquals("ho", peer.read(2));
        }
    }

    @Test
    public void aRequestThatIsSentAgainNamesItsVisitorAgain() throws Exception {
        OriginComponent handler = rule.handler("proxy.protocol", "v1");
        FakeStream first = ask(handler, "192.0.2.1:1234");
        FakeStream second;
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            header(peer);
            assertRequest(peer);
            answer(peer, handler, first);
            second = ask(handler, "192.0.2.1:1234");
            assertRequest(peer);
        }
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertEquals("PROXY TCP4 192.0.2.1 0.0.0.0 1234 8080\r\n", header(peer));
            assertRequest(peer);
            answer(peer, handler, second);
        }
    }

    @Test
    public void aCrowdOfVisitorsDoesNotLeaveACrowdOfConnections() throws Exception {
        OriginComponent handler = rule.handler("proxy.protocol", "v1", "max.connections", 1, "keepalive.timeout.millis", 60_000L);
        FakeStream first = ask(handler, "192.0.2.1:1");
        try (RawOrigin.Peer kept = rule.origin.accept()) {
            header(kept);
            assertRequest(kept);
            answer(kept, handler, first);
            for (int port = 2; port < 5; port++) {
                FakeStream next = ask(handler, "192.0.2.1:" + port);
                try (RawOrigin.Peer passing = rule.origin.accept()) {
                    assertEquals("PROXY TCP4 192.0.2.1 0.0.0.0 " + port + " 8080\r\n", header(passing));
                    assertRequest(passing);
                    answer(passing, handler, next);
                    passing.awaitClosed();
                }
            }
        }
    }

    @Test
    public void visitorsThatAreGoneLeaveNothing() throws Exception {
        OriginClient client = new OriginClient(OriginOptions.of(OriginRule.config("url", rule.origin.url(), "proxy.protocol", "v1",
            "keepalive.timeout.millis", 300L, "shutdown.timeout.millis", 0L)));
        try {
            for (int port = 1; port < 4; port++) {
                FakeStream stream = rule.stream();
                client.handle(java.net.URI.create(rule.origin.url()), from("192.0.2.1:" + port), true, stream);
                try (RawOrigin.Peer peer = rule.origin.accept()) {
                    header(peer);
                    assertRequest(peer);
                    peer.write(OK);
                    assertEquals("ok", stream.all());
                }
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FakeStream.WAIT_SECONDS);
            while (!client.jetty().getDestinations().isEmpty()) {
                assertTrue(client.jetty().getDestinations() + " are left", System.nanoTime() - end < 0);
                java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        } finally {
            client.close();
        }
    }
}

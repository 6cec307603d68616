package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.adit.api.packet.Fields;
import org.junit.Test;

/** The small parts, by table. */
public class PartsTest {

    @Test
    public void authorities() {
        assertEquals(new Authority("demo.localhost", -1), Authority.parse("Demo.LOCALHOST."));
        assertEquals(new Authority("demo.localhost", 8080), Authority.parse("demo.localhost.:8080"));
        assertEquals(new Authority("a", -1), Authority.parse("a:"));
        assertEquals(new Authority("[::1]", 80), Authority.parse("[::1]:80"));
        for (String bad : new String[] {"", ":80", ".a", "a..b", "a b", "a/b", "a@b", "a,b", "a:65536", "a:-1", "a:1x", "a:123456", "[::1", "[x]", "\u00e4",
                "a:80:81", "x".repeat(255), "a\u0000", "[::1]x"}) {
            assertNull(bad, Authority.parse(bad));
        }
    }

    @Test
    public void hops() {
        assertEquals(MaxForwards.NONE, MaxForwards.of("OPTIONS", Fields.EMPTY));
        assertEquals(MaxForwards.NONE, MaxForwards.of("GET", Fields.of("Max-Forwards", "x")));
        assertEquals(0, MaxForwards.of("OPTIONS", Fields.of("Max-Forwards", "000")));
        assertEquals(12, MaxForwards.of("OPTIONS", Fields.of("max-FORWARDS", " 012 ")));
        assertEquals(Integer.MAX_VALUE, MaxForwards.of("OPTIONS", Fields.of("Max-Forwards", "99999999999")));
        for (String bad : new String[] {"", "-1", "+1", "1 2", "1,1", "\u0661"}) {
            assertEquals(bad, MaxForwards.BAD, MaxForwards.of("OPTIONS", Fields.of("Max-Forwards", bad)));
        }
        assertEquals(MaxForwards.BAD, MaxForwards.of("OPTIONS", Fields.of("Max-Forwards", "1", "Max-Forwards", "1")));
    }

    @Test
    public void trailersOfARequest() {
        assertEquals(Fields.of("X-Sum", "1", "x-sum", "2"), RequestFilter.trailers(Fields.of("X-Sum", "1", "Host", "evil", "Content-Length", "1", "Transfer-Encoding",
                "chunked", "x_forwarded_for", "1.2.3.4", "Forwarded", "for=x", "Authorization", "x", "COOKIE", "x", "If-Match", "x", "Connection", "x", "Via", "x", "x-sum", "2")));
    }

    @Test
    public void labels() {
        assertEquals("demo", Authority.parse("demo.localhost").label("localhost"));
        assertEquals("demo", Authority.parse("demo.tunnel.example").label("tunnel.example"));
        for (String none : new String[] {"localhost", "a.b.localhost", "demolocalhost", "demo.localhosts", "demo.example"}) {
            assertNull(none, Authority.parse(none).label("localhost"));
        }
    }

    @Test
    public void trustedProxies() throws Exception {
        TrustedProxies some = TrustedProxies.of("10.0.0.0/8, 192.0.2.1,", "2001:db8::/33", " ", "0.0.0.0/32");
        for (String in : new String[] {"10.255.0.1", "192.0.2.1", "2001:db8:7fff::1"}) {
            assertTrue(in, some.contains(InetAddress.getByName(in)));
        }
        for (String out : new String[] {"11.0.0.1", "192.0.2.2", "2001:db8:8000::1", "127.0.0.1", "::1"}) {
            assertFalse(out, some.contains(InetAddress.getByName(out)));
        }
        assertFalse(TrustedProxies.of().contains(InetAddress.getLoopbackAddress()));
        for (String bad : new String[] {"localhost", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/x", "300.1.1.1", "10.0.0.0/-1"}) {
            assertThrows(bad, IllegalArgumentException.class, () -> TrustedProxies.of(bad));
        }
    }

    @Test
    public void theVisitorIsTheNearestThatIsNoTrustedProxy() throws Exception {
        RequestFilter filter = new RequestFilter(TrustedProxies.of("10.0.0.0/8", "2001:db8::/32"));
        Map<String, String> table = new HashMap<>();
        table.put("", "10.0.0.1");
        table.put("192.0.2.1", "192.0.2.1");
        table.put("198.51.100.7, 192.0.2.1", "192.0.2.1");
        table.put("1.1.1.1,192.0.2.1:4711 , 10.9.9.9,[2001:db8::1]:80", "192.0.2.1");
        table.put("2001:DB8::5", "2001:db8:0:0:0:0:0:5");
        table.put("10.1.1.1", "10.1.1.1");
        table.put("192.0.2.1, unknown, 10.1.1.1", "10.1.1.1");
        table.put("999.0.2.1", "10.0.0.1");
        table.put("localhost", "10.0.0.1");
        table.put("[::1", "10.0.0.1");
        for (Map.Entry<String, String> row : table.entrySet()) {
            assertEquals(row.getKey(), row.getValue(),
                    filter.visitor(new InetSocketAddress(InetAddress.getByName("10.0.0.1"), 5), Fields.of("X-Forwarded-For", row.getKey())));
        }
        assertEquals("what others say is not believed", "192.0.2.9",
                filter.visitor(new InetSocketAddress(InetAddress.getByName("192.0.2.9"), 5), Fields.of("X-Forwarded-For", "1.1.1.1")));
        assertEquals("unknown", filter.visitor(null, Fields.EMPTY));
    }

    @Test
    public void aBadValueNamesPidKeyAndRange() {
        Map<String, Object> bad = new HashMap<>(Map.of("response.timeout.millis", 99L, "continue.timeout.millis", -1L,
                "stop.timeout.millis", 60_001L, "linger.timeout.millis", -1L, "retry.after.seconds", 0, "max.fields", 15, "max.field.bytes", 1023));
        bad.putAll(Map.of("pages.check.millis", 99L, "pages.max.bytes", 1023));
        bad.forEach((key, value) -> {
            String message = assertThrows(key, IllegalArgumentException.class, () -> Settings.of(ProxyServer.config(Map.of(key, value)))).getMessage();
            assertTrue(message, message.startsWith("io.adit.proxy: " + key + " must be in ") && message.contains("..") && message.endsWith("not '" + value + "'"));
        });
        assertThrows(IllegalArgumentException.class, () -> Settings.of(ProxyServer.config(Map.of("domain", "a b"))));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(ProxyServer.config(Map.of("domain", "a:80"))));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(ProxyServer.config(Map.of("trusted.proxies", new String[] {"x"}))));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(ProxyServer.config(Map.of("pages.directory", "a\u0000b"))));
        assertEquals("tunnel.example", Settings.of(ProxyServer.config(Map.of("domain", "Tunnel.Example."))).domain());
    }

    @Test
    public void trailersThatFrameOrRouteAreDropped() throws Exception {
        Fields kept = ResponseFilter.trailers(Fields.of("X-Sum", "1", "Adit-Error", "offline", "Content-Length", "3", "Transfer-Encoding", "chunked", "HOST", "x"), 10, 1000);
        assertEquals(Fields.of("X-Sum", "1"), kept);
        assertThrows(ResponseFilter.InvalidHeadException.class, () -> ResponseFilter.trailers(Fields.of("X", "1\r\n"), 10, 1000));
        assertThrows(ResponseFilter.InvalidHeadException.class, () -> ResponseFilter.trailers(Fields.of("X", "1", "Y", "2"), 1, 1000));
    }

    @Test
    public void serialRunsOneAfterTheOtherAndSurvivesAFailure() {
        List<String> seen = new ArrayList<>();
        Serial serial = new Serial(failure -> seen.add(failure.getMessage()));
        serial.execute(() -> {
            serial.execute(() -> {
                seen.add("second");
                throw new IllegalStateException("third");
            });
            serial.execute(() -> seen.add("fourth"));
            seen.add("first");
        });
        assertEquals(List.of("first", "second", "third", "fourth"), seen);
    }

    @Test
    public void cookieCrumbsBecomeOneField() {
        Fields crumbs = Fields.builder().add("a", "1").add("cookie", "x=1").add("b", "2").add("cookie", "y=2").add("cookie", "z=3").build();
        Fields one = JettyExchange.withOneCookie(crumbs);
        assertEquals(3, one.size());
        assertEquals("cookie", one.name(1));
        assertEquals("x=1; y=2; z=3", one.value(1));
        Fields whole = Fields.builder().add("Cookie", "x=1; y=2").build();
        assertEquals("x=1; y=2", JettyExchange.withOneCookie(whole).first("cookie"));
    }

    @Test
    public void aTargetThatJettyWasNotShownIsTakenApart() {
        Object[][] rows = {{"GET", "/..", null, "/.."}, {"OPTIONS", "*", null, "*"}, {"GET", "http://a:1/x?y", "a:1", "/x?y"}, {"GET", "HTTPS://a", "a", "/"},
            {"OPTIONS", "http://a", "a", "*"}, {"OPTIONS", "http://a/", "a", "/"}, {"GET", "http://a?q=/", "a", "/?q=/"}, {"GET", "http://u@a/", "u@a", null},
            {"GET", "ftp://a/", null, null}, {"GET", "x", null, null}, {"GET", "", null, null}, {"GET", "http:/a", null, null}, {"GET", "http:///x", null, null}};
        for (Object[] row : rows) {
            SentTarget target = SentTarget.of((String) row[0], (String) row[1]);
            assertEquals((String) row[1], row[2], target.authority());
            assertEquals((String) row[1], row[3], target.target());
        }
    }
}

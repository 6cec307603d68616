package io.adit.diag;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import io.adit.api.Check;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.Invitation;
import io.adit.api.PeerEvent;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.PeerNode.Trouble;
import io.adit.api.PeerSession;
import io.adit.api.ProxyManager;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.SessionInfo;
import io.adit.api.TunnelEndpoint;
import io.adit.call.FakeRegistrations;
import io.adit.call.FakeSession;
import org.junit.Test;

/** Each thing that goes wrong, and what is said then. */
public class HealthTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static String said(HealthSource source, String name) {
        return source.conditions().stream().filter(check -> check.name().equals(name)).map(Check::toString).reduce((one, other) -> one + "\n" + other).orElse("nothing");
    }

    private static void assertSaid(String start, String advice, HealthSource source, String name) {
        String said = said(source, name);
        assertTrue(said, said.startsWith(start) && said.contains(advice));
    }

    // ---- the machine

    private List<String> refused = List.of();
    private long heap = 10;
    private long free = 1000;
    private long millis = NOW.toEpochMilli();
    private long nanos = -5;
    private final MachineHealth machine = new MachineHealth(() -> refused, () -> heap, () -> free, () -> millis, () -> nanos, 85, 256);

    @Test
    public void heap() {
        assertSaid("OK heap: 10 % of the heap", "", machine, "heap");
        heap = 85;
        assertSaid("WARN heap: 85 %", "-Xmx", machine, "heap");
        heap = 93;
        assertSaid("FAIL heap: 93 %", "-Xmx", machine, "heap");
    }

    @Test
    public void disk() {
        assertSaid("OK disk: 1000 MiB", "", machine, "disk");
        free = 255;
        assertSaid("WARN disk: 255 MiB", "Make room", machine, "disk");
        free = 63;
        assertSaid("FAIL disk: 63 MiB", "Make room", machine, "disk");
        free = Long.MAX_VALUE;
        assertSaid("OK disk: nobody knows", "", machine, "disk");
    }

    @Test
    public void valuesThatAreRefused() {
        assertSaid("OK configuration", "", machine, "configuration");
        refused = List.of("io.adit.port: port must be in 0..65535, not 70000");
        assertSaid("WARN configuration: io.adit.port: port must be in 0..65535, not 70000", "DIR/etc", machine, "configuration");
        refused = List.of("io.adit.mail: from must be an e-mail address, and is not there; nothing is at work without it");
        assertSaid("FAIL configuration: io.adit.mail: from must be", "DIR/etc", machine, "configuration");
    }

    private void pass(long seconds) {
        millis += seconds * 1000;
        nanos += seconds * 1_000_000_000;
    }

    @Test
    public void clockThatIsSet() {
        pass(86_400);
        assertSaid("OK clock", "", machine, "clock");
        millis += 9_000; // as NTP may
        assertSaid("OK clock", "", machine, "clock");
        millis += 3_600_000;
        assertSaid("WARN clock: the clock was set forward by 3609 s", "NTP", machine, "clock");
        pass(599);
        assertSaid("WARN clock", "", machine, "clock");
        pass(1);
        assertSaid("OK clock", "", machine, "clock");
        millis -= 60_000;
        assertSaid("WARN clock: the clock was set back by 60 s", "", machine, "clock");
    }

    @Test
    public void theDefaultsAreInTheirRanges() {
        for (Limit limit : Limit.values()) {
            limit.of(Configs.with(Map.of()));
        }
        IllegalArgumentException bad = assertThrows(IllegalArgumentException.class, () -> Limit.HEAP_PERCENT.of(Configs.with(Map.of("heap_percent", 101))));
        assertTrue(bad.getMessage(), bad.getMessage().contains("io.adit.diag") && bad.getMessage().contains("heap.percent"));
    }

    // ---- a proxy

    private Instant now = NOW;
    private boolean visitors = true;
    private final ProxyHealth proxy = new ProxyHealth(() -> visitors, 300, 14, () -> now);
    private final FakeRegistrations registry = new FakeRegistrations();

    @Test
    public void whatIsNoProxySaysNothing() {
        assertEquals(List.of(), proxy.conditions());
    }

    @Test
    public void aRegistryThatIsAway() {
        proxy.setRegistrations(registry);
        assertSaid("OK registry", "", proxy, "registry");
        proxy.unsetRegistrations(new FakeRegistrations());
        assertSaid("OK registry", "", proxy, "registry");
        proxy.unsetRegistrations(registry);
        assertSaid("WAIT registry: the registry is away", "the log says", proxy, "registry");
    }

    @Test
    public void portsThatAreNotOpen() {
        proxy.setRegistrations(registry);
        assertSaid("FAIL tunnel-port: nothing listens for peers", "io.adit.acceptor", proxy, "tunnel-port");
        assertSaid("FAIL public-port: nothing listens for visitors", "io.adit.port", proxy, "public-port");
        visitors = false;
        assertEquals("a registration server has none", "nothing", said(proxy, "public-port"));
        visitors = true;
        proxy.endpoint = (TunnelEndpoint) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {TunnelEndpoint.class}, (self, method, args) -> null);
        Object port = new Object();
        proxy.setPort(port, Map.of("http", "http://127.0.0.1:8080", "https", "https://127.0.0.1:8443"));
        assertEquals("the acceptor says it itself", "nothing", said(proxy, "tunnel-port"));
        assertEquals("OK public-port: visitors come to http://127.0.0.1:8080 and https://127.0.0.1:8443", said(proxy, "public-port"));
        proxy.unsetPort(port);
        assertSaid("FAIL public-port", "", proxy, "public-port");
    }

    @Test
    public void certificatesThatEnd() {
        proxy.setRegistrations(registry);
        Supplier<Map<String, Instant>> port = () -> Map.of("a.crt", NOW.plusSeconds(86_400 * 20), "b.crt", NOW.plusSeconds(86_400 * 60));
        proxy.setPort(port, Map.of("http", "http://x", "https", ""));
        assertSaid("OK https-certificate: certificates: 2, the first ends at 2026-01-22", "", proxy, "https-certificate");
        now = NOW.plusSeconds(86_400 * 7);
        assertSaid("WARN https-certificate: a.crt ends at", "io.adit.acme", proxy, "https-certificate");
        now = NOW.plusSeconds(86_400 * 21);
        assertSaid("FAIL https-certificate: a.crt ended at", "Browsers", proxy, "https-certificate");
        proxy.setPort(new Object(), Map.of("http", "http://x"));
        assertSaid("OK https-certificate: the public port has no certificate", "", proxy, "https-certificate");
    }

    private static PeerEvent lost(String name, Instant at, ErrorCode code) {
        return new PeerEvent(at, name, PeerEvent.Kind.ENDED, "s1", "", code, code.text());
    }

    @Test
    public void sessionsThatAreLostInSilence() {
        proxy.setRegistrations(registry);
        for (String name : List.of("a", "b")) {
            proxy.happened(lost(name, NOW, ErrorCode.KEEP_ALIVE));
            proxy.happened(lost(name, NOW, ErrorCode.SHUTDOWN));
        }
        assertSaid("OK keep-alive: sessions that were lost in silence within 10 min: 2", "", proxy, "keep-alive");
        proxy.happened(lost("c", NOW.plusSeconds(60), ErrorCode.KEEP_ALIVE));
        assertSaid("WARN keep-alive: sessions that were lost in silence within 10 min: 3 (a, b, c)", "firewall", proxy, "keep-alive");
        now = NOW.plusSeconds(601);
        assertSaid("OK keep-alive: sessions that were lost in silence within 10 min: 1", "", proxy, "keep-alive");
    }

    @Test
    public void linkedProxiesThatAreAway() {
        proxy.setRegistrations(registry);
        assertEquals("nothing", said(proxy, "proxies"));
        proxy.proxies = registry;
        assertSaid("WARN proxies: linked proxies that are away: p2", "adit revoke", proxy, "proxies");
        proxy.proxies = (ProxyManager) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ProxyManager.class},
            (self, method, args) -> List.of(new ProxyInfo("gw", "here", NOW, "", 0, 1), new ProxyInfo("p1", "linked", NOW, "", 0, 1)));
        assertEquals("OK proxies: linked proxies: 1", said(proxy, "proxies"));
    }

    private static SessionInfo session(long micros) {
        return new SessionInfo("s", "", NOW, 2, micros, 0, 0, 0, 0, "open");
    }

    @Test
    public void roundTripsThatAreLong() {
        assertEquals("OK round-trip: 0 of 0 sessions have round trips over 300 ms", Trips.condition(List.of(), 300).toString());
        assertTrue("of one among many", Trips.condition(List.of(session(900_000), session(10), session(10)), 300).state() == Check.State.OK);
        assertEquals("WARN round-trip: 1 of 2 sessions have round trips over 300 ms, the longest 900.0 ms. The network between proxy and peer is slow or crowded: each request costs at least that.",
            Trips.condition(List.of(session(900_000), session(10)), 300).toString());
        proxy.setRegistrations(registry);
        proxy.peers = (PeerManager) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PeerManager.class}, (self, method, args) -> Map.of("demo", List.of(new FakeSession())));
        assertSaid("OK round-trip: 0 of 1 sessions", "", proxy, "round-trip");
    }

    // ---- a peer

    private final PeerHealth peer = new PeerHealth(300, () -> NOW);

    private void node(String state, Trouble trouble, String reason, Instant next, PeerSession session) {
        peer.nodes.clear();
        peer.nodes.add(new PeerNode() {
            @Override
            public Status status() {
                return new Status("mine", state, Instant.EPOCH, "", "p1 192.0.2.1:7443", reason);
            }

            @Override
            public Optional<PeerSession> session() {
                return Optional.ofNullable(session);
            }

            @Override
            public Trouble trouble() {
                return trouble;
            }

            @Override
            public Optional<Instant> nextAttempt() {
                return Optional.ofNullable(next);
            }

            @Override
            public Optional<Way> way() {
                return Optional.of(new Way(new Invitation("h", 1, "mine", new byte[32], new byte[0]), ""));
            }
        });
    }

    @Test
    public void aTunnelThatIsDown() {
        assertEquals(List.of(), peer.conditions());
        node("connected", Trouble.NONE, "", null, new FakeSession());
        assertSaid("OK tunnel: 'mine' is connected to p1 192.0.2.1:7443", "", peer, "tunnel");
        assertSaid("OK round-trip", "", peer, "round-trip");
        node("connecting", Trouble.NETWORK, "connection refused", NOW.plusSeconds(7), null);
        assertSaid("WAIT tunnel: 'mine' is not connected since 1970-01-01T00:00:00Z: connection refused; next attempt in 7 s", "adit diag", peer, "tunnel");
        node("stopped", Trouble.INVITATION, "the invitation for 'mine' was revoked", null, null);
        assertSaid("FAIL tunnel: 'mine' is not connected and does not try again: the invitation for 'mine' was revoked", "new start", peer, "tunnel");
    }

    @Test
    public void whatKeepsItFromBeingConnected() {
        Object[][] table = {{Trouble.INVITATION, "invitation", "FAIL", "adit invite"}, {Trouble.TAKEN_OVER, "invitation", "FAIL", "Two peers with one invitation"},
            {Trouble.CERTIFICATE, "proxy-certificate", "FAIL", "looks into TLS"}, {Trouble.LOGIN, "forward-proxy", "FAIL", "dial.via.user"},
            {Trouble.FORWARD_PROXY, "forward-proxy", "WAIT", "dial.via"}, {Trouble.CODEC, "codec", "FAIL", "in common"}};
        for (Object[] row : table) {
            node("connecting", (Trouble) row[0], "why", null, null);
            assertSaid(row[2] + " " + row[1] + ": 'mine': why. ", (String) row[3], peer, (String) row[1]);
            for (String other : List.of("invitation", "proxy-certificate", "forward-proxy")) {
                if (!other.equals(row[1])) {
                    assertSaid("OK " + other, "", peer, other);
                }
            }
        }
    }
}

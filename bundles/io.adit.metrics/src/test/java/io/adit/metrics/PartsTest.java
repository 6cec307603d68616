package io.adit.metrics;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

import io.adit.api.AdminAccess;
import io.adit.api.Check;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.MetricSource.Metric;
import io.adit.api.PeerEvent;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.SessionInfo;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The small parts. */
public class PartsTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void whoMayRead() throws Exception {
        Access open = new Access(new AdminAccess(false, Set.of("admin.example")), null);
        for (String host : new String[] {"127.0.0.1:8181", "localhost", "LOCALHOST:1", "[::1]:8181", "admin.example:8181"}) {
            assertEquals(host, 200, open.look("127.0.0.1", host, null, false));
        }
        assertEquals("a page whose name leads here", 421, open.look("127.0.0.1", "evil.example:8181", null, false));
        assertEquals(421, open.look("127.0.0.1", null, null, false));
        assertEquals(403, open.look("192.0.2.1", "127.0.0.1", null, false));
        assertEquals(403, open.look("", "127.0.0.1", null, false));
        assertEquals("a visitor through a peer's tunnel", 403, open.look("127.0.0.1", "127.0.0.1", null, true));
        assertEquals(200, open.look("0:0:0:0:0:0:0:1", "localhost", null, false));
    }

    @Test
    public void aTokenIsReadForEachCall() throws Exception {
        Path file = temporary.getRoot().toPath().resolve("token");
        Access guarded = new Access(new AdminAccess(true, Set.of()), file);
        assertThrows(IOException.class, () -> guarded.look("192.0.2.1", "192.0.2.9:8181", "Bearer x", false));
        Files.writeString(file, "\n");
        assertThrows("an empty token lets nobody in", IOException.class, () -> guarded.look("192.0.2.1", "192.0.2.9:8181", "Bearer ", false));
        Files.writeString(file, "secret\nmore");
        assertEquals(200, guarded.look("192.0.2.1", "192.0.2.9:8181", "bearer secret", false));
        for (String wrong : new String[] {null, "", "Bearer secre", "Bearer secret2", "Basic secret", "secret"}) {
            assertEquals(wrong, 401, guarded.look("127.0.0.1", "localhost", wrong, false));
        }
    }

    private static MetricsConfig config(Map<String, Object> values) {
        return (MetricsConfig) Proxy.newProxyInstance(MetricsConfig.class.getClassLoader(), new Class<?>[] {MetricsConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue()));
    }

    private static void assertBad(String text, Map<String, Object> values) {
        String message = assertThrows(IllegalArgumentException.class, () -> Settings.of(config(values), Path.of(""))).getMessage();
        assertTrue(message, message.startsWith("io.adit.metrics: " + text));
    }

    @Test
    public void aBadValueNamesPidKeyAndRange() {
        assertBad("peers.max must be in 1..10000", Map.of("peers.max", 0));
        assertBad("jmx.sessions.max must be in 0..100000", Map.of("jmx.sessions.max", -1));
        assertBad("token.file must be a path, where remote=true", Map.of("remote", true));
        assertBad("hosts must be host names", Map.of("hosts", new String[] {"a:1"}));
        assertBad("http.target must be an OSGi filter", Map.of("http.target", "x"));
        Settings settings = Settings.of(config(Map.of("remote", true, "token.file", "conf/t", "hosts", new String[] {"", " A.example ,my_host"})), Path.of("/home"));
        assertEquals(Path.of("/home/conf/t"), settings.tokenFile());
        assertEquals(Set.of("a.example", "my_host"), settings.callers().hosts());
        assertFalse(settings.peerLabels());
    }

    private static PeerEvent event(PeerEvent.Kind kind, ErrorCode code) {
        return new PeerEvent(Instant.EPOCH, "demo", kind, "", "", code, "");
    }

    @Test
    public void eventsAreCountedAndSessionsLeftToTheEngine() {
        Events events = new Events();
        events.happened(event(PeerEvent.Kind.CONNECTED, ErrorCode.NONE));
        events.happened(event(PeerEvent.Kind.INVITED, ErrorCode.NONE));
        events.happened(event(PeerEvent.Kind.REFUSED, ErrorCode.UNAUTHORIZED));
        StringBuilder told = new StringBuilder();
        events.kinds((kind, count) -> told.append(kind).append(count).append(' '));
        events.refusals((code, count) -> told.append(code).append(count).append(' '));
        assertEquals("INVITED1 REVOKED0 MOVED0 NONE0 UNAUTHORIZED1 ", told.toString());
    }

    @Test
    public void ofSeveralConditionsTheWorstCounts() {
        HealthSource bad = () -> {
            throw new IllegalStateException("its bundle is gone");
        };
        Health health = new Health(List.of(bad, () -> List.of(HealthSource.ok("a", ""), HealthSource.bad("b", Check.State.SKIPPED, "", "")),
                () -> List.of(HealthSource.bad("a", Check.State.WAIT, "", ""), HealthSource.bad("c", Check.State.FAIL, "", "")), () -> List.of(HealthSource.bad("a", Check.State.WARN, "", ""))));
        assertEquals(List.of("a 2.0", "c 3.0"), health.metrics().stream().map(each -> each.labels().get("check") + " " + each.value()).toList());
    }

    private static PeerNode node() {
        PeerSession session = (PeerSession) Proxy.newProxyInstance(PeerSession.class.getClassLoader(), new Class<?>[] {PeerSession.class},
                (proxy, method, arguments) -> new SessionInfo("s7", "192.0.2.1:7443", Instant.EPOCH, 2, 1500, 3, 40, 5, 6, "open"));
        return new PeerNode() {
            @Override
            public Status status() {
                return new Status("demo", "connected", Instant.EPOCH, "http://demo/", "p1 192.0.2.1:7443", "");
            }

            @Override
            public Optional<PeerSession> session() {
                return Optional.of(session);
            }
        };
    }

    @Test
    public void managementBeansAreThereWhileTheBundleRuns() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Requests requests = new Requests(false, 1, side -> true);
        Told.answered(requests, Side.PEER, "demo", "GET", 200, 10);
        requests.begin(Told.begin(Side.PEER, "demo", "GET")).end(Told.end(How.OWN, 503, ErrorCode.NONE, "offline", 20));
        ObjectName tunnel = new ObjectName("io.adit:type=Tunnel");
        try (Beans beans = new Beans(requests, () -> null, List.of(node(), node()), () -> List.of(() -> List.of(Metric.gauge("adit_x", "X.", 7).with("b", "2").with("a", "1"))), 1)) {
            ObjectName peer = new ObjectName("io.adit:type=Requests,side=peer");
            assertEquals(2L, server.getAttribute(peer, "Requests"));
            assertEquals(0, server.getAttribute(peer, "InFlight"));
            assertEquals(15.0, server.getAttribute(peer, "MeanDurationMillis"));
            assertEquals(1L, ((TabularData) server.getAttribute(peer, "Errors")).get(new Object[] {"own/offline"}).get("value"));
            CompositeData[] sessions = (CompositeData[]) server.getAttribute(tunnel, "Sessions");
            assertEquals("no more than are wanted", 1, sessions.length);
            assertEquals("demo s7 3", sessions[0].get("name") + " " + sessions[0].get("id") + " " + sessions[0].get("streams"));
            assertEquals("connected", ((CompositeData[]) server.getAttribute(tunnel, "Peers"))[0].get("state"));
            assertEquals(7.0, ((TabularData) server.getAttribute(tunnel, "Figures")).get(new Object[] {"adit_x{a=\"1\",b=\"2\"}"}).get("value"));
        }
        assertEquals(Set.of(), server.queryNames(new ObjectName("io.adit:*"), null));
    }
}

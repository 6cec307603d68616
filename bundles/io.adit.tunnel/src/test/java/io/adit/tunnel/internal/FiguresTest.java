package io.adit.tunnel.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.MetricSource.Metric;
import io.adit.api.PeerSession;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What the engine's numbers say, while sessions live and after they ended. */
public class FiguresTest {

    @Rule
    public Timeout deadline = Timeout.seconds(60);

    private static double value(TunnelComponent engine, String name, String... label) {
        List<Metric> found = engine.metrics().stream().filter(each -> each.name().equals(name) && (label.length == 0 || label[1].equals(each.labels().get(label[0])))).toList();
        assertEquals(name, 1, found.size());
        return found.get(0).value();
    }

    @Test
    public void theyCountWhatIsThereAndWhatWas() throws Exception {
        TunnelComponent proxyEngine = TestTunnel.engine(TestTunnel.limits());
        TunnelComponent peerEngine = TestTunnel.engine(TestTunnel.limits());
        try {
            TestTunnel.Proxy proxy = new TestTunnel.Proxy();
            AutoCloseable connection = Link.MEMORY.connect(proxyEngine, proxy, peerEngine, new TestTunnel.Peer(new Echo()));
            PeerSession session = proxy.session.get(20, TimeUnit.SECONDS);
            byte[] body = new byte[100_000];
            new Client(session, body, 50_000).answer.get();
            assertEquals(1, value(proxyEngine, "adit_tunnel_sessions_opened"), 0);
            assertEquals(1, value(proxyEngine, "adit_tunnel_sessions", "state", "open"), 0);
            assertEquals(1, value(proxyEngine, "adit_tunnel_codec_sessions", "codec", Integer.toString(session.codec())), 0);
            assertEquals(0, value(proxyEngine, "adit_tunnel_streams"), 0);
            assertEquals(1, value(proxyEngine, "adit_tunnel_streams_opened"), 0);
            assertEquals(session.info().bytesIn(), value(proxyEngine, "adit_tunnel_received_bytes"), 0);
            double sent = value(proxyEngine, "adit_tunnel_sent_bytes");
            assertTrue("sent " + sent, sent > body.length);
            assertTrue(value(proxyEngine, "adit_tunnel_credit_reserved_bytes") <= value(proxyEngine, "adit_tunnel_credit_pool_bytes"));
            session.close(ErrorCode.REVOKED, "");
            session.closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
            connection.close();
            assertEquals(0, value(proxyEngine, "adit_tunnel_sessions", "state", "open"), 0);
            assertEquals(1, value(proxyEngine, "adit_tunnel_sessions_opened"), 0);
            assertEquals(1, value(proxyEngine, "adit_tunnel_sessions_ended", "code", "revoked"), 0);
            assertEquals(1, value(proxyEngine, "adit_tunnel_streams_opened"), 0);
            assertTrue("what it came to stays", value(proxyEngine, "adit_tunnel_sent_bytes") >= sent);
            assertEquals(0, value(proxyEngine, "adit_tunnel_round_trip_seconds", "stat", "max"), 0);
        } finally {
            proxyEngine.deactivate();
            peerEngine.deactivate();
        }
    }
}

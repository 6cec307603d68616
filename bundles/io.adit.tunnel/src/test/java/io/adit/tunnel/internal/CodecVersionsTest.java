package io.adit.tunnel.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import io.adit.api.packet.CodecException;
import io.adit.api.packet.Packet;
import io.adit.api.packet.PacketCodec;
import io.adit.codec.v1.CodecV1;
import io.adit.codec.v2.CodecV2;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Proxies and peers with one codec version or both, in all combinations: the highest that both have is used, and without one they part. */
@RunWith(Parameterized.class)
public class CodecVersionsTest {

    @Parameters(name = "proxy with {0}, peer with {1}: {2}")
    public static Object[][] combinations() {
        List<Integer> old = List.of(1);
        List<Integer> newest = List.of(2);
        List<Integer> both = List.of(1, 2);
        return new Object[][] {{old, old, 1}, {old, both, 1}, {both, old, 1}, {both, both, 2}, {newest, both, 2}, {both, newest, 2}, {newest, newest, 2},
            {old, newest, 0}, {newest, old, 0}};
    }

    @Rule
    public Timeout deadline = Timeout.seconds(60);

    private final List<Integer> proxyVersions;
    private final List<Integer> peerVersions;
    private final int expected;
    private final AtomicInteger[] used = {null, new AtomicInteger(), new AtomicInteger()};
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final TestTunnel.Proxy proxy = new TestTunnel.Proxy();
    private final TestTunnel.Peer peer = new TestTunnel.Peer(new Echo());

    public CodecVersionsTest(List<Integer> proxyVersions, List<Integer> peerVersions, int expected) {
        this.proxyVersions = proxyVersions;
        this.peerVersions = peerVersions;
        this.expected = expected;
    }

    @After
    public void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    @Test
    public void theHighestCommonVersionIsUsed() throws Exception {
        toClose.add(Link.MEMORY.connect(engine(proxyVersions), proxy, engine(peerVersions), peer));
        if (expected == 0) {
            assertEquals(ErrorCode.NO_CODEC, peer.closed.get(20, TimeUnit.SECONDS));
            assertEquals(ErrorCode.NO_CODEC, proxy.failed.get(20, TimeUnit.SECONDS));
            return;
        }
        PeerSession session = proxy.session.get(20, TimeUnit.SECONDS);
        assertEquals(expected, session.info().codec());
        assertEquals(expected, peer.session.get(20, TimeUnit.SECONDS).info().codec());
        byte[] body = new byte[200_000];
        new Random(expected).nextBytes(body);
        Client.Answer answer = new Client(session, body, 10_000).answer.get();
        assertArrayEquals(body, answer.body());
        assertEquals("POST", answer.heads().get(0).fields().first("X-Method"));
        assertTrue("packets in version " + expected, used[expected].get() >= 4); // REGISTER, REGISTERED, REQUEST, RESPONSE
        assertEquals("packets in the other", 0, used[3 - expected].get());
    }

    @Test
    public void whatTheEngineTellsOfItself() {
        TunnelComponent engine = engine(List.of());
        assertTrue(engine.conditions().toString(), told(engine, 1).startsWith("FAIL codec: there is no packet codec") && told(engine, 0).startsWith("OK credit: 0 of "));
        engine.addCodec(new CodecV1());
        MemoryTransport[] silent = MemoryTransport.pair();
        new ScriptedPeer(silent[1]);
        silent[0].deliverTo(engine.accept(silent[0], new byte[0], proxy));
        assertEquals("who has said nothing waits for no codec", "OK codec: codec versions [1]", told(engine, 1));
        assertEquals(Map.of(), engine.sessions());
        silent[1].close(false);
        long pool = engine.pool().capacity();
        assertTrue(engine.pool().reserve(pool / 5 * 4));
        assertTrue(told(engine, 0), told(engine, 0).startsWith("WARN credit: ") && told(engine, 0).contains("-Xmx"));
        assertTrue(engine.pool().reserve(pool / 6));
        assertTrue(told(engine, 0), told(engine, 0).startsWith("FAIL credit: ") && told(engine, 0).contains("quota"));
    }

    private static String told(TunnelComponent engine, int which) {
        return engine.conditions().get(which).toString();
    }

    private TunnelComponent engine(List<Integer> versions) {
        TunnelComponent engine = new TunnelComponent(TestTunnel.limits());
        versions.forEach(version -> engine.addCodec(new Counted(version == 1 ? new CodecV1() : new CodecV2(), used[version])));
        toClose.add(engine::deactivate);
        return engine;
    }

    /** Counts what is encoded. */
    private record Counted(PacketCodec codec, AtomicInteger count) implements PacketCodec {
        @Override
        public int version() {
            return codec.version();
        }

        @Override
        public byte[] encode(Packet packet) throws CodecException {
            count.incrementAndGet();
            return codec.encode(packet);
        }

        @Override
        public Packet decode(Packet.Kind kind, java.nio.ByteBuffer payload) throws CodecException {
            return codec.decode(kind, payload);
        }
    }
}

package io.adit.tunnel.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import io.adit.api.packet.PacketCodec;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Codecs come, go and change places under streams that run (PROTOCOL section 10); the same over memory, TCP and TLS. */
@RunWith(Parameterized.class)
public class SwitchTest {

    private static final int CLIENTS = 8;
    /** Where each byte is encrypted, a load that is as much work. */
    private static final int TLS_CLIENTS = 3;
    private static final int SWAPS = 20;

    @Parameters(name = "{0}")
    public static Object[] links() {
        return Link.values();
    }

    @Rule
    public Timeout deadline = Timeout.seconds(120);

    private final Link link;
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TunnelComponent proxyEngine;
    private TunnelComponent peerEngine;
    private TestTunnel.Peer peer;
    private PeerSession session;
    private volatile boolean loaded;

    public SwitchTest(Link link) {
        this.link = link;
    }

    @After
    public void close() throws Exception {
        loaded = false;
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    private void connect(Limits limits, List<PacketCodec> proxyCodecs, List<PacketCodec> peerCodecs) throws Exception {
        proxyEngine = new TunnelComponent(limits);
        peerEngine = new TunnelComponent(limits);
        proxyCodecs.forEach(proxyEngine::addCodec);
        peerCodecs.forEach(peerEngine::addCodec);
        TestTunnel.Proxy proxy = new TestTunnel.Proxy();
        peer = new TestTunnel.Peer(new Echo());
        toClose.add(link.connect(proxyEngine, proxy, peerEngine, peer));
        toClose.add(proxyEngine::deactivate);
        toClose.add(peerEngine::deactivate);
        session = proxy.session.get(20, TimeUnit.SECONDS);
        peer.session.get(20, TimeUnit.SECONDS);
    }

    private static Limits parking(long nanos) {
        Limits all = TestTunnel.limits();
        return new Limits(all.pool(), all.maxStreams(), all.initialWindow(), all.uploadWindow(), all.maxWindow(), all.handshake(), all.codecRelease(), nanos,
                all.controlRate(), all.timing());
    }

    /** Requests with random bodies, one after the other on each thread, until {@link #loaded} is false; how many there were. */
    private List<Future<Integer>> load() {
        loaded = true;
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < (link == Link.TLS ? TLS_CLIENTS : CLIENTS); i++) {
            Random random = new Random(i);
            all.add(threads.submit(() -> {
                int count = 0;
                while (loaded) {
                    once(random);
                    count++;
                }
                return count;
            }));
        }
        return all;
    }

    private void once(Random random) throws Exception {
        byte[] body = new byte[1 + random.nextInt(200_000)];
        random.nextBytes(body);
        assertArrayEquals(body, new Client(session, body, 30_000).answer.get(60, TimeUnit.SECONDS).body());
    }

    private int stop(List<Future<Integer>> load) throws Exception {
        loaded = false;
        int total = 0;
        for (Future<Integer> each : load) {
            total += each.get(60, TimeUnit.SECONDS);
        }
        return total;
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) { // the rule above bounds it
            LockSupport.parkNanos(100_000); // not too long: some things are to be seen while they last
        }
    }

    private void bothSend(int version) throws Exception {
        until(() -> session.info().codec() == version && peer.session.get().info().codec() == version);
    }

    private static void remove(TunnelComponent engine, TestCodec codec) {
        engine.removeCodec(codec);
        codec.released = true;
    }

    private void unharmed(TestCodec... codecs) {
        assertEquals("open", session.info().state());
        assertFalse(peer.closed.isDone());
        for (TestCodec codec : codecs) {
            assertEquals("calls after its release", 0, codec.late.get());
            assertTrue(codec.calls.get() > 0);
        }
    }

    @Test
    public void aBetterCodecOnBothSidesIsTakenAndGivenBackUnderLoad() throws Exception {
        TestCodec old = new TestCodec(1);
        TestCodec oldAtPeer = new TestCodec(1);
        connect(TestTunnel.limits(), List.of(old), List.of(oldAtPeer));
        List<Future<Integer>> load = load();
        for (int i = 0; i < SWAPS; i++) {
            TestCodec better = new TestCodec(2);
            TestCodec betterAtPeer = new TestCodec(2);
            boolean proxyFirst = i % 2 == 0;
            (proxyFirst ? proxyEngine : peerEngine).addCodec(proxyFirst ? better : betterAtPeer);
            (proxyFirst ? peerEngine : proxyEngine).addCodec(proxyFirst ? betterAtPeer : better);
            bothSend(2);
            once(new Random(i));
            remove(proxyFirst ? proxyEngine : peerEngine, proxyFirst ? better : betterAtPeer);
            bothSend(1);
            remove(proxyFirst ? peerEngine : proxyEngine, proxyFirst ? betterAtPeer : better);
            unharmed(better, betterAtPeer);
        }
        assertTrue(stop(load) > 0);
        unharmed(old, oldAtPeer);
    }

    @Test
    public void theOnlyCodecIsUpdatedInPlaceUnderLoad() throws Exception {
        TestCodec here = new TestCodec(2);
        TestCodec there = new TestCodec(2);
        connect(TestTunnel.limits(), List.of(here), List.of(there));
        List<Future<Integer>> load = load();
        for (int i = 0; i < SWAPS; i++) {
            once(new Random(i));
            TestCodec next = new TestCodec(2);
            if (i % 2 == 0) {
                remove(proxyEngine, here);
                assertEquals("parked", 0, session.info().codec());
                assertEquals("and counted", Map.of(0, 1), proxyEngine.sessions());
                proxyEngine.addCodec(next);
                unharmed(here);
                here = next;
            } else {
                remove(peerEngine, there);
                peerEngine.addCodec(next);
                unharmed(there);
                there = next;
            }
        }
        once(new Random(1));
        assertTrue(stop(load) > 0);
        unharmed(here, there);
    }

    @Test
    public void anotherServiceOfTheSameVersionTakesOverWithoutASwitch() throws Exception {
        TestCodec here = new TestCodec(2);
        connect(TestTunnel.limits(), List.of(here), List.of(new TestCodec(2)));
        List<Future<Integer>> load = load();
        for (int i = 0; i < SWAPS; i++) {
            once(new Random(i));
            TestCodec next = new TestCodec(2);
            proxyEngine.addCodec(next);
            remove(proxyEngine, here);
            assertEquals(2, session.info().codec());
            once(new Random(i));
            unharmed(here, next);
            here = next;
        }
        assertTrue(stop(load) > 0);
    }

    @Test
    public void requestsWaitWhileParkedAndGoOn() throws Exception {
        TestCodec here = new TestCodec(1);
        connect(TestTunnel.limits(), List.of(here), List.of(new TestCodec(1)));
        once(new Random(1));
        remove(proxyEngine, here);
        byte[] body = new byte[300_000];
        new Random(2).nextBytes(body);
        Client waiting = new Client(session, body, 30_000);
        until(() -> peer.session.get().info().codec() == 0);
        assertFalse(waiting.answer.isDone());
        proxyEngine.addCodec(new TestCodec(1));
        assertArrayEquals(body, waiting.answer.get(60, TimeUnit.SECONDS).body());
        unharmed(here);
    }

    @Test
    public void withoutAnyCommonCodecTheSessionEndsAtTheParkingDeadline() throws Exception {
        TestCodec there = new TestCodec(1);
        connect(parking(TimeUnit.MILLISECONDS.toNanos(100)), List.of(new TestCodec(1)), List.of(there));
        remove(peerEngine, there);
        assertEquals(ErrorCode.NO_CODEC, session.closed().toCompletableFuture().get(60, TimeUnit.SECONDS));
        assertEquals(ErrorCode.NO_CODEC, peer.closed.get(60, TimeUnit.SECONDS));
    }

    @Test
    public void whoSaysHelloAndNothingMoreHoldsUpNoCodec() throws Exception {
        Limits all = TestTunnel.limits();
        Limits patient = new Limits(all.pool(), all.maxStreams(), all.initialWindow(), all.uploadWindow(), all.maxWindow(),
                TimeUnit.MINUTES.toNanos(10), TimeUnit.MINUTES.toNanos(10), all.park(), all.controlRate(), all.timing());
        TestCodec codec = new TestCodec(1);
        connect(patient, List.of(codec, new TestCodec(3)), List.of(new TestCodec(1), new TestCodec(3)));
        MemoryTransport[] ends = MemoryTransport.pair();
        ScriptedPeer stranger = new ScriptedPeer(ends[1]);
        ends[0].deliverTo(proxyEngine.accept(ends[0], new byte[0], new TestTunnel.Proxy()));
        stranger.epoch = 0;
        stranger.send(Wire.HELLO, 0, 0, stranger.hello(List.of(1)));
        stranger.expect(Wire.HELLO);
        remove(proxyEngine, codec);
        assertEquals(ErrorCode.NO_CODEC.code(), stranger.takeLeave());
        assertEquals(3, session.info().codec());
        once(new Random(1));
    }

    @Test
    public void thePeerFollowsTheProxysOrderAndAnOrderOfItsOwnWins() throws Exception {
        connect(TestTunnel.limits(), List.of(new TestCodec(1), new TestCodec(2)), List.of(new TestCodec(1), new TestCodec(2)));
        bothSend(2);
        proxyEngine.prefer(1);
        assertEquals(1, proxyEngine.preferred());
        bothSend(1);
        assertEquals(Map.of(1, 1), proxyEngine.sessions());
        once(new Random(1));
        proxyEngine.prefer(0);
        bothSend(2);
        assertThrows(IllegalArgumentException.class, () -> proxyEngine.prefer(9));
        proxyEngine.order(new Codecs.Order(1, List.of(9, 1)));
        bothSend(1);
        proxyEngine.order(new Codecs.Order(1, List.of()));
        bothSend(2);
        peerEngine.order(new Codecs.Order(1, List.of(1)));
        until(() -> peer.session.get().info().codec() == 1);
        assertEquals(2, session.info().codec());
        once(new Random(2));
    }

    @Test
    public void aMinimumLeavesTheOlderVersion() throws Exception {
        connect(TestTunnel.limits(), List.of(new TestCodec(3)), List.of(new TestCodec(1), new TestCodec(3)));
        proxyEngine.addCodec(new TestCodec(1));
        proxyEngine.order(new Codecs.Order(1, List.of(1)));
        bothSend(1);
        peerEngine.order(new Codecs.Order(2, List.of()));
        bothSend(3);
        once(new Random(1));
    }

    @Test
    public void allCombinationsOfOldAndNewFindTheHighestInCommon() throws Exception {
        List<PacketCodec> old = List.of(new TestCodec(1));
        List<PacketCodec> both = List.of(new TestCodec(1), new TestCodec(2));
        for (List<PacketCodec> here : List.of(old, both)) {
            for (List<PacketCodec> there : List.of(old, both)) {
                connect(TestTunnel.limits(), here, there);
                bothSend(here == both && there == both ? 2 : 1);
                once(new Random(1));
            }
        }
    }
}

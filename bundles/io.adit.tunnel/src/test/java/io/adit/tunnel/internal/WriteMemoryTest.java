package io.adit.tunnel.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.adit.api.Completion;
import io.adit.api.PeerSession;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What a write keeps in memory until it is done: thousands of sessions may have one in flight in the same moment, since all ping, say. */
public class WriteMemoryTest {

    @Rule
    public Timeout deadline = Timeout.seconds(60);

    @Test
    public void whatHasNoPacketOfAStreamTakesItsBytesAlone() throws Exception {
        TunnelComponent engine = TestTunnel.engine(TestTunnel.limits());
        try {
            List<Integer> capacities = new ArrayList<>();
            // the hello is in flight, and stays there
            TransportListener session = engine.connect(new Transport() {
                @Override
                public void write(ByteBuffer data, Completion completion) {
                    capacities.add(data.capacity());
                }

                @Override
                public void close(boolean graceful) {
                    // nothing to end
                }

                @Override
                public String remote() {
                    return "stalled";
                }
            }, new byte[0], new TestTunnel.Peer(null));
            assertEquals(1, capacities.size());
            assertTrue(capacities + " bytes", capacities.get(0) < 1024);
            session.closed(null);
        } finally {
            engine.deactivate();
        }
    }

    @Test
    public void buffersAreUsedAgainAndTheirNumberIsBounded() {
        WriteBuffers buffers = new WriteBuffers();
        List<ByteBuffer> taken = new ArrayList<>();
        for (int i = 0; i <= WriteBuffers.KEPT; i++) {
            taken.add(buffers.take());
        }
        taken.forEach(buffers::give);
        for (int i = WriteBuffers.KEPT - 1; i >= 0; i--) {
            assertSame(taken.get(i), buffers.take());
        }
        assertNotSame("one too many was kept", taken.get(WriteBuffers.KEPT), buffers.take());
    }

    @Test
    public void aSessionGivesItsBufferBackWhenItHasSentAll() throws Exception {
        TunnelComponent proxyEngine = TestTunnel.engine(TestTunnel.limits());
        TunnelComponent peerEngine = TestTunnel.engine(TestTunnel.limits());
        TestTunnel.Proxy proxy = new TestTunnel.Proxy();
        ByteBuffer marked = proxyEngine.buffers().take();
        proxyEngine.buffers().give(marked);
        try (AutoCloseable connection = Link.MEMORY.connect(proxyEngine, proxy, peerEngine, new TestTunnel.Peer(new Echo()))) {
            PeerSession session = proxy.session.get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                new Client(session, new byte[100], 100).answer.get();
            }
            // the completion of the last write may be on its way
            ByteBuffer now = proxyEngine.buffers().take();
            while (now != marked) {
                Thread.onSpinWait();
                now = proxyEngine.buffers().take();
            }
            assertEquals(WriteBuffers.SIZE, now.capacity());
        } finally {
            proxyEngine.deactivate();
            peerEngine.deactivate();
        }
    }
}

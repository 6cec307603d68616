package io.adit.tunnel.internal;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** A version is taken back, by a higher minimum, while a peer sends in it: the peer leaves it, or is left. */
public class WithdrawnCodecTest {

    private static final byte[] OLD = {0, 1};
    private static final byte[] NEW = {0, 3};

    @Rule
    public Timeout deadline = Timeout.seconds(60);

    private final MemoryTransport[] ends = MemoryTransport.pair();
    private TunnelComponent engine;
    private ScriptedPeer peer;
    private PeerSession session;

    /** The peer has offered the new version, and sends in the old one; the proxy sends in the new one. */
    private void connect(long releaseNanos) throws Exception {
        Limits all = TestTunnel.limits();
        engine = TestTunnel.engine(new Limits(all.pool(), all.maxStreams(), all.initialWindow(), all.uploadWindow(), all.maxWindow(), all.handshake(),
                releaseNanos, all.park(), all.controlRate(), all.timing()));
        TestTunnel.Proxy proxy = new TestTunnel.Proxy();
        peer = new ScriptedPeer(ends[1]);
        ends[0].deliverTo(engine.accept(ends[0], new byte[0], proxy));
        peer.register();
        session = proxy.session.get(20, TimeUnit.SECONDS);
        engine.addCodec(new TestCodec(3));
        peer.expect(Wire.CODEC_OFFER);
        peer.send(Wire.CODEC_OFFER, 0, 0, NEW);
        peer.expect(Wire.CODEC_SWITCH);
    }

    private void raiseMinimum() throws Exception {
        engine.order(new Codecs.Order(3, List.of()));
        assertEquals(1, peer.expect(Wire.CODEC_DECLINE).payload().getShort());
    }

    /** All that was sent before has been looked at when this returns. */
    private void sync() throws Exception {
        peer.send(Wire.PING, 0, 0, new byte[16]);
        ScriptedPeer.Frame frame;
        do {
            frame = peer.frames.poll(20, TimeUnit.SECONDS);
        } while (frame.type() != Wire.PING || frame.flags() != Wire.ACK);
    }

    private int timers() {
        return ((ScheduledThreadPoolExecutor) engine.timer()).getQueue().size();
    }

    @After
    public void stop() {
        ends[1].close(false);
        engine.deactivate();
    }

    @Test
    public void X10_whoGoesOnInItIsLeft() throws Exception {
        connect(TimeUnit.MILLISECONDS.toNanos(100));
        raiseMinimum();
        assertEquals(ErrorCode.NO_CODEC.code(), peer.takeLeave());
        assertEquals(ErrorCode.NO_CODEC, session.closed().toCompletableFuture().get());
    }

    @Test
    public void X10_whoLeavesItWithoutAWordIsLeft() throws Exception {
        connect(TimeUnit.MILLISECONDS.toNanos(100));
        peer.send(Wire.CODEC_SWITCH, 0, 0, new byte[] {0, 3, 2});
        peer.epoch = 2;
        raiseMinimum();
        assertEquals(ErrorCode.NO_CODEC.code(), peer.takeLeave());
    }

    @Test
    public void X10_nobodyWaitsForAPeerThatHasLeftIt() throws Exception {
        connect(TimeUnit.MINUTES.toNanos(10));
        int before = timers();
        raiseMinimum();
        assertEquals("a deadline", before + 1, timers());
        peer.send(Wire.CODEC_SWITCH, 0, 0, new byte[] {0, 3, 2});
        peer.epoch = 2;
        sync();
        assertEquals("a deadline", before + 1, timers());
        peer.send(Wire.CODEC_READY, 0, 0, OLD);
        sync();
        assertEquals("no deadline", before, timers());
        assertEquals("open", session.info().state());
    }
}

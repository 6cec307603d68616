package io.adit.tunnel.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** A peer that breaks the rules of PROTOCOL against a real proxy side: each costs it the stream or the session, as the rule says. */
public class HostilePeerTest {

    @Rule
    public Timeout deadline = Timeout.seconds(60);

    private final TunnelComponent engine = TestTunnel.engine(TestTunnel.limits());
    private final TestTunnel.Proxy proxy = new TestTunnel.Proxy();
    private final MemoryTransport[] ends = MemoryTransport.pair();
    private ScriptedPeer peer;

    private static final ResponseHead OK = new ResponseHead(200, "OK", Fields.EMPTY, "", -1);

    @Before
    public void connect() {
        peer = new ScriptedPeer(ends[1]);
        ends[0].deliverTo(engine.accept(ends[0], new byte[0], proxy));
    }

    @After
    public void stop() {
        ends[1].close(false);
        engine.deactivate();
    }

    private PeerSession registered() throws Exception {
        peer.register();
        return proxy.session.get(20, TimeUnit.SECONDS);
    }

    private MessageStream open(PeerSession session) throws Exception {
        MessageStream stream = session.open(Client.head("GET", -1), null, true);
        ScriptedPeer.Frame request = peer.expect(Wire.REQUEST);
        assertEquals(stream.messageBoxId(), request.stream());
        assertEquals(Wire.END, request.flags());
        return stream;
    }

    private void assertReset(MessageStream stream, ErrorCode local, ErrorCode told) throws Exception {
        CompletableFuture<StreamResetException> reset = new CompletableFuture<>();
        stream.onReset(reset::complete);
        assertEquals(local, reset.get(20, TimeUnit.SECONDS).code());
        ScriptedPeer.Frame frame = peer.expect(Wire.RESET);
        assertEquals(stream.messageBoxId(), frame.stream());
        assertEquals(told.code(), frame.payload().getShort());
    }

    private void assertGone(ErrorCode code) throws Exception {
        assertEquals(code.code(), peer.expectGoAway());
    }

    // ---- the session

    @Test
    public void H1_anythingButAHelloEndsIt() throws Exception {
        peer.sendRaw(ScriptedPeer.text("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertGone(ErrorCode.PROTOCOL);
        assertEquals(ErrorCode.PROTOCOL, proxy.failed.get());
    }

    @Test
    public void H1_javaSerialisationIsJustABadHello() throws Exception {
        peer.sendRaw(new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 0x73, 0x72, 0, 1, 'a', 0, 0, 0, 0});
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void H5_noCommonVersion() throws Exception {
        peer.epoch = 0;
        peer.send(Wire.HELLO, 0, 0, new Hello(7, 9, new byte[32], List.of(1), 10, 65536, "").encode());
        assertGone(ErrorCode.VERSION);
    }

    @Test
    public void H6_noCommonCodec() throws Exception {
        peer.epoch = 0;
        peer.send(Wire.HELLO, 0, 0, peer.hello(List.of(77, 99)));
        peer.expect(Wire.HELLO);
        assertGone(ErrorCode.NO_CODEC);
    }

    @Test
    public void H4_dataBeforeRegistrationEndsIt() throws Exception {
        peer.epoch = 0;
        peer.send(Wire.HELLO, 0, 0, peer.hello(List.of(1)));
        peer.expect(Wire.HELLO);
        peer.epoch = 1;
        peer.send(Wire.DATA, 0, 1, new byte[10]);
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void F4_aStrangerCannotAnnounceALargeFrame() throws Exception {
        ByteBuffer header = ByteBuffer.allocate(Wire.HEADER);
        Wire.header(header, 60_000, Wire.DATA, 0, 0, 1);
        peer.sendRaw(header.array());
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void F4_anOversizedFrameEndsItBeforeItsPayload() throws Exception {
        for (int type : new int[] {Wire.DATA, Wire.RESPONSE, Wire.PING, Wire.GOAWAY, 0x90}) {
            setUpAgain();
            registered();
            ByteBuffer header = ByteBuffer.allocate(Wire.HEADER);
            Wire.header(header, 0xFFFFFF, type, 0, 1, 0);
            peer.sendRaw(header.array());
            assertGone(ErrorCode.PROTOCOL);
        }
    }

    private void setUpAgain() {
        MemoryTransport[] fresh = MemoryTransport.pair();
        peer = new ScriptedPeer(fresh[1]);
        fresh[0].deliverTo(engine.accept(fresh[0], new byte[0], proxy));
    }

    @Test
    public void F3_aFrameWithoutItsGuardEndsIt() throws Exception {
        registered();
        peer.sendRaw(new byte[12]);
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void F5_aMessageBoxWhereNoneBelongsEndsIt() throws Exception {
        registered();
        peer.send(Wire.PING, 0, 1, new byte[16]);
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void F6_anUnknownTypeEndsItAndASkippableOneIsSkipped() throws Exception {
        registered();
        peer.send(0x80, 0, 0, new byte[100]);
        peer.send(Wire.PING, 0, 0, new byte[16]);
        assertEquals(Wire.ACK, nextAck().flags());
        peer.send(0x2f, 0, 0, new byte[0]);
        assertGone(ErrorCode.PROTOCOL);
    }

    private ScriptedPeer.Frame nextAck() throws Exception {
        while (true) {
            ScriptedPeer.Frame frame = peer.frames.poll(20, TimeUnit.SECONDS);
            if (frame.type() == Wire.PING && (frame.flags() & Wire.ACK) != 0) {
                return frame;
            }
        }
    }

    @Test
    public void F7_aFrameOfAnotherEpochEndsIt() throws Exception {
        registered();
        peer.epoch = 2;
        peer.send(Wire.PING, 0, 0, new byte[16]);
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void S1_aPeerMustNotSendRequests() throws Exception {
        registered();
        peer.send(Client.head("GET", -1), Wire.END, 1);
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void S4_aPacketForABoxThatWasNeverOpenedEndsIt() throws Exception {
        for (int box : new int[] {1, 2, 99}) {
            setUpAgain();
            registered();
            peer.send(Wire.DATA, 0, box, new byte[10]);
            assertGone(ErrorCode.PROTOCOL);
        }
    }

    @Test
    public void L3_aFloodOfPacketsThatChangeNothingEndsIt() throws Exception {
        registered();
        ByteBuffer many = ByteBuffer.allocate(5000 * 28);
        for (int i = 0; i < 5000; i++) {
            Wire.header(many, 16, Wire.PING, 0, 1, 0);
            many.putLong(i).putLong(0);
        }
        peer.sendRaw(many.array());
        ScriptedPeer.Frame frame;
        do {
            frame = peer.frames.poll(20, TimeUnit.SECONDS);
        } while (frame.type() != Wire.GOAWAY);
        assertEquals(ErrorCode.FLOOD.code(), frame.payload().getShort(4));
    }

    // ---- the codec switch

    private void violation(int type, byte... payload) throws Exception {
        registered();
        peer.send(type, 0, 0, payload);
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void X3_readyForWhatWasNotDeclined() throws Exception {
        violation(Wire.CODEC_READY, (byte) 0, (byte) 1);
    }

    @Test
    public void X4_aSwitchToAnotherEpochThanTheNext() throws Exception {
        violation(Wire.CODEC_SWITCH, (byte) 0, (byte) 1, (byte) 3);
    }

    @Test
    public void X4_aSwitchWithoutAnEpoch() throws Exception {
        violation(Wire.CODEC_SWITCH, (byte) 0, (byte) 1);
    }

    @Test
    public void X5_aSwitchToWhatIsNotOffered() throws Exception {
        violation(Wire.CODEC_SWITCH, (byte) 0, (byte) 2, (byte) 2);
    }

    @Test
    public void X6_anOfferOfNothing() throws Exception {
        violation(Wire.CODEC_OFFER);
    }

    @Test
    public void X7_moreVersionsThanAnybodyHas() throws Exception {
        registered();
        ByteBuffer many = ByteBuffer.allocate(300 * 14);
        for (int i = 0; i < 300; i++) {
            Wire.header(many, 2, Wire.CODEC_OFFER, 0, 1, 0);
            many.putShort((short) (10 + i));
        }
        peer.sendRaw(many.array());
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void X8_dataOfAParkedDirection() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        peer.send(Wire.CODEC_SWITCH, 0, 0, new byte[] {0, 0, 2});
        peer.epoch = 2;
        peer.send(Wire.DATA, 0, stream.messageBoxId(), new byte[] {1});
        assertGone(ErrorCode.PROTOCOL);
    }

    @Test
    public void X3_aDeclineIsAnsweredWhenNothingMoreComes() throws Exception {
        PeerSession session = registered();
        peer.send(Wire.CODEC_DECLINE, 0, 0, new byte[] {0, 1});
        ByteBuffer parked = peer.expect(Wire.CODEC_SWITCH).payload();
        assertEquals(0, parked.getShort());
        assertEquals(2, parked.get());
        ScriptedPeer.Frame ready = peer.expect(Wire.CODEC_READY);
        assertEquals(1, ready.payload().getShort());
        assertEquals(2, ready.epoch());
        session.open(Client.head("GET", -1), null, true);
        peer.send(Wire.CODEC_OFFER, 0, 0, new byte[] {0, 1});
        ByteBuffer back = peer.expect(Wire.CODEC_SWITCH).payload();
        assertEquals(1, back.getShort());
        assertEquals(3, back.get());
        assertEquals(3, peer.expect(Wire.REQUEST).epoch());
    }

    // ---- the stream

    @Test
    public void S3_packetsOutOfOrderResetTheStreamOnly() throws Exception {
        PeerSession session = registered();
        MessageStream dataFirst = open(session);
        peer.send(Wire.DATA, 0, dataFirst.messageBoxId(), new byte[10]);
        assertReset(dataFirst, ErrorCode.PROTOCOL, ErrorCode.PROTOCOL);

        MessageStream trailersFirst = open(session);
        peer.send(new Trailers(Fields.EMPTY), Wire.END, trailersFirst.messageBoxId());
        assertReset(trailersFirst, ErrorCode.PROTOCOL, ErrorCode.PROTOCOL);

        MessageStream twoHeads = open(session);
        peer.send(OK, 0, twoHeads.messageBoxId());
        peer.send(OK, 0, twoHeads.messageBoxId());
        assertReset(twoHeads, ErrorCode.PROTOCOL, ErrorCode.PROTOCOL);

        MessageStream interimEnd = open(session);
        peer.send(new ResponseHead(103, "", Fields.EMPTY, "", -1), Wire.END, interimEnd.messageBoxId());
        assertReset(interimEnd, ErrorCode.PROTOCOL, ErrorCode.PROTOCOL);
        assertEquals("open", session.info().state());
    }

    @Test
    public void S4_lateFramesOfAnEndedStreamAreDropped() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        peer.send(OK, Wire.END, stream.messageBoxId());
        peer.send(Wire.DATA, Wire.END, stream.messageBoxId(), new byte[10]);
        peer.send(Wire.WINDOW, 0, stream.messageBoxId(), new byte[8]);
        MessageStream next = open(session);
        peer.send(OK, Wire.END, next.messageBoxId());
        CompletableFuture<Inbound> head = new CompletableFuture<>();
        next.demand(() -> head.complete(next.read()));
        assertTrue(head.get() instanceof Inbound.Head);
        assertTrue(stream.read() instanceof Inbound.Head);
        assertNull("the late data never shows", stream.read());
    }

    @Test
    public void S5_endlessInterimHeadsResetTheStream() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        for (int i = 0; i < 65; i++) {
            peer.send(new ResponseHead(102, "", Fields.EMPTY, "", -1), 0, stream.messageBoxId());
        }
        assertReset(stream, ErrorCode.PROTOCOL, ErrorCode.PROTOCOL);
    }

    @Test
    public void W3_dataBeyondTheCreditResetsTheStream() throws Exception {
        PeerSession session = registered();
        MessageStream stream = session.open(Client.head("GET", -1), null, true);
        int window = peer.expect(Wire.REQUEST).payload().getInt();
        peer.send(OK, 0, stream.messageBoxId());
        int sent = 0;
        while (sent + Wire.MAX_DATA <= window) {
            peer.send(Wire.DATA, 0, stream.messageBoxId(), new byte[Wire.MAX_DATA]);
            sent += Wire.MAX_DATA;
        }
        assertEquals("the window is a multiple here", window, sent);
        peer.send(Wire.DATA, 0, stream.messageBoxId(), new byte[1]);
        assertReset(stream, ErrorCode.FLOW_CONTROL, ErrorCode.FLOW_CONTROL);
        assertEquals("open", session.info().state());
        assertEquals(0, engine.pool().reserved());
    }

    @Test
    public void M2_M3_M4_aResponseThatCouldSplitIsBroken() throws Exception {
        PeerSession session = registered();
        ResponseHead[] bad = {
            new ResponseHead(200, "OK\r\nX: y", Fields.EMPTY, "", -1),
            new ResponseHead(200, "OK", Fields.of("A", "b\r\nSet-Cookie: c"), "", -1),
            new ResponseHead(200, "OK", Fields.of("A", "b\nc"), "", -1),
            new ResponseHead(200, "OK", Fields.of("A", "b\0c"), "", -1),
            new ResponseHead(200, "OK", Fields.of("A b", "c"), "", -1),
            new ResponseHead(200, "OK", Fields.of("A:", "c"), "", -1),
            new ResponseHead(200, "OK", Fields.of("", "c"), "", -1),
            new ResponseHead(99, "", Fields.EMPTY, "", -1),
            new ResponseHead(600, "", Fields.EMPTY, "", -1),
            new ResponseHead(200, "", Fields.EMPTY, "", -2),
        };
        for (ResponseHead head : bad) {
            MessageStream stream = open(session);
            peer.send(head, 0, stream.messageBoxId());
            assertReset(stream, ErrorCode.ORIGIN_BROKEN, ErrorCode.PROTOCOL);
        }
    }

    @Test
    public void C1_aBlockThatIsNoPacketResetsTheStream() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        peer.send(Wire.RESPONSE, 0, stream.messageBoxId(), new byte[] {1, 2, 3});
        assertReset(stream, ErrorCode.ORIGIN_BROKEN, ErrorCode.PROTOCOL);
    }

    @Test
    public void W2_aPeerThatGivesNoCreditHoldsOnlyItsOwnUpload() throws Exception {
        PeerSession session = registered();
        MessageStream stalled = session.open(Client.head("POST", -1), null, false);
        peer.expect(Wire.REQUEST);
        byte[] body = new byte[200_000];
        stalled.data(ByteBuffer.wrap(body), true, io.adit.api.Completion.NONE);
        int got = 0;
        boolean starved = false;
        while (!starved) {
            ScriptedPeer.Frame data = peer.expect(Wire.DATA);
            got += data.payload().remaining();
            starved = (data.flags() & Wire.STARVED) != 0;
        }
        assertEquals("exactly the credit of the hello", 65536, got);
        MessageStream other = open(session);
        peer.send(OK, Wire.END, other.messageBoxId());
        CompletableFuture<Inbound> head = new CompletableFuture<>();
        other.demand(() -> head.complete(other.read()));
        assertTrue(head.get() instanceof Inbound.Head);
        peer.send(Wire.WINDOW, 0, stalled.messageBoxId(), ByteBuffer.allocate(8).putLong(200_000).array());
        boolean end = false;
        while (!end) {
            ScriptedPeer.Frame data = peer.expect(Wire.DATA);
            got += data.payload().remaining();
            end = (data.flags() & Wire.END) != 0;
        }
        assertEquals(200_000, got);
    }

    @Test
    public void D3_D4_theProxyEndsADrainAndThePeerClosesThen() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        session.drain(java.time.Duration.ofSeconds(30), ErrorCode.SHUTDOWN);
        assertEquals(30_000, peer.expect(Wire.GOAWAY).payload().getInt(6));
        peer.send(OK, Wire.END, stream.messageBoxId());
        assertEquals(0, peer.expect(Wire.GOAWAY).payload().getInt(6));
        ends[1].close(false);
        assertEquals(ErrorCode.SHUTDOWN, session.closed().toCompletableFuture().get());
    }

    @Test
    public void D3_theProxyEndsAPeersDrainToo() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        peer.send(Wire.GOAWAY, 0, 0,
                ByteBuffer.allocate(10).putInt(stream.messageBoxId()).putShort((short) ErrorCode.SHUTDOWN.code()).putInt(30_000).array());
        peer.send(OK, Wire.END, stream.messageBoxId());
        assertEquals(0, peer.expect(Wire.GOAWAY).payload().getInt(6));
    }

    @Test
    public void D2_streamsAboveTheLastIdOfAGoAwayAreCertainlyNotProcessed() throws Exception {
        PeerSession session = registered();
        MessageStream first = open(session);
        MessageStream second = open(session);
        CompletableFuture<StreamResetException> failed = new CompletableFuture<>();
        second.onReset(failed::complete);
        peer.send(Wire.GOAWAY, 0, 0, ByteBuffer.allocate(10).putInt(first.messageBoxId()).putShort((short) ErrorCode.SHUTDOWN.code()).putInt(30_000).array());
        assertTrue(failed.get().isNotProcessed());
        peer.send(OK, Wire.END, first.messageBoxId());
        CompletableFuture<Inbound> head = new CompletableFuture<>();
        first.demand(() -> head.complete(first.read()));
        assertTrue("the older one finishes", head.get() instanceof Inbound.Head);
    }

    // ---- memory

    /** All that was sent before has been looked at when the answer is there. */
    private void sync() throws Exception {
        peer.send(Wire.PING, 0, 0, new byte[16]);
        nextAck();
    }

    @Test
    public void W5_aResetOfACompleteUnreadResponseGivesItsCreditBack() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        peer.send(OK, 0, stream.messageBoxId());
        peer.send(Wire.DATA, Wire.END, stream.messageBoxId(), new byte[50_000]);
        sync();
        assertEquals(0, session.info().streams());
        assertEquals(50_000, engine.pool().reserved());
        stream.reset(ErrorCode.CANCEL, "the browser went away");
        assertEquals(0, engine.pool().reserved());
    }

    @Test
    public void W5_aBrokenStreamKeepsLittleThatNobodyReserved() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        peer.send(OK, 0, stream.messageBoxId());
        for (int i = 0; i < 5; i++) {
            peer.send(Wire.DATA, 0, stream.messageBoxId(), new byte[15_000]);
        }
        peer.send(Wire.RESET, 0, stream.messageBoxId(), new byte[] {0, 9});
        sync();
        assertEquals(0, engine.pool().reserved());
        assertTrue(stream.read() instanceof Inbound.Head);
        int held = 0;
        Inbound next = stream.read();
        for (; next instanceof Inbound.Data data; next = stream.read()) {
            held += data.bytes().remaining();
        }
        assertEquals(15_000, held);
        assertTrue(next instanceof Inbound.Failure);
    }

    @Test
    public void S5_bigInterimHeadsResetTheStream() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        for (int i = 0; i < 3; i++) {
            peer.send(new ResponseHead(103, "", Fields.of("Link", "x".repeat(60_000)), "", -1), 0, stream.messageBoxId());
        }
        assertReset(stream, ErrorCode.PROTOCOL, ErrorCode.PROTOCOL);
    }

    @Test
    public void L2_oneSessionLeavesHalfOfThePoolToTheOthers() throws Exception {
        PeerSession greedy = registered();
        List<MessageStream> open = new java.util.ArrayList<>();
        try {
            while (open.size() < 100) { // the hello of the scripted peer says so
                open.add(greedy.open(Client.head("GET", -1), null, true));
            }
        } finally {
            assertTrue("reserved " + engine.pool().reserved(), engine.pool().reserved() <= TestTunnel.limits().pool() / 2);
        }
        CreditPool all = new CreditPool(1_000_000);
        CreditPool one = new CreditPool(all, 500_000);
        while (one.reserveInitial(16_384, 262_144) != 0) {
            assertTrue(one.reserved() <= 500_000);
        }
        assertTrue("another still gets a window", new CreditPool(all, 500_000).reserveInitial(16_384, 262_144) != 0);
        one.release(one.reserved());
        assertTrue(all.reserved() < 500_000);
    }

    @Test
    public void L3_malformedBlocksForAnEndedStreamAreNotEvenDecoded() throws Exception {
        PeerSession session = registered();
        MessageStream stream = open(session);
        peer.send(OK, Wire.END, stream.messageBoxId());
        peer.send(Wire.RESPONSE, 0, stream.messageBoxId(), new byte[] {1});
        sync();
        assertEquals("open", session.info().state());
        assertTrue(stream.read() instanceof Inbound.Head);
        assertNull(stream.read());
    }

    @Test
    public void L3_codecOffersAreGuarded() throws Exception {
        registered();
        ByteBuffer many = ByteBuffer.allocate(5000 * 14);
        for (int i = 0; i < 5000; i++) {
            Wire.header(many, 2, Wire.CODEC_OFFER, 0, 1, 0);
            many.putShort((short) 2);
        }
        peer.sendRaw(many.array());
        ScriptedPeer.Frame frame;
        do {
            frame = peer.frames.poll(20, TimeUnit.SECONDS);
        } while (frame.type() != Wire.GOAWAY);
        assertEquals(ErrorCode.FLOOD.code(), frame.payload().getShort(4));
    }

    @Test
    public void S6_whatIsSentAfterItFailsAndTheResponseStands() throws Exception {
        PeerSession session = registered();
        MessageStream stream = session.open(Client.head("POST", -1), null, false);
        peer.expect(Wire.REQUEST);
        peer.send(OK, Wire.END, stream.messageBoxId());
        peer.send(Wire.RESET, 0, stream.messageBoxId(), new byte[] {0, 0});
        sync();
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        stream.data(ByteBuffer.wrap(new byte[10]), false, new io.adit.api.Completion() {
            @Override
            public void succeeded() {
                failed.complete(null);
            }

            @Override
            public void failed(Throwable cause) {
                failed.complete(cause);
            }
        });
        assertEquals(ErrorCode.NONE, ((StreamResetException) failed.get()).code());
        assertTrue(stream.read() instanceof Inbound.Head);
        assertNull(stream.read());
    }
}

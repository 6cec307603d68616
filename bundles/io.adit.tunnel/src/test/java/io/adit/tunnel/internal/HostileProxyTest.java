package io.adit.tunnel.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.Proof;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** A real peer side against a proxy played by hand: one that breaks rules, or whose packets come at an unlucky moment. */
public class HostileProxyTest {

    @Rule
    public Timeout deadline = Timeout.seconds(60);

    private final TunnelComponent engine = TestTunnel.engine(TestTunnel.limits());
    private final MemoryTransport[] ends = MemoryTransport.pair();
    private final ScriptedPeer proxy = new ScriptedPeer(ends[1]);
    private final CompletableFuture<MessageStream> handled = new CompletableFuture<>();
    private final TestTunnel.Peer side = new TestTunnel.Peer((head, last, stream) -> handled.complete(stream));
    private Session session;

    @After
    public void stop() {
        ends[1].close(false);
        engine.deactivate();
    }

    private void registered() throws Exception {
        answer(TestTunnel.SECRET);
        side.session.get(20, TimeUnit.SECONDS);
    }

    private void answer(byte[] secret) throws Exception {
        session = (Session) engine.connect(ends[0], new byte[0], side);
        ends[0].deliverTo(session);
        byte[] theirs = ScriptedPeer.bytes(proxy.expect(Wire.HELLO).payload());
        byte[] hello = proxy.hello(List.of(1));
        proxy.epoch = 0;
        proxy.send(Wire.HELLO, 0, 0, hello);
        proxy.epoch = 1;
        proxy.expect(Wire.REGISTER);
        byte[] proof = Proof.answer(Proof.verifier(secret), Proof.transcript(theirs, hello, new byte[0]));
        proxy.send(new Registered("demo", "proxy", "127.0.0.1", 7443, "http://demo.localhost/", proof, new byte[0]), 0, 0);
    }

    private void sync() throws Exception {
        proxy.send(Wire.PING, 0, 0, new byte[16]);
        while ((proxy.expect(Wire.PING).flags() & Wire.ACK) == 0) {
            continue; // its own
        }
    }

    @Test
    public void A4_aProxyThatDoesNotKnowTheSecretIsLeft() throws Exception {
        answer(new byte[32]);
        assertEquals(ErrorCode.UNAUTHORIZED.code(), proxy.takeLeave());
        assertEquals(ErrorCode.UNAUTHORIZED, side.closed.get());
    }

    /** The thread on which is told that a response went out that nothing else was in the way of; null when it was not told during the call. */
    private Thread answered(boolean inline) throws Exception {
        registered();
        proxy.send(Client.head("GET", -1), Wire.END, 1);
        MessageStream stream = handled.get();
        CompletableFuture<Thread> told = new CompletableFuture<>();
        Completion completion = new Completion() {
            @Override
            public boolean isInline() {
                return inline;
            }

            @Override
            public void succeeded() {
                told.complete(Thread.currentThread());
            }

            @Override
            public void failed(Throwable cause) {
                told.completeExceptionally(cause);
            }
        };
        while (!headWhenIdle(stream, completion)) {
            Thread.onSpinWait(); // what was sent before is still on its way
        }
        return inline ? told.getNow(null) : told.get();
    }

    /** With the lock of the session, under which no other write can begin. */
    private boolean headWhenIdle(MessageStream stream, Completion completion) {
        synchronized (session.lock()) {
            if (session.flusher().busy()) {
                return false;
            }
            stream.head(new ResponseHead(200, "", Fields.EMPTY, "", 0), null, true, completion);
            return true;
        }
    }

    @Test
    public void whatWentOutDuringTheCallIsToldByItWhereThatIsWanted() throws Exception {
        assertEquals(Thread.currentThread(), answered(true));
    }

    @Test
    public void whatWentOutIsToldByAnotherThreadElse() throws Exception {
        assertTrue(answered(false).getName().startsWith("adit-tunnel-"));
    }

    @Test
    public void S1_anIdThatDoesNotRiseEndsTheSession() throws Exception {
        registered();
        proxy.send(Client.head("GET", -1), Wire.END, 3);
        proxy.send(Client.head("GET", -1), Wire.END, 3);
        assertEquals(ErrorCode.PROTOCOL, side.closed.get());
    }

    @Test
    public void D2_anUploadThatCrossesOurGoAwayIsServed() throws Exception {
        registered();
        proxy.send(Client.head("GET", -1), Wire.END, 1);
        handled.get();
        session.drain(Duration.ofSeconds(30), ErrorCode.SHUTDOWN);
        assertEquals("none is ruled out", 1 << 30, proxy.expect(Wire.GOAWAY).payload().getInt());
        proxy.send(Client.head("POST", -1), 0, 3);
        proxy.send(Wire.DATA, Wire.END, 3, new byte[10]);
        sync();
        assertEquals("draining", session.info().state());
        assertEquals(2, session.info().streams());
    }

    @Test
    public void aRequestThatMeetsTheEndOfItsSessionLeavesNothingBehind() throws Exception {
        registered();
        side.asked = () -> session.lost(null); // what the keep-alive may do in that moment
        proxy.send(Client.head("POST", -1), 0, 1);
        side.closed.get();
        assertEquals(0, engine.pool().reserved());
        assertEquals(0, session.info().streams());
    }

    @Test
    public void aRequestThatIsResetAtOnceReachesNoHandler() throws Exception {
        registered();
        byte[] request = new io.adit.codec.v1.CodecV1().encode(Client.head("GET", -1));
        ByteBuffer both = ByteBuffer.allocate(100 + request.length);
        Wire.header(both, 4 + request.length, Wire.REQUEST, Wire.END, 1, 1);
        both.putInt(65536).put(request);
        Wire.header(both, 2, Wire.RESET, 0, 1, 1);
        both.putShort((short) ErrorCode.CANCEL.code());
        byte[] bytes = new byte[both.position()];
        both.flip().get(bytes);
        proxy.sendRaw(bytes); // one read: the handler's task waits for its end
        sync();
        assertEquals(0, session.info().streams());
        assertEquals(false, handled.isDone());
        assertEquals(0, engine.pool().reserved());
    }
}

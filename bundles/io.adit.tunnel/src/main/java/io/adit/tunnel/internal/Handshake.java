package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;

import io.adit.api.ErrorCode;
import io.adit.api.Proof;
import io.adit.api.RegistrationException;
import io.adit.api.packet.CodecException;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.tunnel.Tunnel.PeerSide;
import io.adit.tunnel.Tunnel.ProxySide;

/**
 * How a session comes to be (PROTOCOL section 6):
 * <pre>
 *   peer                                   proxy
 *   HELLO            -------------------->  (AWAIT_HELLO)
 *   (AWAIT_HELLO)    &lt;--------------------  HELLO
 *   REGISTER         -------------------->  (AWAIT_REGISTER, then CHECKING on an executor)
 *   (AWAIT_REGISTERED) &lt;------------------  REGISTERED, or GOAWAY with the reason
 * </pre>
 * Thread-safety: frames come on the reading thread; the state is changed by one thread at a time and seen by all.
 */
final class Handshake {

    enum State { AWAIT_HELLO, AWAIT_REGISTER, CHECKING, AWAIT_REGISTERED, DONE }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Session session;
    private final ProxySide proxy;
    private final PeerSide peer;
    private final byte[] fingerprint;
    private final Hello ours;
    private final byte[] ourBytes;
    private volatile State state = State.AWAIT_HELLO;
    private byte[] transcript;

    /** One of proxy and peer is null: the side that we are not. */
    Handshake(Session session, Limits limits, List<Integer> codecs, byte[] fingerprint, ProxySide proxy, PeerSide peer) {
        this.session = session;
        this.fingerprint = fingerprint;
        this.proxy = proxy;
        this.peer = peer;
        byte[] nonce = new byte[32];
        RANDOM.nextBytes(nonce);
        this.ours = new Hello(Wire.VERSION, Wire.VERSION, nonce, codecs, limits.maxStreams(), peer == null ? 0 : limits.uploadWindow(),
                peer == null ? "adit" : peer.agent());
        this.ourBytes = ours.encode();
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** The peer speaks first. */
    void start() {
        if (peer != null) {
            session.sendControl(Wire.HELLO, 0, 0, ByteBuffer.wrap(ourBytes));
            session.flusher().flush();
        }
    }

    void frame(int type, ByteBuffer payload) throws ProtocolViolation {
        State expected = switch (type) {
            case Wire.HELLO -> State.AWAIT_HELLO;
            case Wire.REGISTER -> State.AWAIT_REGISTER;
            case Wire.REGISTERED -> State.AWAIT_REGISTERED;
            default -> null;
        };
        if (expected != state) { // PROTOCOL H4
            throw new ProtocolViolation("H4", Wire.name(type) + " in handshake state " + state);
        }
        switch (expected) {
            case AWAIT_HELLO -> hello(payload);
            case AWAIT_REGISTER -> register((Register) decode(Packet.Kind.REGISTER, payload));
            default -> registered((Registered) decode(Packet.Kind.REGISTERED, payload));
        }
    }

    private void hello(ByteBuffer payload) throws ProtocolViolation {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        Hello theirs = Hello.decode(ByteBuffer.wrap(bytes));
        if (theirs.minVersion() > Wire.VERSION || theirs.maxVersion() < Wire.VERSION) {
            throw new ProtocolViolation(ErrorCode.VERSION, "H5", "protocol versions " + theirs.minVersion() + " to " + theirs.maxVersion()
                    + " there, " + Wire.VERSION + " here");
        }
        transcript = peer != null ? Proof.transcript(ourBytes, bytes, fingerprint) : Proof.transcript(bytes, ourBytes, fingerprint);
        if (peer == null) {
            session.sendControl(Wire.HELLO, 0, 0, ByteBuffer.wrap(ourBytes));
        }
        if (!session.negotiated(theirs)) { // PROTOCOL H6
            throw new ProtocolViolation(ErrorCode.NO_CODEC, "H6", "codec versions " + theirs.codecs() + " there, " + ours.codecs() + " here");
        }
        if (peer == null) {
            state = State.AWAIT_REGISTER;
        } else {
            state = State.AWAIT_REGISTERED;
            sendPacket(new Register(peer.name(), Proof.of(peer.secret(), transcript), peer.agent(), peer.ticket(), peer.details()));
        }
        session.flusher().flush();
    }

    private void register(Register register) {
        state = State.CHECKING;
        session.register(() -> check(register));
    }

    private void check(Register register) {
        if (!session.isInHandshake()) {
            return; // it ended while this waited for a thread
        }
        try {
            Registered registered = proxy.register(register, transcript);
            // the answer is queued before the peer manager learns of the session: it goes out before any request
            if (session.open(registered.name(), register.details(), () -> {
                sendPacket(registered);
                state = State.DONE;
            })) {
                proxy.opened(registered.name(), session);
                session.flusher().flush();
            }
        } catch (RegistrationException e) {
            session.end(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            session.failed("registration", e);
        }
    }

    private void registered(Registered registered) throws ProtocolViolation {
        if (!Proof.verifyAnswer(peer.secret(), transcript, registered.proof())) { // PROTOCOL A4
            throw new ProtocolViolation(ErrorCode.UNAUTHORIZED, "A4", "the proxy does not know the secret of the invitation");
        }
        if (session.open(registered.name(), registered.details(), () -> state = State.DONE)) {
            session.lifecycle(() -> peer.opened(registered, session));
        }
    }

    private Packet decode(Packet.Kind kind, ByteBuffer payload) throws ProtocolViolation {
        try {
            return session.decoder().decode(kind, payload);
        } catch (CodecException | RuntimeException | LinkageError e) {
            throw new ProtocolViolation("C1", kind + " cannot be decoded: " + e.getMessage());
        }
    }

    private void sendPacket(Packet packet) {
        try {
            session.sendControl(packet.kind().code(), 0, 0, ByteBuffer.wrap(session.encoder().encode(packet)));
        } catch (CodecException | RuntimeException | LinkageError e) {
            session.execute(() -> session.failed("handshake", e)); // the session's lock may be held here
        }
    }
}

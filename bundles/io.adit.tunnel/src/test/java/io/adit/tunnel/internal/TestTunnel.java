package io.adit.tunnel.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import io.adit.api.Proof;
import io.adit.api.RegistrationException;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.codec.v1.CodecV1;
import io.adit.tunnel.Tunnel.PeerSide;
import io.adit.tunnel.Tunnel.ProxySide;

/** An engine with test limits, and both sides' callbacks as futures. */
final class TestTunnel {

    static final byte[] SECRET = Proof.sha256(new byte[] {42});
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    static final KeepAlive.Timing TIMING = new KeepAlive.Timing(10 * SECOND, 3 * SECOND, 7 * SECOND, 15 * SECOND, 20 * SECOND, SECOND, 2 * SECOND);

    static Limits limits() {
        return new Limits(64L << 20, 1024, 256 * 1024, 64 * 1024, 4 << 20, 10 * SECOND, 5 * SECOND, 10 * SECOND, 500, TIMING);
    }

    static TunnelComponent engine(Limits limits) {
        TunnelComponent engine = new TunnelComponent(limits);
        engine.addCodec(new CodecV1());
        return engine;
    }

    static final class Proxy implements ProxySide {
        final CompletableFuture<PeerSession> session = new CompletableFuture<>();
        final CompletableFuture<ErrorCode> failed = new CompletableFuture<>();

        @Override
        public Registered register(Register register, byte[] transcript) throws RegistrationException {
            Proof.Verifier verifier = Proof.verifier(SECRET);
            if (!Proof.verify(verifier, transcript, register.proof())) {
                throw new RegistrationException(ErrorCode.UNAUTHORIZED, "no such invitation");
            }
            return new Registered(register.name(), "proxy", "127.0.0.1", 7443, "http://" + register.name() + ".localhost/",
                    Proof.answer(verifier, transcript), new byte[0], register.details());
        }

        @Override
        public void opened(String name, PeerSession opened) {
            session.complete(opened);
        }

        @Override
        public void failed(ErrorCode code, String reason) {
            failed.complete(code);
        }
    }

    static final class Peer implements PeerSide {
        final CompletableFuture<PeerSession> session = new CompletableFuture<>();
        final CompletableFuture<ErrorCode> closed = new CompletableFuture<>();
        final CompletableFuture<String> reason = new CompletableFuture<>();
        final CompletableFuture<ErrorCode> goingAway = new CompletableFuture<>();
        volatile RequestHandler handler;
        volatile byte[] secret = SECRET;
        /** Runs each time the engine asks for the handler. */
        volatile Runnable asked = () -> { };

        Peer(RequestHandler handler) {
            this.handler = handler;
        }

        @Override
        public String name() {
            return "demo";
        }

        @Override
        public byte[] secret() {
            return secret;
        }

        @Override
        public String agent() {
            return "test";
        }

        @Override
        public byte[] ticket() {
            return new byte[] {1, 2};
        }

        @Override
        public Fields details() {
            return Fields.of("title", "t");
        }

        @Override
        public RequestHandler handler() {
            asked.run();
            return handler;
        }

        @Override
        public void opened(Registered registered, PeerSession opened) {
            session.complete(opened);
        }

        @Override
        public void goingAway(ErrorCode code) {
            if (!goingAway.complete(code)) {
                throw new IllegalStateException("told twice");
            }
        }

        @Override
        public void closed(ErrorCode code, boolean remote, String why) {
            reason.complete(why);
            closed.complete(code);
        }
    }

    private TestTunnel() {
    }
}

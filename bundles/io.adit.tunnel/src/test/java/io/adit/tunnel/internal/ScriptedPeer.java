package io.adit.tunnel.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.adit.api.Completion;
import io.adit.api.Proof;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.codec.v1.CodecV1;
import io.adit.tunnel.TransportListener;

/** The other end of a session, played by hand: sends any bytes, and expects frames. Plays a peer against a real proxy side, or the reverse. */
final class ScriptedPeer implements TransportListener {

    record Frame(int type, int flags, int epoch, int stream, ByteBuffer payload) {
        @Override
        public String toString() {
            return Wire.name(type) + " flags=" + flags + " box=" + stream + " bytes=" + payload.remaining();
        }
    }

    static final Frame CLOSED = new Frame(-1, 0, 0, 0, ByteBuffer.allocate(0));

    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final MemoryTransport end;
    private final FrameReader reader = new FrameReader((type, flags, epoch, stream, payload) -> frames.add(
            new Frame(type, flags, epoch, stream, ByteBuffer.allocate(payload.remaining()).put(payload).flip())));
    private final CodecV1 codec = new CodecV1();
    private final byte[] nonce = new byte[32];
    int epoch = 1;

    ScriptedPeer(MemoryTransport end) {
        this.end = end;
        reader.trust();
        end.deliverTo(this);
    }

    @Override
    public void received(ByteBuffer data) {
        try {
            reader.read(data);
        } catch (ProtocolViolation e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void closed(Throwable cause) {
        frames.add(CLOSED);
    }

    byte[] hello(List<Integer> codecs) {
        return new Hello(1, 1, nonce, codecs, 100, 65536, "scripted").encode();
    }

    /** Plays the peer's part of the handshake against a proxy. */
    void register() throws Exception {
        byte[] hello = hello(List.of(1));
        epoch = 0;
        send(Wire.HELLO, 0, 0, hello);
        byte[] theirs = bytes(expect(Wire.HELLO).payload());
        epoch = 1;
        send(new Register("demo", Proof.of(TestTunnel.SECRET, Proof.transcript(hello, theirs, new byte[0])), "scripted"), 0, 0);
        expect(Wire.REGISTERED);
    }

    void send(Packet packet, int flags, int stream) throws Exception {
        byte[] block = codec.encode(packet);
        if (packet.kind() == Packet.Kind.REQUEST) {
            block = ByteBuffer.allocate(4 + block.length).putInt(65536).put(block).array();
        }
        send(packet.kind().code(), flags, stream, block);
    }

    void send(int type, int flags, int stream, byte[] payload) throws Exception {
        ByteBuffer frame = ByteBuffer.allocate(Wire.HEADER + payload.length);
        Wire.header(frame, payload.length, type, flags, epoch, stream);
        sendRaw(frame.put(payload).array());
    }

    void sendRaw(byte[] bytes) throws Exception {
        java.util.concurrent.CompletableFuture<Void> sent = new java.util.concurrent.CompletableFuture<>();
        end.write(ByteBuffer.wrap(bytes), new Completion() {
            @Override
            public void succeeded() {
                sent.complete(null);
            }

            @Override
            public void failed(Throwable cause) {
                sent.complete(null); // the other side hung up; the test looks at what it said
            }
        });
        sent.get(60, TimeUnit.SECONDS);
    }

    /** The next frame of that type; pings in between are passed over. */
    Frame expect(int type) throws Exception {
        while (true) {
            Frame frame = frames.poll(20, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("nothing came, expected " + Wire.name(type));
            }
            if (frame.type() == type) {
                return frame;
            }
            if (frame.type() != Wire.PING) {
                throw new AssertionError("expected " + Wire.name(type) + ", got " + frame);
            }
        }
    }

    /** The code of the go-away that ends the session, after which this end closes as it should (PROTOCOL D4). */
    int takeLeave() throws Exception {
        int code = goAwayCode();
        end.close(false);
        return code;
    }

    private int goAwayCode() throws Exception {
        ByteBuffer payload = expect(Wire.GOAWAY).payload();
        payload.getInt();
        return payload.getShort();
    }

    /** The code of the go-away that ends the session, which the other side then closes, by a deadline of its own where the rules are kept. */
    int expectGoAway() throws Exception {
        int code = goAwayCode();
        for (Frame frame = null; frame != CLOSED;) {
            frame = frames.poll(20, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("the session was not closed");
            }
        }
        return code;
    }

    static byte[] bytes(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

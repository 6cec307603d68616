package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Packet;
import io.adit.api.packet.PacketCodec;
import io.adit.codec.v1.CodecV1;

/** A version of its own: the bytes of version 1 turned by the version, and data with a checksum. Knows when it may no longer be used. */
final class TestCodec implements PacketCodec {

    final AtomicInteger calls = new AtomicInteger();
    /** Calls after its service was released. */
    final AtomicInteger late = new AtomicInteger();
    volatile boolean released;
    private final CodecV1 plain = new CodecV1();
    private final int version;

    TestCodec(int version) {
        this.version = version;
    }

    @Override
    public int version() {
        return version;
    }

    private void called() {
        calls.incrementAndGet();
        if (released) {
            late.incrementAndGet();
        }
    }

    private byte[] turned(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) version;
        }
        return bytes;
    }

    private static int sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.duplicate());
        return (int) sum.getValue();
    }

    @Override
    public byte[] encode(Packet packet) throws CodecException {
        called();
        return turned(plain.encode(packet));
    }

    @Override
    public Packet decode(Packet.Kind kind, ByteBuffer payload) throws CodecException {
        called();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return plain.decode(kind, ByteBuffer.wrap(turned(bytes)));
    }

    @Override
    public boolean transformsData() {
        return version % 2 == 0;
    }

    @Override
    public ByteBuffer encodeData(ByteBuffer data) {
        called();
        return ByteBuffer.allocate(4 + data.remaining()).putInt(sum(data)).put(data).flip();
    }

    @Override
    public ByteBuffer decodeData(ByteBuffer payload, int maximum) throws CodecException {
        called();
        if (payload.remaining() < 4 || payload.getInt() != sum(payload)) {
            throw new CodecException("checksum");
        }
        return payload;
    }
}

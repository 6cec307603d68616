package io.adit.itests.checksum;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import io.adit.api.packet.PacketCodec;

/**
 * The example of docs/CODEC.md: a complete codec of a third party. Each packet and each data payload has a CRC-32C in front, for lines
 * on which TCP's checksum is not enough and no TLS is wanted. The layout behind it is the plainest there is.
 *
 * <p>Thread-safety: stateless.
 */
public final class ChecksumCodec implements PacketCodec {

    /** From the range for private use (PROTOCOL C4). */
    static final int NUMBER = 40_000;

    private static final int CHECKSUM = 4;
    /** What a packet may have at most (PROTOCOL section 4). */
    private static final int MAX = 66_560;

    @Override
    public int version() {
        return NUMBER;
    }

    @Override
    public byte[] encode(Packet packet) throws CodecException {
        ByteBuffer out = ByteBuffer.allocate(MAX).position(CHECKSUM);
        if (packet instanceof RequestHead head) {
            strings(out, head.method(), head.scheme(), head.authority(), head.target(), head.protocol(), head.client(), head.upgrade());
            need(out, 8);
            out.putLong(head.length());
            fields(out, head.fields());
        } else if (packet instanceof ResponseHead head) {
            u16(out, head.status());
            strings(out, head.reason(), head.upgrade());
            need(out, 8);
            out.putLong(head.length());
            fields(out, head.fields());
        } else if (packet instanceof Trailers trailers) {
            fields(out, trailers.fields());
        } else if (packet instanceof Register register) {
            strings(out, register.name(), register.agent());
            bytes(out, register.proof());
            bytes(out, register.ticket());
            fields(out, register.details());
        } else if (packet instanceof Registered registered) {
            strings(out, registered.name(), registered.proxyName(), registered.proxyAddress(), registered.url());
            u16(out, registered.proxyPort());
            bytes(out, registered.proof());
            bytes(out, registered.ticket());
            fields(out, registered.details());
        }
        byte[] block = new byte[out.position()];
        out.flip().get(block);
        ByteBuffer.wrap(block).putInt(checksum(ByteBuffer.wrap(block, CHECKSUM, block.length - CHECKSUM)));
        return block;
    }

    @Override
    public Packet decode(Packet.Kind kind, ByteBuffer payload) throws CodecException {
        ByteBuffer in = checked(payload);
        Packet packet = switch (kind) {
            case REQUEST -> request(in);
            case RESPONSE -> {
                int status = u16(in);
                String reason = string(in);
                String upgrade = string(in);
                need(in, 8);
                long length = in.getLong();
                yield new ResponseHead(status, reason, fields(in), upgrade, length);
            }
            case TRAILERS -> new Trailers(fields(in));
            case REGISTER -> {
                String name = string(in);
                String agent = string(in);
                yield new Register(name, bytes(in), agent, bytes(in), fields(in));
            }
            case REGISTERED -> {
                String name = string(in);
                String proxyName = string(in);
                String proxyAddress = string(in);
                String url = string(in);
                yield new Registered(name, proxyName, proxyAddress, u16(in), url, bytes(in), bytes(in), fields(in));
            }
        };
        if (in.hasRemaining()) {
            throw new CodecException(in.remaining() + " bytes left over");
        }
        return packet;
    }

    @Override
    public boolean transformsData() {
        return true;
    }

    @Override
    public ByteBuffer encodeData(ByteBuffer data) {
        ByteBuffer out = ByteBuffer.allocate(CHECKSUM + data.remaining());
        return out.putInt(checksum(data.duplicate())).put(data.duplicate()).flip();
    }

    @Override
    public ByteBuffer decodeData(ByteBuffer payload, int maximum) throws CodecException {
        ByteBuffer data = checked(payload);
        if (data.remaining() > maximum) {
            throw new CodecException(data.remaining() + " bytes of data, over " + maximum);
        }
        return data;
    }

    /** What is behind the checksum. */
    private static ByteBuffer checked(ByteBuffer payload) throws CodecException {
        ByteBuffer in = payload.duplicate();
        need(in, CHECKSUM);
        int said = in.getInt();
        if (checksum(in.duplicate()) != said) {
            throw new CodecException("the checksum is wrong");
        }
        return in.slice();
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    private static RequestHead request(ByteBuffer in) throws CodecException {
        String method = string(in);
        String scheme = string(in);
        String authority = string(in);
        String target = string(in);
        String protocol = string(in);
        String client = string(in);
        String upgrade = string(in);
        need(in, 8);
        long length = in.getLong();
        return new RequestHead(method, scheme, authority, target, protocol, fields(in), client, upgrade, length);
    }

    private static void fields(ByteBuffer out, Fields fields) throws CodecException {
        u16(out, fields.size());
        for (int i = 0; i < fields.size(); i++) {
            strings(out, fields.name(i), fields.value(i));
        }
    }

    private static Fields fields(ByteBuffer in) throws CodecException {
        int count = u16(in);
        need(in, 4 * count); // at the least: a count that cannot be is refused before memory is taken
        Fields.Builder fields = Fields.builder(count);
        for (int i = 0; i < count; i++) {
            fields.add(string(in), string(in));
        }
        return fields.build();
    }

    private static void strings(ByteBuffer out, String... texts) throws CodecException {
        for (String text : texts) {
            if (text.chars().anyMatch(c -> c > 0xFF)) {
                throw new CodecException("a character above 0xFF");
            }
            bytes(out, text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static String string(ByteBuffer in) throws CodecException {
        return new String(bytes(in), StandardCharsets.ISO_8859_1);
    }

    private static void bytes(ByteBuffer out, byte[] bytes) throws CodecException {
        u16(out, bytes.length);
        need(out, bytes.length);
        out.put(bytes);
    }

    private static byte[] bytes(ByteBuffer in) throws CodecException {
        int size = u16(in);
        need(in, size);
        byte[] bytes = new byte[size];
        in.get(bytes);
        return bytes;
    }

    private static void u16(ByteBuffer out, int value) throws CodecException {
        if (value < 0 || value > 0xFFFF) {
            throw new CodecException("a number that is not 0..65535");
        }
        need(out, 2);
        out.putShort((short) value);
    }

    private static int u16(ByteBuffer in) throws CodecException {
        need(in, 2);
        return in.getShort() & 0xFFFF;
    }

    /** Room, or bytes that are there. */
    private static void need(ByteBuffer buffer, int size) throws CodecException {
        if (buffer.remaining() < size) {
            throw new CodecException(size + " bytes needed, " + buffer.remaining() + " there");
        }
    }
}

package io.adit.itests.checksum;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import org.junit.Test;

/** What a codec of one's own should be tested for. */
public class ChecksumCodecTest {

    private static final List<Packet> SAMPLES = List.of(
        new RequestHead("GET", "http", "demo.localhost:8080", "/", "HTTP/1.1", Fields.of("Host", "demo.localhost:8080"), "127.0.0.1:5000", "", -1),
        new RequestHead("m-search", "https", "a", "//%2F..;|?", "HTTP/1.0", Fields.of("X", "", "x", "\u00e9\u00ff", "X", "a, b"), "[::1]:1", "websocket", 5),
        new ResponseHead(200, "OK", Fields.of("Set-Cookie", "a=1", "Set-Cookie", "b=2"), "", Long.MAX_VALUE),
        new ResponseHead(101, "", Fields.EMPTY, "websocket", -1),
        new ResponseHead(599, "\u00e4", Fields.of("a", "b".repeat(60_000)), "", -1),
        new Trailers(Fields.of("Grpc-Status", "0")),
        new Trailers(Fields.EMPTY),
        new Register("demo", new byte[] {1, 2, 3}, "adit/1"),
        new Registered("demo", "proxy-1", "127.0.0.1", 65535, "http://demo.localhost/", new byte[32], new byte[0]));

    private final ChecksumCodec codec = new ChecksumCodec();

    @Test
    public void everyPacketComesBackAsItWas() throws CodecException {
        for (Packet packet : SAMPLES) {
            byte[] block = codec.encode(packet);
            assertEquals(packet, codec.decode(packet.kind(), ByteBuffer.wrap(block)));
            ByteBuffer direct = ByteBuffer.allocateDirect(block.length + 3).position(3).put(block).position(3);
            assertEquals(packet, codec.decode(packet.kind(), direct.asReadOnlyBuffer()));
        }
    }

    @Test
    public void everyChangedBitAndEveryTruncationOfAPacketIsRefused() throws CodecException {
        for (Packet packet : SAMPLES) {
            byte[] block = codec.encode(packet);
            for (int bit = 0; bit < 8 * block.length; bit += 1 + bit / 500) {
                block[bit / 8] ^= (byte) (1 << bit % 8);
                assertThrows(packet + " with bit " + bit + " changed", CodecException.class, () -> codec.decode(packet.kind(), ByteBuffer.wrap(block)));
                block[bit / 8] ^= (byte) (1 << bit % 8);
            }
            for (int length = 0; length < block.length; length += 1 + length / 50) {
                ByteBuffer cut = ByteBuffer.wrap(block, 0, length);
                assertThrows(packet + " cut at " + length, CodecException.class, () -> codec.decode(packet.kind(), cut));
            }
        }
    }

    @Test
    public void dataComesBackAsItWasAndDamageIsSeen() throws CodecException {
        for (int size : new int[] {0, 1, 16_384, 65_532}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            ByteBuffer data = ByteBuffer.wrap(bytes);
            ByteBuffer payload = codec.encodeData(data);
            assertEquals(data, codec.decodeData(payload, 65_536));
            assertEquals("the data is not used up", size, data.remaining());
            for (int bit = 0; bit < 8 * payload.limit(); bit += 1 + bit / 100) {
                ByteBuffer damaged = ByteBuffer.allocate(payload.limit()).put(payload.duplicate()).flip();
                damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));
                assertThrows(size + " bytes with bit " + bit + " changed", CodecException.class, () -> codec.decodeData(damaged, 65_536));
            }
        }
        assertThrows(CodecException.class, () -> codec.decodeData(codec.encodeData(ByteBuffer.allocate(11)), 10));
    }

    @Test
    public void whatItCannotCarryIsRefusedWhenEncoding() {
        for (Packet packet : List.of(new Trailers(Fields.of("a", "\u20ac")), new Trailers(Fields.of("a", "x".repeat(65_536))),
                new Trailers(Fields.of("a", "x".repeat(60_000), "b", "x".repeat(60_000))), new ResponseHead(-1, "", Fields.EMPTY, "", -1))) {
            assertThrows(CodecException.class, () -> codec.encode(packet));
        }
    }
}

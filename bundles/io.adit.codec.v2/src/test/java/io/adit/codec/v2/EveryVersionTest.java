package io.adit.codec.v2;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import io.adit.api.packet.PacketCodec;
import io.adit.codec.v1.CodecV1;
import org.junit.Test;

/** What holds for every codec version: what one carries, each carries, and nothing is changed by it. */
public class EveryVersionTest {

    /** PROTOCOL section 4; a REQUEST has four bytes of its own. */
    private static final int MAX_HEAD = 66560;

    private final PacketCodec v1 = new CodecV1();
    private final PacketCodec v2 = new CodecV2();
    private final List<PacketCodec> all = List.of(v1, v2);

    @Test
    public void randomPacketsComeBackAsTheyWere() throws CodecException {
        RandomPackets packets = new RandomPackets(1);
        int shorter = 0;
        for (int i = 0; i < 20_000; i++) {
            Packet packet = packets.next();
            int[] sizes = new int[2];
            for (PacketCodec codec : all) {
                byte[] block = codec.encode(packet);
                sizes[codec.version() - 1] = block.length;
                assertEquals("packet " + i, packet, codec.decode(packet.kind(), ByteBuffer.wrap(block)));
                ByteBuffer direct = ByteBuffer.allocateDirect(block.length + 3).position(3).put(block).position(3);
                assertEquals("packet " + i, packet, codec.decode(packet.kind(), direct.slice().asReadOnlyBuffer()));
                ByteBuffer inside = ByteBuffer.wrap(Arrays.copyOf(block, block.length + 5), 0, block.length).slice();
                assertEquals("packet " + i, packet, codec.decode(packet.kind(), inside));
                assertEquals("read to the end", 0, inside.remaining());
            }
            assertTrue("packet " + i + ": " + sizes[0] + " bytes in version 1, " + sizes[1] + " in version 2", sizes[1] <= sizes[0] + 20);
            shorter += sizes[1] < sizes[0] ? 1 : 0;
        }
        assertTrue("shorter in version 2: " + shorter, shorter > 18_000);
    }

    @Test
    public void theLargestHeadsPassInEveryVersion() throws CodecException {
        RequestHead empty = request(Fields.of("X-Large", ""), "");
        int room = MAX_HEAD - 4 - v1.encode(empty).length;
        for (Packet packet : List.of(
                request(Fields.of("X-Large", "x".repeat(room - 4000)), "y".repeat(4000)),
                request(Fields.of("X-Large", "x".repeat(20_000)), "y".repeat(room - 20_000)),
                new ResponseHead(200, "", Fields.of("x".repeat(33_000), "y".repeat(33_000)), "", -1),
                new Trailers(many(MAX_HEAD / 4 - 1, "", "")),
                new Trailers(many(130, "x".repeat(250), "y".repeat(250))),
                new Trailers(many(4096, "DNT", "1")))) {
            for (PacketCodec codec : all) {
                byte[] block = codec.encode(packet);
                assertTrue(packet.kind() + " has " + block.length + " bytes", block.length <= MAX_HEAD - (packet instanceof RequestHead ? 4 : 0));
                assertEquals(packet, codec.decode(packet.kind(), ByteBuffer.wrap(block)));
            }
        }
    }

    private static RequestHead request(Fields fields, String target) {
        return new RequestHead("GET", "http", "demo", target, "HTTP/1.1", fields, "203.0.113.7:1", "", -1);
    }

    static Fields many(int count, String name, String value) {
        Fields.Builder fields = Fields.builder(count);
        for (int i = 0; i < count; i++) {
            fields.add(name, value);
        }
        return fields.build();
    }
}

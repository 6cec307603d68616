package io.adit.codec.v2;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Kind;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import org.junit.Test;

/** Blocks that are broken on purpose or by chance, and packets that cannot be carried. */
public class CodecV2Test {

    private final CodecV2 codec = new CodecV2();

    @Test
    public void everyTruncationIsRefused() throws CodecException {
        RandomPackets packets = new RandomPackets(2);
        for (int i = 0; i < 300; i++) {
            Packet packet = packets.next();
            byte[] bytes = codec.encode(packet);
            for (int length = 0; length < bytes.length; length += 1 + length / 50) {
                ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
                assertThrows("packet " + i + " cut at " + length, CodecException.class, () -> codec.decode(packet.kind(), cut));
            }
        }
    }

    @Test
    public void leftOverBytesAreRefused() throws CodecException {
        RandomPackets packets = new RandomPackets(3);
        for (int i = 0; i < 300; i++) {
            Packet packet = packets.next();
            byte[] bytes = codec.encode(packet);
            ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 1));
            assertThrows(CodecException.class, () -> codec.decode(packet.kind(), longer));
        }
    }

    /** Whatever the bytes, there is a packet or a CodecException; and a packet can be sent on, and is the same one there. */
    @Test
    public void brokenBlocksGiveAPacketThatCanBeCarriedOrACodecException() throws CodecException {
        Random random = new Random(4);
        RandomPackets packets = new RandomPackets(5);
        int refused = 0;
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            Packet packet = packets.next();
            byte[] bytes = codec.encode(packet);
            for (int changes = random.nextInt(4); changes >= 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Kind kind = random.nextInt(8) == 0 ? Kind.values()[random.nextInt(Kind.values().length)] : packet.kind();
            if (decodes(kind, bytes)) {
                read++;
            } else {
                refused++;
            }
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            for (Kind kind : Kind.values()) {
                if (decodes(kind, bytes)) {
                    read++;
                } else {
                    refused++;
                }
            }
        }
        assertTrue(read + " read, " + refused + " refused", read > 1000 && refused > 1000);
    }

    private boolean decodes(Kind kind, byte[] bytes) throws CodecException {
        Packet packet;
        try {
            packet = codec.decode(kind, ByteBuffer.wrap(bytes));
        } catch (CodecException e) {
            return false;
        }
        assertEquals(packet, codec.decode(kind, ByteBuffer.wrap(codec.encode(packet))));
        return true;
    }

    @Test
    public void whatTheVersionCannotCarryIsRefusedWhenEncoding() {
        String tooLong = "x".repeat(65536);
        List<Packet> bad = List.of(
                new ResponseHead(200, "\u0100", Fields.EMPTY, "", -1),
                new ResponseHead(70000, "", Fields.EMPTY, "", -1),
                new ResponseHead(-1, "", Fields.EMPTY, "", -1),
                new Trailers(Fields.of("a", "\u20ac")),
                new Trailers(Fields.of("\u20ac", "")),
                new Trailers(Fields.of(tooLong, "")),
                new Trailers(Fields.of("a", tooLong)),
                new Trailers(Fields.of("Date", tooLong)),
                new Trailers(EveryVersionTest.many(65536, "a", "b")),
                new Trailers(EveryVersionTest.many(17_000, "DNT", "1")),
                new ResponseHead(200, "OK", Fields.of("a", "x".repeat(40_000), "b", "x".repeat(40_000)), "", -1),
                new Register("n", new byte[65536], ""));
        for (Packet packet : bad) {
            assertThrows(packet.toString(), CodecException.class, () -> codec.encode(packet));
        }
    }

    @Test
    public void aFewBytesDoNotStandForMany() {
        // GET https HTTP/1.1, an authority of 16000 bytes, and 100 times "Host: that authority" in a byte each
        ByteBuffer block = ByteBuffer.allocate(17_000).put(hex("09 40")).put(hex("ff 2e 90")).put(new byte[16_000]).put(hex("01 2f 00 64")).put(new byte[100]).flip();
        assertRefused(Kind.REQUEST, block, "in full, over 66560");
        // the same with few of them is a request
        ByteBuffer three = ByteBuffer.allocate(17_000).put(hex("09 40")).put(hex("ff 2e 90")).put(new byte[16_000]).put(hex("01 2f 00 03")).put(new byte[3]).flip();
        RequestHead head = (RequestHead) decode(Kind.REQUEST, three);
        assertEquals(16_000, head.authority().length());
        assertSame("one string for all", head.authority(), head.fields().value(2));
    }

    @Test
    public void numbersThatCannotBeAreRefused() {
        assertRefused(Kind.TRAILERS, "ff ff ff 00 00", "fields is cut short");
        assertRefused(Kind.TRAILERS, "ff", "field count is cut short");
        assertRefused(Kind.TRAILERS, "f0", "field count is cut short");
        assertRefused(Kind.TRAILERS, "01 f1 0f", "field 511 is not in the dictionary");
        assertRefused(Kind.TRAILERS, "01 00", "takes its value from the AUTHORITY");
        assertRefused(Kind.TRAILERS, "01 78", "takes its value from the LENGTH");
        assertRefused(Kind.RESPONSE, "01 00 01 78", "takes its value from the LENGTH");
        assertRefused(Kind.RESPONSE, "01 02 00 05 00", "length is longer than it needs to be");
        assertRefused(Kind.RESPONSE, "01 08 ff ff ff ff ff ff ff ff 00", "length is longer than it needs to be");
        assertRefused(Kind.RESPONSE, "01 09 01 02 03 04 05 06 07 08 09 00", "length of 9 bytes");
        assertRefused(Kind.RESPONSE, "7f 00 00", "status 127 is not in the table");
        assertRefused(Kind.RESPONSE, "80 00 00 c8 00 00", "status 0 is not in the table");
        assertRefused(Kind.RESPONSE, "01 20 00", "a bit is set that must not be");
        assertRefused(Kind.REQUEST, "f9 40 00 01 2f 00 00", "method 31 is not in the table");
        assertRefused(Kind.REQUEST, "0f 40 00 01 2f 00 00", "protocol 7 is not in the table");
        assertRefused(Kind.REQUEST, "09 e0 00 01 2f 00 00", "scheme 7 is not in the table");
        byte[] large = new byte[66_560];
        large[0] = (byte) 0xFF;
        large[1] = (byte) 0xF0;
        assertRefused(Kind.TRAILERS, ByteBuffer.wrap(large), "65520 fields, over 16640");
        large[0] = 1;
        large[1] = (byte) 0xFF;
        large[2] = (byte) 0xF2;
        large[3] = 0x10;
        assertRefused(Kind.TRAILERS, ByteBuffer.wrap(large), "field name has 65536 bytes, over 65535");
    }

    @Test
    public void exceptionsNeverRepeatContent() {
        for (Packet packet : List.<Packet>of(new Trailers(Fields.of("Cookie", "topsecret\u20ac")), new Trailers(Fields.of("topsecret\u20ac", "")))) {
            String message = assertThrows(CodecException.class, () -> codec.encode(packet)).getMessage();
            assertFalse(message, message.contains("topsecret"));
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.ofDelimiter(" ").parseHex(text);
    }

    private Packet decode(Kind kind, ByteBuffer block) {
        try {
            return codec.decode(kind, block);
        } catch (CodecException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(Kind kind, String block, String why) {
        assertRefused(kind, ByteBuffer.wrap(hex(block)), why);
    }

    private void assertRefused(Kind kind, ByteBuffer block, String why) {
        String message = assertThrows(CodecException.class, () -> codec.decode(kind, block)).getMessage();
        assertTrue(message, message.contains(why));
    }
}

package io.adit.codec.v1;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Kind;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import org.junit.Test;

public class CodecV1Test {

    private final CodecV1 codec = new CodecV1();

    private static final List<Packet> SAMPLES = List.of(
            new RequestHead("GET", "http", "demo.localhost:8080", "/", "HTTP/1.1", Fields.of("Host", "demo.localhost:8080"), "127.0.0.1:5000", "", -1),
            new RequestHead("m-search", "https", "a", "//%2F..;|?", "HTTP/1.0",
                    Fields.of("X", "", "x", "\u00e9\u00ff", "X", "a, b", "Content-Length", "5"), "[::1]:1", "websocket", 5),
            new RequestHead("POST", "http", "a", "/" + "x".repeat(8000), "HTTP/2.0", Fields.EMPTY, "", "", Long.MAX_VALUE),
            new ResponseHead(200, "OK", Fields.of("Set-Cookie", "a=1", "Set-Cookie", "b=2"), "", 0),
            new ResponseHead(101, "", Fields.EMPTY, "websocket", -1),
            new ResponseHead(599, "\u00e4", Fields.of("a", "b".repeat(60000)), "", -1),
            new Trailers(Fields.of("Grpc-Status", "0")),
            new Trailers(Fields.EMPTY),
            new Register("demo", new byte[] {1, 2, 3}, "adit/1"),
            new Register("demo", new byte[32], "adit/1", new byte[] {4, 5}, Fields.of("notify", "a@b.example", "notify", "")),
            new Registered("demo", "proxy-1", "127.0.0.1", 65535, "http://demo.localhost/", new byte[32], new byte[0]),
            new Registered("demo", "proxy-1", "127.0.0.1", 0, "", new byte[0], new byte[300], Fields.of("cert", "off")));

    @Test
    public void everyPacketComesBackAsItWas() throws CodecException {
        for (Packet packet : SAMPLES) {
            byte[] bytes = codec.encode(packet);
            assertEquals(packet, codec.decode(packet.kind(), ByteBuffer.wrap(bytes)));
            assertArrayEquals("the second time gives the same bytes", bytes, codec.encode(codec.decode(packet.kind(), ByteBuffer.wrap(bytes))));
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3).position(3);
            direct.put(bytes).position(3);
            assertEquals(packet, codec.decode(packet.kind(), direct.slice().asReadOnlyBuffer()));
        }
    }

    @Test
    public void everyTruncationIsRefused() throws CodecException {
        for (Packet packet : SAMPLES) {
            byte[] bytes = codec.encode(packet);
            for (int length = 0; length < bytes.length; length += 1 + length / 50) {
                ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
                assertThrows(packet + " cut at " + length, CodecException.class, () -> codec.decode(packet.kind(), cut));
            }
        }
    }

    @Test
    public void leftOverBytesAreRefused() throws CodecException {
        for (Packet packet : SAMPLES) {
            byte[] bytes = codec.encode(packet);
            ByteBuffer longer = ByteBuffer.allocate(bytes.length + 1).put(bytes).position(0);
            assertThrows(CodecException.class, () -> codec.decode(packet.kind(), longer));
        }
    }

    @Test
    public void whatTheVersionCannotCarryIsRefusedWhenEncoding() {
        String tooLong = "x".repeat(65536);
        Fields.Builder tooMany = Fields.builder();
        for (int i = 0; i < 65536; i++) {
            tooMany.add("a", "b");
        }
        List<Packet> bad = List.of(
                new ResponseHead(200, "\u0100", Fields.EMPTY, "", -1),
                new ResponseHead(70000, "", Fields.EMPTY, "", -1),
                new ResponseHead(-1, "", Fields.EMPTY, "", -1),
                new Trailers(Fields.of("a", "\u20ac")),
                new Trailers(Fields.of(tooLong, "")),
                new Trailers(Fields.of("a", tooLong)),
                new Trailers(tooMany.build()),
                new Register("n", new byte[65536], ""));
        for (Packet packet : bad) {
            assertThrows(CodecException.class, () -> codec.encode(packet));
        }
    }

    @Test
    public void aHugeFieldCountIsRefusedBeforeAnythingIsAllocated() {
        ByteBuffer block = ByteBuffer.wrap(new byte[] {(byte) 0xFF, (byte) 0xFF, 0, 0});
        CodecException e = assertThrows(CodecException.class, () -> codec.decode(Kind.TRAILERS, block));
        assertTrue(e.getMessage(), e.getMessage().contains("fields is cut short"));
    }

    @Test
    public void randomBytesNeverGiveAnythingButAPacketOrACodecException() {
        Random random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 20000; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i += 2) {
                bytes[i] = 0; // mostly small lengths, so that the reader gets further than the first string
            }
            for (Kind kind : Kind.values()) {
                try {
                    assertEquals(kind, codec.decode(kind, ByteBuffer.wrap(bytes)).kind());
                } catch (CodecException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    public void exceptionsNeverRepeatContent() {
        List<String> messages = new ArrayList<>();
        for (Packet packet : List.<Packet>of(new Trailers(Fields.of("Cookie", "topsecret\u20ac")), new Trailers(Fields.of("topsecret\u20ac", "")))) {
            messages.add(assertThrows(CodecException.class, () -> codec.encode(packet)).getMessage());
        }
        assertFalse(messages.toString(), messages.toString().contains("topsecret"));
    }
}

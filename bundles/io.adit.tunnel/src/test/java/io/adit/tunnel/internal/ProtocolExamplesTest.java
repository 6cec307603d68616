package io.adit.tunnel.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.ErrorCode;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import io.adit.codec.v1.CodecV1;
import org.junit.Test;

/** The hex dumps and tables of docs/PROTOCOL.md against the code. */
public class ProtocolExamplesTest {

    private final String document = read();
    private final Map<String, byte[]> dumps = dumps();
    private final CodecV1 codec = new CodecV1();

    private static String read() {
        try {
            return Files.readString(Path.of("../../docs/PROTOCOL.md"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Map<String, byte[]> dumps() {
        Map<String, byte[]> found = new LinkedHashMap<>();
        Matcher matcher = Pattern.compile("```hex (\\w+)\\n(.*?)```", Pattern.DOTALL).matcher(document);
        while (matcher.find()) {
            found.put(matcher.group(1), HexFormat.of().parseHex(matcher.group(2).replaceAll("\\s", "")));
        }
        return found;
    }

    private static byte[] frame(int type, int flags, int epoch, int stream, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(Wire.HEADER + payload.length);
        Wire.header(out, payload.length, type, flags, epoch, stream);
        return out.put(payload).array();
    }

    private void assertExample(String name, int type, int flags, int epoch, int stream, byte[] payload) throws ProtocolViolation {
        byte[] dump = dumps.remove(name);
        assertEquals(name, HexFormat.ofDelimiter(" ").formatHex(frame(type, flags, epoch, stream, payload)), HexFormat.ofDelimiter(" ").formatHex(dump));
        boolean[] seen = new boolean[1];
        FrameReader reader = new FrameReader((readType, readFlags, readEpoch, readStream, readPayload) -> {
            seen[0] = true;
            byte[] bytes = new byte[readPayload.remaining()];
            readPayload.get(bytes);
            assertArrayEquals(name, payload, bytes);
            assertEquals(name, List.of(type, flags, epoch, stream), List.of(readType, readFlags, readEpoch, readStream));
        });
        reader.trust();
        reader.read(ByteBuffer.wrap(dump));
        assertTrue(name, seen[0]);
    }

    private void assertExample(String name, int flags, int stream, Packet packet) throws Exception {
        byte[] block = codec.encode(packet);
        assertEquals(packet, codec.decode(packet.kind(), ByteBuffer.wrap(block)));
        byte[] payload = packet.kind() != Packet.Kind.REQUEST ? block : ByteBuffer.allocate(4 + block.length).putInt(65536).put(block).array();
        assertExample(name, packet.kind().code(), flags, 1, stream, payload);
    }

    @Test
    public void everyDumpIsWhatTheCodeWritesAndReads() throws Exception {
        byte[] nonce = new byte[32];
        Arrays.fill(nonce, (byte) 0xaa);
        Hello hello = new Hello(1, 1, nonce, List.of(1), 1024, 65536, "adit/0");
        byte[] helloDump = dumps.get("HELLO");
        Hello read = Hello.decode(ByteBuffer.wrap(helloDump, 12, helloDump.length - 12));
        assertEquals(List.of(hello.codecs(), hello.maxStreams(), hello.window(), hello.agent(), hello.minVersion(), hello.maxVersion()),
                List.of(read.codecs(), read.maxStreams(), read.window(), read.agent(), read.minVersion(), read.maxVersion()));
        assertExample("HELLO", Wire.HELLO, 0, 0, 0, hello.encode());
        assertExample("REGISTER", 0, 0, new Register("demo", new byte[] {1, 2, 3}, "adit/0", new byte[0], Fields.of("a", "bc")));
        assertExample("REGISTERED", 0, 0, new Registered("demo", "p", "127.0.0.1", 7443, "http://demo/", new byte[] {-1}, new byte[0]));
        assertExample("REQUEST", Wire.END, 1, new RequestHead("GET", "http", "d", "/a?", "HTTP/1.1", Fields.of("Host", "d"), "1.2.3.4:5", "", -1));
        assertExample("RESPONSE", 0, 1, new ResponseHead(200, "OK", Fields.EMPTY, "", 2));
        assertExample("DATA", Wire.DATA, Wire.END, 1, 1, "hi".getBytes(StandardCharsets.US_ASCII));
        assertExample("TRAILERS", Wire.END, 1, new Trailers(Fields.of("A", "b")));
        assertExample("WINDOW", Wire.WINDOW, 0, 1, 1, ByteBuffer.allocate(8).putLong(131072).array());
        assertExample("RESET", Wire.RESET, 0, 1, 1, ByteBuffer.allocate(2).putShort((short) ErrorCode.CANCEL.code()).array());
        assertExample("PING", Wire.PING, 0, 1, 0, ByteBuffer.allocate(16).putLong(1).putLong(0).array());
        assertExample("GOAWAY", Wire.GOAWAY, 0, 1, 0,
                ByteBuffer.allocate(10).putInt(7).putShort((short) ErrorCode.SHUTDOWN.code()).putInt(30_000).array());
        byte[] second = {0, 2};
        assertExample("CODEC_OFFER", Wire.CODEC_OFFER, 0, 1, 0, second);
        assertExample("CODEC_SWITCH", Wire.CODEC_SWITCH, 0, 1, 0, new byte[] {0, 2, 2});
        assertExample("CODEC_DECLINE", Wire.CODEC_DECLINE, 0, 1, 0, second);
        assertExample("CODEC_READY", Wire.CODEC_READY, 0, 3, 0, second);
        assertEquals("no dump without a check", Map.of(), dumps);
    }

    @Test
    public void theTableOfTypesIsTheCodes() {
        Matcher row = Pattern.compile("^\\| 0x(\\w\\w) \\| (\\w+) \\|.*\\| (\\d+) \\|[^|]*\\|$", Pattern.MULTILINE).matcher(document);
        int rows = 0;
        while (row.find()) {
            rows++;
            int type = Integer.parseInt(row.group(1), 16);
            assertEquals(row.group(2), Wire.name(type));
            int limit = Integer.parseInt(row.group(3));
            assertTrue(row.group(2), limit == Wire.limit(type) || limit < Wire.MAX_CONTROL);
        }
        assertEquals(15, rows);
    }

    @Test
    public void theTableOfErrorCodesIsTheEnum() {
        Matcher row = Pattern.compile("^\\| (\\d+) \\| (\\w+) \\| (stream|session|both) \\|", Pattern.MULTILINE).matcher(document);
        int rows = 0;
        while (row.find()) {
            assertEquals(rows, Integer.parseInt(row.group(1)));
            assertEquals(row.group(2), ErrorCode.of(rows).name());
            rows++;
        }
        assertEquals(ErrorCode.values().length, rows);
    }
}

package io.adit.codec.v2;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import io.adit.codec.v1.CodecV1;
import org.junit.Test;

/** Section 13 of docs/PROTOCOL.md against the code: the frozen tables, the hex dumps, and what heads take in both versions. */
public class ProtocolTest {

    private static final Map<String, Packet> EXAMPLES = new LinkedHashMap<>();

    static {
        EXAMPLES.put("REGISTER", new Register("demo", new byte[] {1, 2, 3}, "adit/0", new byte[0], Fields.of("a", "bc")));
        EXAMPLES.put("REGISTERED", new Registered("demo", "p", "127.0.0.1", 7443, "http://demo/", new byte[] {-1}, new byte[0]));
        EXAMPLES.put("REQUEST", new RequestHead("GET", "http", "d", "/a?", "HTTP/1.1", Fields.of("Host", "d"), "1.2.3.4:5", "", -1));
        EXAMPLES.put("UPLOAD", new RequestHead("PUT", "https", "d.example", "/a", "HTTP/2.0", Fields.of(
                "Host", "d.example", "content-type", "application/json", "content-length", "300", "X-Own", "1", "via", "2.0 adit",
                "Forwarded", "for=\"[2001:db8::7]\";host=\"d.example\";proto=https", "X-Forwarded-For", "2001:db8::7"), "[2001:db8::7]:443", "", 300));
        EXAMPLES.put("UPGRADE", new RequestHead("BREW", "http", "", "/", "HTTP/1.1", Fields.of("te", ""), "", "websocket", -1));
        EXAMPLES.put("RESPONSE", new ResponseHead(200, "OK", Fields.EMPTY, "", 2));
        EXAMPLES.put("OTHER", new ResponseHead(299, "Fine", Fields.of("ETAG", "\"\u00e4\"", "ETag", "\"1\""), "", -1));
        EXAMPLES.put("SILENT", new ResponseHead(404, "", Fields.of("Content-Length", "0", "Content-Length", "00"), "", 0));
        EXAMPLES.put("TRAILERS", new Trailers(Fields.of("A", "b", "x-own", "", "Date", "")));
    }

    private final String document = read();

    private static String read() {
        try {
            return Files.readString(Path.of("../../docs/PROTOCOL.md"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Map<String, String> blocks(String kind) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher matcher = Pattern.compile("```" + kind + " (\\w+)\\n(.*?)```", Pattern.DOTALL).matcher(document);
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }

    private static String numbered(List<String> rows, int first) {
        return IntStream.range(first, rows.size()).mapToObj(i -> i + " " + rows.get(i) + "\n").collect(Collectors.joining());
    }

    @Test
    public void theTablesAreTheCodes() {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("methods", numbered(java.util.Arrays.asList(Heads.METHODS), 1));
        expected.put("schemes", numbered(java.util.Arrays.asList(Heads.SCHEMES), 1));
        expected.put("protocols", numbered(java.util.Arrays.asList(Heads.PROTOCOLS), 1));
        expected.put("statuses", numbered(IntStream.range(0, Heads.STATUSES.length).mapToObj(i -> Heads.STATUSES[i] + " " + Heads.REASONS[i]).toList(), 1));
        expected.put("fields", numbered(Rows.TEXT.lines().toList(), 0));
        assertEquals(expected, blocks("codec2"));
    }

    @Test
    public void theRowsFitTheirNumbers() {
        assertTrue("numbers below 512", 2 * Rows.TEXT.lines().count() <= Dictionary.LITERAL);
        assertEquals("no row twice", Rows.TEXT.lines().count(), Rows.TEXT.lines().distinct().count());
        assertTrue("five bits", Heads.METHODS.length <= 32 && Heads.PROTOCOLS.length <= 8 && Heads.SCHEMES.length <= 8 && Heads.STATUSES.length <= 128);
        assertEquals(Heads.STATUSES.length, Heads.REASONS.length);
        for (String row : Rows.TEXT.lines().toList()) {
            String name = row.replaceFirst("(: | = ).*", "");
            assertEquals("a row for the name alone: " + name, 1, Rows.TEXT.lines().filter(name::equals).count());
        }
    }

    @Test
    public void everyDumpIsWhatTheCodeWritesAndReads() throws Exception {
        Map<String, String> dumps = blocks("hex2");
        assertEquals(EXAMPLES.keySet(), dumps.keySet());
        CodecV2 codec = new CodecV2();
        for (Map.Entry<String, Packet> example : EXAMPLES.entrySet()) {
            byte[] dump = HexFormat.of().parseHex(dumps.get(example.getKey()).replaceAll("#.*|\\s", ""));
            HexFormat hex = HexFormat.ofDelimiter(" ");
            assertEquals(example.getKey(), hex.formatHex(codec.encode(example.getValue())), hex.formatHex(dump));
            assertEquals(example.getKey(), example.getValue(), codec.decode(example.getValue().kind(), ByteBuffer.wrap(dump)));
        }
    }

    @Test
    public void theBytesOfTheComparisonAreThoseOfTheCodecs() throws Exception {
        for (Map.Entry<String, Packet> head : TypicalHeads.ALL.entrySet()) {
            int first = new CodecV1().encode(head.getValue()).length;
            int second = new CodecV2().encode(head.getValue()).length;
            String row = "| " + head.getKey() + " | " + first + " | " + second + " | ";
            assertTrue("PROTOCOL.md has no row " + row, document.contains(row));
        }
    }
}

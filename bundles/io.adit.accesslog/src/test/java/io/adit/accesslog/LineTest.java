package io.adit.accesslog;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import io.adit.accesslog.Settings.Format;
import io.adit.accesslog.Settings.Query;
import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.RequestListener.Timing;
import io.adit.api.packet.Fields;
import org.apache.felix.utils.json.JSONParser;
import org.junit.Test;

/** What the lines say, whatever a visitor sends. */
public class LineTest {

    private static final Instant AT = Instant.parse("2026-11-30T06:30:19.123Z");
    private static final Texts TEXTS = new Texts(Query.REDACTED, 100);
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /** Latin-1, a byte each: what a visitor means as UTF-8. */
    private static final String UMLAUT = new String("\u00fc".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    private static Begin begin(String method, String target, String... fields) {
        return new Begin(Side.PROXY, AT, "demo", "10.0.0.1:5", "192.0.2.1", "http", "demo.localhost:8080", method, target, "HTTP/1.1", Fields.of(fields));
    }

    private static End end(How how, int status, long bytes) {
        return new End(how, status, how == How.BROKEN ? ErrorCode.SESSION_LOST : ErrorCode.NONE, how == How.OWN ? "offline" : "", how == How.OWN ? "" : "s1",
                how == How.OWN ? 0 : 2, TRACE, 3, bytes, new Timing(how == How.OWN ? -1 : 1_000_400, 2_000_000, 3_000_000, 12_345_678));
    }

    /** The server refused it before it knew more. */
    private static Begin unread() {
        return new Begin(Side.PROXY, AT, "", "10.0.0.1:5", "192.0.2.1", "http", "", "", "", "", Fields.EMPTY);
    }

    private static String combined(Begin begin, End end) {
        return new Combined(TEXTS, false, ZoneId.of("Europe/Berlin")).of(begin, end);
    }

    @Test
    public void whatIsNotKnownOfARefusedRequestIsADash() throws Exception {
        String line = combined(unread(), end(How.OWN, 400, 50));
        assertTrue(line, line.startsWith("192.0.2.1 - - [") && line.endsWith("] \"-\" 400 50 \"-\" \"-\""));
        String vhost = new Combined(TEXTS, true, ZoneId.of("Europe/Berlin")).of(unread(), end(How.OWN, 400, 0));
        assertTrue(vhost, vhost.startsWith("- 192.0.2.1 - - [") && vhost.endsWith("] \"-\" 400 - \"-\" \"-\""));
        String json = new JsonLine(TEXTS).of(unread(), end(How.OWN, 400, 50));
        assertTrue(json, json.contains("\"status\":400") && !json.contains("\"method\"") && !json.contains("\"target\""));
    }

    @Test
    public void combinedIsWhatApacheWrites() {
        assertEquals("192.0.2.1 - - [30/Nov/2026:07:30:19 +0100] \"GET /a?b=1 HTTP/1.1\" 200 2326 \"http://x.example/\" \"Mozilla/4.08 [en] (Win98; I ;Nav)\"",
                combined(begin("GET", "/a?b=1", "referer", "http://x.example/", "User-Agent", "Mozilla/4.08 [en] (Win98; I ;Nav)"), end(How.ANSWERED, 200, 2326)));
        assertEquals("192.0.2.1 - - [30/Nov/2026:07:30:19 +0100] \"HEAD - HTTP/1.1\" 499 - \"-\" \"-\"", combined(begin("HEAD", ""), end(How.GONE, 0, 0)));
        assertTrue(combined(begin("GET", "/"), end(How.BROKEN, 0, 0)).contains("\" 000 - "));
        assertEquals("demo.localhost:8080 192.0.2.1 - - [", new Combined(TEXTS, true, ZoneId.of("UTC")).of(begin("GET", "/"), end(How.OWN, 503, 1)).substring(0, 35));
    }

    @Test
    public void nothingThatAVisitorSendsEndsALineOrAText() {
        String line = combined(begin("GET", "/\"x\\", "User-Agent", "a\r\nb\t\b\u000b\u0000\u007f\u00ff\"\\" + UMLAUT, "Referer", "\n127.0.0.1 - - [forged]"), end(How.ANSWERED, 200, 1));
        assertTrue(line, line.endsWith("\"GET /\\\"x\\\\ HTTP/1.1\" 200 1 \"\\n127.0.0.1 - - [forged]\" \"a\\r\\nb\\t\\b\\v\\x00\\x7f\\xff\\\"\\\\\\xc3\\xbc\""));
        assertTrue(line, line.chars().allMatch(c -> c >= ' ' && c < 0x7f));
    }

    @Test
    public void secretsAndWhatIsTooLongAreNotWritten() {
        Begin begin = begin("GET", "/a?token=abc&x=1", "Referer", "http://u:p@x/?password=abc", "Authorization", "Basic abc", "User-Agent", "x".repeat(500));
        String line = combined(begin, end(How.ANSWERED, 200, 1));
        assertTrue(line, !line.contains("abc") && line.contains("x=1"));
        assertTrue(line, line.endsWith(" \"" + "x".repeat(97) + "...\""));
        assertEquals("/a?token=abc&x=1", new Texts(Query.FULL, 100).target(begin));
        assertEquals("/a", new Texts(Query.NONE, 100).target(begin));
        assertEquals("/a", new Texts(Query.NONE, 100).target(begin("GET", "/a#b?c")));
        assertEquals("http://u:p@x/", new Texts(Query.NONE, 100).referer(begin));
    }

    /** A method is any token, as long as the server takes a line. */
    @Test
    public void aLongMethodIsCutToo() throws Exception {
        Begin begin = begin("M".repeat(78_000), "/");
        String line = combined(begin, end(How.OWN, 405, 1));
        assertTrue(line.length() + " characters", line.contains("] \"" + "M".repeat(97) + "... / HTTP/1.1\" 405 "));
        assertEquals("M".repeat(97) + "...", json(begin, end(How.OWN, 405, 1)).get("method"));
    }

    private static Map<String, Object> json(Begin begin, End end) throws Exception {
        String line = new JsonLine(TEXTS).of(begin, end);
        assertTrue(line, line.chars().allMatch(c -> c >= ' '));
        return new JSONParser(line).getParsed();
    }

    @Test
    public void jsonHasTheTimesOfEachLeg() throws Exception {
        Map<String, Object> line = json(begin("POST", "/x?code=abc", "User-Agent", "curl/8"), end(How.ANSWERED, 201, 9));
        assertEquals("2026-11-30T06:30:19.123Z proxy demo 192.0.2.1 10.0.0.1:5 http demo.localhost:8080 POST /x?code=[redacted] HTTP/1.1 201 answered 3 9", String.join(" ",
                List.of("time", "side", "name", "visitor", "client", "scheme", "host", "method", "target", "protocol", "status", "end", "request_bytes", "response_bytes")
                        .stream().map(key -> String.valueOf(line.get(key))).toList()));
        assertEquals("1 2 3 12.346 s1 2 curl/8 0af7651916cd43dd8448eb211c80319c", String.join(" ", List.of("open_ms", "sent_ms", "head_ms", "total_ms", "session",
                "codec", "agent", "trace").stream().map(key -> String.valueOf(line.get(key))).toList()));
        assertTrue(line.toString(), !line.containsKey("error") && !line.containsKey("code") && !line.containsKey("referer"));
    }

    @Test
    public void jsonOfWhatFailed() throws Exception {
        Map<String, Object> own = json(begin("GET", "/"), end(How.OWN, 503, 9));
        assertEquals("own offline 503", own.get("end") + " " + own.get("error") + " " + own.get("status"));
        assertTrue(own.toString(), !own.containsKey("open_ms") && !own.containsKey("session") && !own.containsKey("codec"));
        assertEquals("session-lost", json(begin("GET", "/"), end(How.BROKEN, 200, 9)).get("code"));
    }

    @Test
    public void jsonHoldsAnything() throws Exception {
        String hostile = "a\"\\\r\n\u0000\u007f\u0085" + UMLAUT;
        assertEquals("as Latin-1 where it is no UTF-8", hostile, json(begin("GET", "/", "User-Agent", hostile), end(How.ANSWERED, 200, 1)).get("agent"));
        assertEquals("\u00fc", json(begin("GET", "/", "User-Agent", UMLAUT), end(How.ANSWERED, 200, 1)).get("agent"));
    }

    private static AccessLogConfig config(Map<String, Object> values) {
        return (AccessLogConfig) Proxy.newProxyInstance(AccessLogConfig.class.getClassLoader(), new Class<?>[] {AccessLogConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName().equals("text_max") || method.getName().equals("queue_max_bytes")
                        ? method.getName().replace('_', '.') : method.getName(), method.getDefaultValue()));
    }

    @Test
    public void aBadValueNamesPidKeyAndRange() {
        Map<String, Object> bad = Map.of("format", "Combined", "query", "", "text.max", 15, "queue.max.bytes", 1);
        bad.forEach((key, value) -> {
            String message = assertThrows(key, IllegalArgumentException.class, () -> Settings.of(config(Map.of(key, value)))).getMessage();
            assertTrue(message, message.startsWith("io.adit.accesslog: " + key + " must be "));
        });
        assertEquals(new Settings(Format.NONE, Query.REDACTED, 2048, 4194304), Settings.of(config(Map.of())));
        assertTrue(AccessLog.line(Settings.of(config(Map.of("format", "json")))) instanceof JsonLine);
        assertTrue(AccessLog.line(Settings.of(config(Map.of("format", "vhost_combined")))) instanceof Combined);
    }
}

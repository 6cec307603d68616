package io.adit.console;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.How;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.junit.Test;

public class ExportTest {

    private final RequestLog log = new RequestLog(10, 1_000_000, 1000);

    private Captured.Now request(String method, String target, String body, String... fields) {
        log.bodies("demo", Instant.now().plusSeconds(60));
        Captured captured = log.begin(Requests.begin("demo", method, target, fields));
        if (body != null) {
            Requests.body(captured, body);
        }
        captured.head(200, Fields.of("Content-Type", "text/plain", "Location", "/next"));
        captured.end(Requests.end(How.ANSWERED, 200, ErrorCode.NONE, "", body == null ? 0 : body.getBytes(StandardCharsets.UTF_8).length, 2));
        return captured.now();
    }

    @Test
    public void curlForAShell() {
        assertEquals("curl --include --globoff --path-as-is \\\n  --header 'Accept: */*' \\\n  --header 'X-Empty;' \\\n  'http://demo.localhost:8080/a?b=c&d'",
            Export.curl(request("GET", "/a?b=c&d", null, "Host", "demo.localhost:8080", "Accept", "*/*", "X-Empty", "", "Connection", "close")));
        assertEquals("curl --include --globoff --path-as-is --request POST \\\n  --header 'X: it'\\''s; rm -rf $(x) `y`' \\\n  --data-raw '{\"a\": '\\''b'\\''}' \\\n"
            + "  http://demo.localhost:8080/", Export.curl(request("POST", "/", "{\"a\": 'b'}", "X", "it's; rm -rf $(x) `y`", "Content-Length", "9")));
        assertTrue(Export.curl(request("HEAD", "/", null)).contains("--path-as-is --head"));
        assertTrue(Export.curl(request("PUT", "/", "a\0b")).startsWith("printf '%s' YQBi | base64 -d | curl "));
        assertTrue("obs-text of UTF-8", Export.curl(request("GET", "/", null, "X", new String("\u00fc".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
            .contains("'X: \u00fc'"));
    }

    @Test
    public void curlRunsInARealShell() throws Exception {
        // instead of curl, who prints the arguments, each in brackets
        String value = "a'b\"c $HOME `id` \\ \t !x; | & <script> \u202e";
        String line = Export.curl(request("GET", "/a'b?<x>", null, "X", new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        Process shell = new ProcessBuilder("sh", "-c", "curl() { printf '[%s]' \"$@\"; }; " + line).redirectErrorStream(true).start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("[--include][--globoff][--path-as-is][--header][X: " + value + "][http://demo.localhost:8080/a'b?<x>]", out);
        assertEquals(0, shell.waitFor());
    }

    @Test
    @SuppressWarnings("unchecked")
    public void har() {
        request("POST", "/a?b=c&d", "hello", "Content-Type", "text/plain", "Cookie", "x");
        log.begin(Requests.begin("demo", "GET", "/running"));
        Map<String, Object> har = (Map<String, Object>) Export.har(log.all(each -> true), "1.0").get("log");
        List<Map<String, Object>> entries = (List<Map<String, Object>>) har.get("entries");
        assertEquals("only what is over", 1, entries.size());
        assertEquals("{\"startedDateTime\":\"2026-01-02T03:04:05.006Z\",\"time\":12,\"request\":{\"method\":\"POST\",\"url\":\"http:\\/\\/demo.localhost:8080\\/a?b=c&d\","
            + "\"httpVersion\":\"HTTP\\/1.1\",\"cookies\":[],\"headers\":[{\"name\":\"Content-Type\",\"value\":\"text\\/plain\"},{\"name\":\"Cookie\",\"value\":\"[redacted]\"}],"
            + "\"queryString\":[{\"name\":\"b\",\"value\":\"c\"},{\"name\":\"d\",\"value\":\"\"}],\"headersSize\":-1,\"bodySize\":5,\"postData\":{\"mimeType\":\"text\\/plain\","
            + "\"text\":\"hello\"}},\"response\":{\"status\":200,\"statusText\":\"\",\"httpVersion\":\"HTTP\\/1.1\",\"cookies\":[],\"headers\":[{\"name\":\"Content-Type\","
            + "\"value\":\"text\\/plain\"},{\"name\":\"Location\",\"value\":\"\\/next\"}],\"content\":{\"size\":2,\"mimeType\":\"text\\/plain\"},\"redirectURL\":\"\\/next\","
            + "\"headersSize\":-1,\"bodySize\":2},\"cache\":{},\"timings\":{\"blocked\":1,\"dns\":-1,\"connect\":-1,\"ssl\":-1,\"send\":1,\"wait\":8,\"receive\":2},"
            + "\"comment\":\"demo answered\"}", Json.text(entries.get(0)).replace("\\/", "/").replace("/", "\\/"));
    }

    @Test
    public void hostileTextsAreOneJsonString() {
        String text = Json.text(Json.object("a", "</script><script>\"'\\\u2028\u202e\0\n"));
        assertFalse(text, text.contains("\n") || text.contains("\u2028") || text.contains("\0") || text.contains("</script"));
    }

    @Test
    public void whatIsSentAgain() {
        RequestHead head = Replay.head(request("POST", "/a", "hello", "Host", "demo.localhost:8080", "Cookie", "x", "X", "y", "Connection", "X2", "Content-Length", "5"));
        assertEquals("POST demo.localhost:8080 /a 5", head.method() + " " + head.authority() + " " + head.target() + " " + head.length());
        assertEquals(Fields.of("Host", "demo.localhost:8080", "X", "y", "Via", "1.1 adit", "Content-Length", "5"), head.fields());
        assertNull("a secret that is not kept", Replay.head(request("GET", "/?token=x", null)));
        assertEquals("no body, no length", -1, Replay.head(request("GET", "/", null)).length());
    }
}

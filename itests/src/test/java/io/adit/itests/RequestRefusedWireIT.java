package io.adit.itests;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.ClassRule;
import org.junit.Test;

/**
 * What two servers could read in two ways is read by none: refused, the connection closed, and nothing of it reaches the origin
 * (RFC 9112 sections 2.2, 3, 5.1, 6 and 11.2).
 */
public class RequestRefusedWireIT {

    @ClassRule
    public static final WireSite SITE = new WireSite();

    /** What a victim's server would take for a request of its own. */
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: demo.localhost\r\n\r\n";

    private final WireSite.Table table = new WireSite.Table();

    private static String host() {
        return "Host: " + SITE.host() + "\r\n";
    }

    private void refused(String status, Map<String, String> rows) {
        rows.forEach((name, request) -> table.row(name + ": " + request, status + " closed", () -> SITE.refusal(request)));
        table.check();
    }

    /** Rows of a POST with these lines besides Host, and a body. */
    private void refusedLines(String body, String... rows) {
        Map<String, String> requests = new LinkedHashMap<>();
        for (String lines : rows) {
            requests.put(lines, "POST /x HTTP/1.1\r\n" + host() + lines + "\r\n\r\n" + body);
        }
        refused("400", requests);
    }

    @Test
    public void twoWaysToTellTheLength() {
        refusedLines("0\r\n\r\n" + SMUGGLED, "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 0\r\nTransfer-Encoding: chunked", "content-length: 5\r\ntransfer-encoding: Chunked", "Transfer-Encoding: chunked\r\nContent-Length: x");
    }

    @Test
    public void contentLengths() {
        refusedLines("abcde" + SMUGGLED, "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nX: y\r\ncontent-length: 0", "Content-Length: 5, 6",
            "Content-Length: +5", "Content-Length: -5", "Content-Length: 0x5", "Content-Length: 5 5", "Content-Length: 5;", "Content-Length: 5.0", "Content-Length: ",
            "Content-Length: five", "Content-Length: 9223372036854775808", "Content-Length: 99999999999999999999999", "Content-Length: 18446744073709551621",
            "Content-Length: 5_0", "Content-Length: 9223372036854775807", "Content-Length: 1000000000000000000", "Content-Length: 0000000000000000005", "Content-Length: \u0665", "Content-Length: '5'", "Content-Length: 5,", "Content-Length: ,5");
    }

    /** RFC 9110 section 8.6 allows a recipient to refuse or to collapse them: there is nothing to win with them. */
    @Test
    public void repeatedContentLengths() {
        refusedLines("abcde", "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5, 5", "Content-Length: 5\r\nContent-Length: 05");
    }

    @Test
    public void transferCodings() {
        refusedLines("0\r\n\r\n" + SMUGGLED, "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx",
            "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked;a=b", "Transfer-Encoding: \u000bchunked", "Transfer-Encoding:\u00a0chunked", "Transfer-Encoding: identity",
            "Transfer-Encoding: ", "Transfer-Encoding: ,", "Transfer-Encoding: identity\r\nContent-Length: 5", "Transfer-Encoding: chunk");
    }

    /** Of a coding that is unknown here it could not be told where the body ends; one that is taken off here would change it. */
    @Test
    public void codingsBeforeChunked() {
        for (String coding : new String[] {"gzip, chunked", "gzip", "deflate, chunked", "gzip\r\nTransfer-Encoding: chunked", "identity, chunked", "x, chunked"}) {
            table.row(coding, true, () -> SITE.refusal("POST /x HTTP/1.1\r\n" + host() + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n").matches("(400|501) closed"));
        }
        table.check();
    }

    @Test
    public void chunkedIsNotOfHttp10() {
        refused("501", Map.of("TE", "POST /x HTTP/1.0\r\n" + host() + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED));
    }

    @Test
    public void chunks() {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String body : new String[] {"x\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "3 \u000b\r\nabc\r\n0\r\n\r\n",
            ";a=b\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n", "3\r\nabcXX0\r\n\r\n", "10000000000000003\r\nabc\r\n0\r\n\r\n", "fffffffffffffffff\r\nabc", "3\rabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "3;a\nabc\r\n0\r\n\r\n", "3;a\"\r\n\"\r\nabc\r\n0\r\n\r\n", "3;a=\"x\ny\"\r\nabc\r\n0\r\n\r\n", "3;\u0000\r\nabc\r\n0\r\n\r\n",
            "3\r\nabc\r\n0\r\nX\r\n\r\n", "3\r\nabc\r\n0\r\nX : y\r\n\r\n", "3\r\nabc\r\n0\r\n X: y\r\n\r\n", "3\r\nabc\r\n0\r\nX: a\u0000b\r\n\r\n"}) {
            rows.put(body, "POST /x HTTP/1.1\r\n" + host() + "Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED);
        }
        refused("400", rows);
    }

    @Test
    public void linesAndNames() {
        refusedLines("", "X-A: b\rX-C: d", "X-A: b\u0000c", "X-A: \u0000", "X\u0000-A: b", "X-A\r: b", "X-A: b\r\n c", "X-A: b\r\n\tc", "X-A : b", "X-A\t: b",
            " X-A: b", "\tX-A: b", "X A: b", "X-A", ": b", "X-\u00e9: b", "X(A): b", "X,A: b", "X/A: b", "X\"A: b", "X@A: b", "[X]: b", "X-A: b\u0001c", "X-A: b\u007fc",
            "X-A: b\r\r\n", "\r", "X-A: b\u000bc", "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", "Content-Length : 5", " Content-Length: 5", "Content-Length:\r\n 5",
            "Transfer-Encoding:\r\n chunked", "Transfer-Encoding\u0000: chunked", "X: y\rTransfer-Encoding: chunked");
    }

    @Test
    public void foldBeforeTheFirstField() {
        refused("400", Map.of("SP", "GET /x HTTP/1.1\r\n " + host() + "\r\n", "HTAB", "GET /x HTTP/1.1\r\n\tX: y\r\n" + host() + "\r\n"));
    }

    @Test
    public void hosts() {
        Map<String, String> rows = new LinkedHashMap<>();
        String good = SITE.host();
        rows.put("none", "GET /x HTTP/1.1\r\nX: y\r\n\r\n");
        for (String host : new String[] {"", " ", good + "\r\nHost: " + good, good + "\r\nhost: other.localhost", good + "," + good, "a, b", "user@" + good, "u:p@" + good,
            good + "/", good + "/x", good + "?x", good + "#x", "http://" + good, "demo.localhost:x", "demo.localhost:99999", "demo.localhost:-1", "demo.localhost:80:80",
            "demo.localhost:8 0", "demo localhost", "demo.localhost\t:80", "demo\\localhost", "demo.local\u00e9host", "demo%2elocalhost", "[::1", "::1", "[demo]", "demo..localhost",
            ".demo.localhost", "demo.localhost:+80", "<demo>", "demo.localhost:080000", ":80", "a\"b", "demo.localhost;x", "*"}) {
            rows.put("Host '" + host + "'", "GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        }
        refused("400", rows);
    }

    @Test
    public void requestLines() {
        for (String line : new String[] {"GET /x HTTP/1.1 ", " GET /x HTTP/1.1", "GET\t/x HTTP/1.1", "GET /x\tHTTP/1.1", "GET /x y HTTP/1.1",
            "GET /x HTTP/1.1 x", "GET /x HTTP/11", "GET /x HTTP/1", "GET /x HTTP/1.1.1", "GET /x HTTP/01.1", "GET /x HTTP/1.10", "GET /x HTTP/ 1.1",
            "GET /x HTTP 1.1", "GET /x HTTPS/1.1", "GET /x XTTP/1.1", "GET /x HTTP/a.b", "GET /x HTTP/+1.1", "GET /x HTTP/-1.1", "GET /x", "GET", "GET /x ", "/x HTTP/1.1",
            "GET /x HTTP/1.1\u0000", "GET /x HTTP/1.1\u000b", "GET\u0000 /x HTTP/1.1", "GET /x\r HTTP/1.1", "GET /x\u0000 HTTP/1.1", "\u00ff", "\u0016\u0003\u0001\u0002\u0000\u0001"}) {
            table.row(line, true, () -> SITE.refusal(line + "\r\n" + host() + "\r\n").matches("(400|505) closed"));
        }
        table.check();
    }

    @Test
    public void requestLinesThatAreNearlyRight() {
        for (String line : new String[] {"GET  /x HTTP/1.1", "GET /x  HTTP/1.1", "GET /x http/1.1", "GET /x Http/1.1"}) {
            table.row(line, "400 closed", () -> SITE.refusal(line + "\r\n" + host() + "\r\n"));
        }
        table.check();
    }

    /** Not ours to speak: 505 says so, and 400 will do. */
    @Test
    public void otherVersions() {
        for (String version : new String[] {"HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/0.9", "HTTP/0.0", "HTTP/9.9"}) {
            table.row(version, true, () -> SITE.refusal("GET /x " + version + "\r\n" + host() + "\r\n").matches("(400|505|426) closed"));
        }
        table.row("the preface of HTTP/2", true, () -> SITE.refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").matches("(400|505|426) closed"));
        table.check();
    }

    @Test
    public void anEmptyChunkSize() {
        refused("400", Map.of("no size", "POST /x HTTP/1.1\r\n" + host() + "Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n" + SMUGGLED));
    }

    @Test
    public void emptyLinesBetweenChunks() {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String body : new String[] {"3\r\nabc\r\n\r\n0\r\n\r\n", "3\r\nabc\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n\n0\r\n\r\n", "3\r\nabc\r\n\r\n\r\n\r\n0\r\n\r\n"}) {
            rows.put(body, "POST /x HTTP/1.1\r\n" + host() + "Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED);
        }
        refused("400", rows);
    }

    @Test
    public void lineFeedsAlone() {
        refused("400", Map.of("before a field", "GET /x HTTP/1.1\r\n" + host() + "X: y\nTransfer-Encoding: chunked\r\n\r\n", "in a field",
            "GET /x HTTP/1.1\r\n" + host() + "X-A: b\nX-C: d\r\n\r\n", "all", "GET /x HTTP/1.1\n" + host().replace("\r", "") + "\n", "line", "GET /x HTTP/1.1\n" + host() + "\r\n",
            "a field", "GET /x HTTP/1.1\r\n" + host().replace("\r", "") + "\r\n", "the last", "GET /x HTTP/1.1\r\n" + host() + "\n"));
    }

    /** RFC 9112 section 2.2: at least one empty line is ignored where a request line is expected. */
    @Test
    public void emptyLinesBeforeARequest() {
        table.row("one", "/x", () -> SITE.pass("\r\nGET /x HTTP/1.1\r\n" + host() + "\r\n").target());
        table.row("after a body, by old browsers", "/y", () -> {
            try (Wire wire = SITE.open()) {
                wire.send("POST /x HTTP/1.1\r\n" + host() + "Content-Length: 3\r\n\r\nabc\r\nGET /y HTTP/1.1\r\n" + host() + "\r\n");
                wire.read();
                wire.read();
                SITE.origin().next();
                return SITE.origin().next().target();
            }
        });
        table.check();
    }
}

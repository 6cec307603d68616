package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.ClassRule;
import org.junit.Test;

/** The fields of a request to the byte (RFC 9110 sections 5 and 7.6, RFC 9112 section 5). */
public class RequestFieldsWireIT {

    @ClassRule
    public static final WireSite SITE = new WireSite();

    private final WireSite.Table table = new WireSite.Table();

    private static String host() {
        return "Host: " + SITE.host() + "\r\n";
    }

    /** What the origin got of these field lines, sent after Host. */
    private static String fields(String lines) throws Exception {
        String head = SITE.pass("GET / HTTP/1.1\r\n" + host() + lines + "\r\n").head();
        String start = "GET / HTTP/1.1\r\n" + host();
        String end = SITE.ours() + "\r\n";
        return head.startsWith(start) && head.endsWith(end) ? head.substring(start.length(), head.length() - end.length()) : "ANOTHER HEAD " + head;
    }

    private void unchanged(String... rows) {
        for (String row : rows) {
            table.row(row, row, () -> fields(row));
        }
    }

    @Test
    public void orderRepeatsCaseAndBytesOfUnknownFields() {
        unchanged("X-B: 1\r\nX-A: 2\r\nX-B: 3\r\nx-b: 4\r\nX-a: 5\r\n", "X-Empty: \r\nx-EMPTY: \r\n", "X-Obs: \u0080\u00e9\u00ff\u00c3\u00a9\r\n",
            "X-Tab: a\tb  c\r\n", "X-Quote: \"a, \\\"b\",,c;=\r\n", "!#$%&'*+-.^_`|~09: x\r\n", "X-Colon: :a:b: \u00e9:\r\n", "a: b\r\n", "X-A: 1, 2\r\nX-A: 3\r\n");
        table.check();
    }

    @Test
    public void orderRepeatsAndValuesOfKnownFields() {
        unchanged("Accept: */*\r\nX-A: 1\r\nAccept: text/html\r\nUser-Agent: x\r\nAccept-Encoding: gzip;q=0\r\n", "Cookie: a=b; c=\"d\"\r\nCookie: e=\u00e9\r\n",
            "Authorization: Basic eA==\r\n", "Range: bytes=0-0,-1\r\n", "If-Match: W/\"x\"\r\nIf-None-Match: *\r\n", "Cache-Control: No-Store, x=\"y\"\r\n",
            "Content-Type: text/x-Y ; Charset=utf-9\r\n", "Content-Encoding: x-y\r\n", "Accept-Language: \r\n", "Origin: null\r\nReferer: http://x/|y\r\n",
            "Date: yesterday\r\n", "Server: mine\r\n", "Set-Cookie: odd\r\n", "Accept-Encoding: gzip\r\n", "Pragma: no-cache\r\n", "Host2: x\r\n");
        table.check();
    }

    @Test
    public void caseOfKnownValues() {
        unchanged("Cache-Control: NO-CACHE\r\n", "Content-Type: TEXT/HTML ; Charset=UTF-8\r\n", "Accept-Encoding: GZIP\r\n", "Content-Type: Text/Plain;charset=utf-8\r\n");
        table.check();
    }

    @Test
    public void caseOfKnownFields() {
        unchanged("accept: */*\r\n", "ACCEPT: */*\r\n", "user-agent: x\r\n", "cookie: a=b\r\n", "CONTENT-TYPE: x/y\r\n", "if-none-match: x\r\n", "accept-encoding: gzip\r\n");
        table.check();
    }

    private void placed(String length, String host) {
        String body = "abc";
        for (String method : new String[] {"POST", "PUT", "GET", "PROPFIND"}) {
            String head = method + " / HTTP/1.1\r\nX-A: 1\r\n" + length + ": 3\r\nX-B: 2\r\n" + host + ": " + SITE.host() + "\r\nX-C: 3\r\n";
            table.row(head, head + SITE.ours() + "\r\n" + body, () -> {
                RecordingOrigin.Seen seen = SITE.pass(head + "\r\n" + body);
                return seen.head() + seen.body();
            });
        }
        table.check();
    }

    @Test
    public void placeOfHostAndContentLength() {
        placed("Content-Length", "Host");
    }

    @Test
    public void caseOfHostAndContentLength() {
        placed("content-LENGTH", "hOST");
    }

    @Test
    public void whitespaceAroundValuesIsNotPartOfThem() {
        table.row("none", "X-A: b\r\n", () -> fields("X-A:b\r\n"));
        table.row("much", "X-A: b c\r\n", () -> fields("X-A: \t  b c \t \r\n"));
        table.row("only", "X-A: \r\n", () -> fields("X-A: \t \r\n"));
        table.row("nothing at all", "X-A: \r\n", () -> fields("X-A:\r\n"));
        table.check();
    }

    @Test
    public void whatBelongsToTheConnectionEndsHere() {
        String around = "X-A: 1\r\n";
        for (String field : new String[] {"Connection: keep-alive", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: trailers, deflate",
            "te: trailers", "Proxy-Authorization: Basic eA==", "Proxy-Authenticate: x", "Upgrade: h2c\r\nHTTP2-Settings: AAA\r\nConnection: Upgrade, HTTP2-Settings",
            "Connection: X-Gone\r\nX-Gone: 1", "X-Gone: 1\r\nX-gone: 2\r\nConnection: x-GONE , other", "connection:\r\nConnection: ,,x-gone,\r\nX-Gone: 1",
            "Connection: a, b\r\na: 1\r\nConnection: c\r\nb: 2\r\nc: 3", "Connection: close", "Connection: Keep-Alive, close\r\nKeep-Alive: 1"}) {
            table.row(field, around, () -> fields(field + "\r\n" + around));
            table.row(field, around, () -> fields(around + field + "\r\n"));
        }
        table.check();
    }

    @Test
    public void upgradeThatConnectionDoesNotNameIsNone() {
        table.row("Upgrade", "X-A: 1\r\n", () -> fields("Upgrade: websocket\r\nX-A: 1\r\n"));
        table.check();
    }

    /** Else a visitor could have a proxy remove what the origin relies on. */
    @Test
    public void connectionCannotTakeAwayWhatIsOurs() {
        table.row("ours", "", () -> fields("Connection: Via, Forwarded, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Port\r\n"));
        table.row("the message's", "Cookie: a\r\nAuthorization: b\r\nContent-Type: c/d\r\n",
            () -> fields("Connection: Host, Cookie, Authorization, Content-Type\r\nCookie: a\r\nAuthorization: b\r\nContent-Type: c/d\r\n"));
        table.row("its length", "POST / HTTP/1.1\r\n" + host() + "Content-Length: 3\r\n" + SITE.ours() + "\r\nabc", () -> {
            RecordingOrigin.Seen seen = SITE.pass("POST / HTTP/1.1\r\n" + host() + "Connection: Content-Length, Transfer-Encoding\r\nContent-Length: 3\r\n\r\nabc");
            return seen.head() + seen.body();
        });
        table.check();
    }

    @Test
    public void whatAVisitorSaysOfItselfIsNotBelieved() {
        for (String field : new String[] {"X-Forwarded-For: 1.2.3.4", "x-forwarded-for: 1.2.3.4", "X_Forwarded_For: 1.2.3.4", "X-Forwarded_For: 1.2.3.4",
            "X-Forwarded-Proto: https", "X-Forwarded-Host: evil", "X-Forwarded-Port: 1", "X-Forwarded-Server: evil", "X-Forwarded-Prefix: /x",
            "X-Forwarded-Ssl: on", "Forwarded: for=1.2.3.4", "FORWARDED: for=1.2.3.4;host=evil", "X-Real-IP: 1.2.3.4", "X-Client-IP: 1.2.3.4",
            "True-Client-IP: 1.2.3.4", "X-Cluster-Client-Ip: 1.2.3.4", "Proxy: http://evil"}) {
            table.row(field, "X-A: 1\r\n", () -> fields(field + "\r\nX-A: 1\r\n" + field + "\r\n"));
        }
        table.check();
    }

    @Test
    public void viaIsContinued() {
        table.row("of others before ours", "Via: 1.0 a, 1.1 b\r\nX-A: 1\r\n", () -> fields("Via: 1.0 a, 1.1 b\r\nX-A: 1\r\n"));
        table.row("names the version that came", "GET / HTTP/1.1\r\n" + host() + SITE.ours("1.0", SITE.host()) + "\r\n",
            () -> SITE.pass("GET / HTTP/1.0\r\n" + host() + "\r\n").head());
        table.check();
    }

    @Test
    public void hostPassesAsItCame() {
        String port = Integer.toString(SITE.port());
        for (String host : new String[] {"demo.localhost", "DEMO.LocalHost:" + port, "demo.localhost:1", "demo.localhost:80", "demo.localhost.", "demo.localhost.:81"}) {
            table.row(host, "GET / HTTP/1.1\r\nHost: " + host + "\r\n" + SITE.ours("1.1", host) + "\r\n",
                () -> SITE.pass("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").head());
        }
        table.check();
    }

    @Test
    public void sixtyFourKibibytesOfFieldsPass() {
        unchanged("X-Big: " + "x".repeat(65_000) + "\r\n");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            many.append("X-Field-").append(i).append(": ").append("y".repeat(300)).append("\r\n");
        }
        unchanged(many.toString());
        table.check();
    }

    /** To the last byte: the request line is not one of them. */
    @Test
    public void sixtyFourKibibytesAreTheLimit() {
        int room = 65_536 - host().length();
        unchanged("X-Big: " + "z".repeat(room - "X-Big: \r\n".length()) + "\r\n");
        table.check();
    }

    @Test
    public void moreIsRefused() {
        for (String lines : new String[] {"X-Big: " + "x".repeat(80_000) + "\r\n", ("X-A: " + "x".repeat(1000) + "\r\n").repeat(90), "X: y\r\n".repeat(5000),
            "x".repeat(100_000) + ": y\r\n"}) {
            table.row(lines.length() + " bytes", 431, () -> SITE.refusedStatus("GET / HTTP/1.1\r\n" + host() + lines + "\r\n"));
        }
        table.check();
    }

    @Test
    public void aRefusalForSizeTellsWhy() throws Exception {
        try (Wire wire = SITE.open()) {
            wire.send("GET / HTTP/1.1\r\n" + host() + "X: y\r\n".repeat(400) + "\r\n");
            Wire.Reply reply = wire.read();
            assertEquals(431, reply.status());
            assertTrue(reply.body(), reply.body().contains("head of this request is larger"));
        }
    }
}

package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** Status line and fields of a response: what the origin sent is what the browser gets, byte for byte. */
public class ResponseWireIT extends WireTest {

    /** Answered with these bytes, a GET gets those. */
    private void check(String name, String answer, String expected) {
        inCase(name, () -> {
            origin.answer("/case", answer);
            WireBrowser wire = wire().ask("GET /case");
            wire.expect(expected);
            probe(wire);
        });
    }

    private void same(String name, String answer) {
        check(name, answer, answer);
    }

    private void sameLine(String line) {
        same(line, line + "\r\n" + DATE + "Content-Length: 2\r\n\r\nok");
    }

    private void sameFields(String name, String fields) {
        same(name, "HTTP/1.1 200 OK\r\n" + DATE + fields + "Content-Length: 2\r\n\r\nok");
    }

    private void fields(String name, String sent, String expected) {
        check(name, "HTTP/1.1 200 OK\r\n" + DATE + sent + "Content-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\n" + DATE + expected + "Content-Length: 2\r\n\r\nok");
    }

    @Test
    public void theStatusLineIsTheOrigins() {
        for (String line : new String[] {"HTTP/1.1 200 OK", "HTTP/1.1 200 Fine, thanks", "HTTP/1.1 200 ", "HTTP/1.1 404 ", "HTTP/1.1 404 OK",
            "HTTP/1.1 200 a\tb  c (d) \"e\" <f>", "HTTP/1.1 200 tr\u00e8s bien \u00ff\u0080", "HTTP/1.1 299 ", "HTTP/1.1 299 Two Nine Nine",
            "HTTP/1.1 599 ", "HTTP/1.1 599 Last", "HTTP/1.1 399 X", "HTTP/1.1 418 I'm a teapot", "HTTP/1.1 451 For Legal Reasons",
            "HTTP/1.1 500 Server Error", "HTTP/1.1 502 Not from Adit", "HTTP/1.1 200 " + "r".repeat(1000)}) {
            sameLine(line);
        }
    }

    @Test
    public void aStatusLineWithoutReasonGetsTheSpaceThatBelongsToIt() {
        check("no space", "HTTP/1.1 200\r\n" + DATE + "Content-Length: 2\r\n\r\nok", "HTTP/1.1 200 \r\n" + DATE + "Content-Length: 2\r\n\r\nok");
        check("HTTP/1.0", "HTTP/1.0 200 Old\r\n" + DATE + "Content-Length: 2\r\n\r\nok", "HTTP/1.1 200 Old\r\n" + DATE + "Content-Length: 2\r\n\r\nok");
    }

    @Test
    public void aReasonOfAnyLengthPassesWhole() {
        for (int length : new int[] {1024, 1025, 5000, 60_000}) {
            String reason = "r".repeat(length - 4) + " \u00e9: ";
            same(length + " bytes", "HTTP/1.1 200 " + reason + "end\r\nX: 1\r\n" + DATE + "Content-Length: 2\r\n\r\nok");
            same(length + " bytes of 299", "HTTP/1.1 299 " + reason + "end\r\n" + DATE + "Content-Length: 2\r\n\r\nok");
        }
        inCase("too long", () -> {
            origin.answerAndEnd("/case", "HTTP/1.1 200 " + "r".repeat(66_000) + "\r\n" + DATE + "Content-Length: 2\r\n\r\nok");
            WireBrowser wire = wire().ask("GET /case");
            assertEquals("502", wire.page());
            probe(wire);
        });
        inCase("too long with the fields", () -> {
            origin.answerAndEnd("/case", "HTTP/1.1 200 " + "r".repeat(33_000) + "\r\n" + DATE + "X: " + "x".repeat(33_000) + "\r\nContent-Length: 2\r\n\r\nok");
            WireBrowser wire = wire().ask("GET /case");
            assertEquals("502", wire.page());
            probe(wire);
        });
    }

    @Test
    public void statusesThatAreNoneAre502() {
        for (String status : new String[] {"600", "999", "099", "000", "99", "1000", "20", "2 0", "-20", "abc", ""}) {
            inCase(status, () -> {
                origin.answerAndEnd("/case", "HTTP/1.1 " + status + " X\r\nContent-Length: 6\r\n\r\nsecret");
                WireBrowser wire = wire().ask("GET /case");
                assertEquals("502", wire.page());
                probe(wire);
            });
        }
    }

    @Test
    public void fieldsKeepTheirOrderRepeatsAndCase() {
        sameFields("order", "Zulu: 1\r\nAlpha: 2\r\nMike: 3\r\nServer: s\r\nAccept-Ranges: none\r\nContent-Type: a/b\r\nBravo: 4\r\n");
        sameFields("repeats apart", "X-A: 1\r\nX-B: 2\r\nX-A: 3\r\nx-a: 4\r\nX-A: 1\r\n");
        sameFields("case of known", "content-TYPE: text/plain\r\nETAG: \"x\"\r\nlAST-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\nSERVER: X\r\n");
        sameFields("case of unknown", "x-UPPER-lower: AbC\r\nX-upper-LOWER: aBc\r\n");
        sameFields("case of known values", "Content-Type: TEXT/HTML;Charset=UTF-8\r\nCache-Control: NO-Cache\r\nContent-Encoding: GZIP\r\n");
        sameFields("odd names", "!#$%&'*+-.^_`|~09: token\r\nX: 1\r\n_: 2\r\n");
        sameFields("lists as they are", "Vary: a,b , ,c\r\nAllow: GET,,HEAD\r\nLink: <a>;rel=x, <b>;rel=y\r\nLink: <c>\r\n");
        sameFields("repeated single fields", "Location: /a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nETag: \"1\"\r\nETag: \"2\"\r\n");
        sameFields("a hundred", "X-Many: 1\r\n".repeat(100));
    }

    @Test
    public void valuesAreNotTouched() {
        sameFields("empty", "X-Empty: \r\nX-Full: 1\r\nContent-Type: \r\nETag: \r\n");
        sameFields("obs-text", "X-Latin: \u00e9\u00e8\u00ff\u0080\u00a0\r\nContent-Disposition: attachment; filename=\"\u00fc.txt\"\r\n");
        sameFields("UTF-8 bytes", "X-Utf: \u00e2\u0082\u00ac\r\nLocation: /\u00c3\u00a9\r\n");
        sameFields("inner space", "X-Space: a  b\tc   d\r\n");
        sameFields("quotes", "X-Quote: \"a\\\"b\", c=\"d;e\"\r\n");
        sameFields("commas and colons", "X-Time: 12:34:56, :, ::\r\n");
        sameFields("relative and odd locations", "Location: //other/%2F..;x?#y\r\nContent-Location: |[]{}\r\nRefresh: 0; url=http://a/\r\n");
        sameFields("bad dates", "Expires: 0\r\nLast-Modified: yesterday\r\n");
        sameFields("long", "X-Long: " + "v".repeat(30_000) + "\r\n");
        fields("space around", "X-Around: \t a b \t \r\nX-None:c\r\n", "X-Around: a b\r\nX-None: c\r\n");
    }

    @Test
    public void cookiesAreNeverJoined() {
        sameFields("Set-Cookie", "Set-Cookie: a=1; Expires=Mon, 01 Jan 2024 00:00:00 GMT\r\nX: 1\r\nset-cookie: b=2; HttpOnly\r\n"
            + "Set-Cookie: a=1; Path=/\r\nSet-Cookie: \r\nSet-Cookie: \u00e9={\"j\": [1, 2]}; Domain=.other.example\r\n");
    }

    @Test
    public void unknownAndEndToEndFieldsPass() {
        sameFields("security", "Strict-Transport-Security: max-age=1\r\nContent-Security-Policy: default-src 'none'\r\nAlt-Svc: h3=\":443\"\r\n");
        sameFields("challenge", "WWW-Authenticate: Basic realm=\"a\"\r\nWWW-Authenticate: Digest realm=\"b\", qop=\"auth\"\r\nAuthentication-Info: x\r\n");
        sameFields("codings", "Content-Encoding: gzip, br\r\nContent-Range: bytes 0-1/2\r\nContent-MD5: x\r\nDigest: y\r\nAge: 3\r\n");
        sameFields("Adit's own names", "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=x\r\nHost: x\r\nExpect: 100-continue\r\nProxy: x\r\n");
    }

    @Test
    public void dateAndServerAreTheOrigins() {
        check("no date", "HTTP/1.1 200 OK\r\nServer: mine/1\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nServer: mine/1\r\nContent-Length: 2\r\nDate: " + WireBrowser.DATE + "\r\n\r\nok");
        check("neither", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: " + WireBrowser.DATE + "\r\n\r\nok");
        same("its own spelling", "HTTP/1.1 200 OK\r\ndate: Monday, 01-Jan-24 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nok");
        same("two", "HTTP/1.1 200 OK\r\nDate: 1\r\nServer: a\r\nDate: 2\r\nServer: b\r\nContent-Length: 2\r\n\r\nok");
    }

    @Test
    public void viaIsTheOriginsOnly() {
        sameFields("Via", "Via: 1.1 inner, 1.0 other (x)\r\nVia: 1.1 last\r\nX-Cache: HIT\r\n");
    }

    @Test
    public void fieldsOfTheConnectionEndHere() {
        fields("known", "Keep-Alive: timeout=5\r\nX-A: 1\r\nProxy-Connection: keep-alive\r\nProxy-Authenticate: Basic\r\nUpgrade: h2c\r\nX-B: 2\r\n"
            + "Connection: keep-alive, upgrade\r\n", "X-A: 1\r\nX-B: 2\r\n");
        fields("nominated", "X-Hop: 1\r\nConnection: x-hop ,,X-OTHER\r\nx-other: 2\r\nconnection: X-Third\r\nX-Third: 3\r\nX-End: 4\r\n", "X-End: 4\r\n");
        fields("what cannot be nominated", "Connection: content-length, content-type, content-encoding, set-cookie, location, x\r\nContent-Type: a/b\r\n"
            + "Content-Encoding: gzip\r\nSet-Cookie: a=1\r\nLocation: /x\r\nX: 1\r\n", "Content-Type: a/b\r\nContent-Encoding: gzip\r\nSet-Cookie: a=1\r\nLocation: /x\r\n");
        inCase("close", () -> {
            origin.answerAndEnd("/case", "HTTP/1.1 200 OK\r\n" + DATE + "Connection: close, x-hop\r\nX-Hop: 1\r\nContent-Length: 2\r\n\r\nok");
            WireBrowser wire = wire().ask("GET /case");
            wire.expect("HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 2\r\n\r\nok");
            probe(wire);
        });
    }

    @Test
    public void sixtyFourKibibytesOfFieldsPassAndMoreIs502() {
        String line = "X-Big: " + "b".repeat(991) + "\r\n";
        assertEquals(1000, line.length());
        sameFields("60,000 bytes", line.repeat(60));
        // all lines of the fields, with their ends and the one empty line
        int rest = 65_536 - DATE.length() - "Content-Length: 2\r\n".length() - 2 - 65 * line.length();
        sameFields("64 KiB", line.repeat(65) + "X: " + "x".repeat(rest - 5) + "\r\n");
        for (int lines : new int[] {67, 100, 1000}) {
            inCase(lines + " KB", () -> {
                origin.answerAndEnd("/case", "HTTP/1.1 200 OK\r\n" + DATE + line.repeat(lines) + "Content-Length: 2\r\n\r\nok");
                WireBrowser wire = wire().ask("GET /case");
                assertEquals("502", wire.page());
                probe(wire);
            });
        }
    }

    @Test
    public void moreFieldsThanAllowedAre502() throws Exception {
        origin.answer("/case", "HTTP/1.1 200 OK\r\n" + DATE + "A: 1\r\n".repeat(300) + "Content-Length: 2\r\n\r\nok");
        WireBrowser wire = wire().ask("GET /case");
        assertEquals("502", wire.page());
        probe(wire);
    }

    @Test
    public void pagesOfAditAreNotTheOrigins() throws Exception {
        origin.answerAndEnd("/case", "garbage\r\n\r\n");
        String head = wire().ask("GET /case").head();
        assertTrue(head, head.startsWith("HTTP/1.1 502 Bad Gateway\r\n"));
    }
}

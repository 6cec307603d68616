package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** Where a response ends, and that the connection is good for the next one (RFC 9112 section 6). */
public class ResponseFramingIT extends WireTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n" + DATE;
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    private void check(String name, String request, String answer, String expected) {
        inCase(name, () -> {
            origin.answer("/case", answer);
            WireBrowser wire = wire().ask(request);
            wire.expect(expected);
            probe(wire);
        });
    }

    private void same(String name, String request, String answer) {
        check(name, request, answer, answer);
    }

    /** The origin ends its connection after the answer. */
    private void ended(String name, String answer, String expected) {
        inCase(name, () -> {
            origin.answerAndEnd("/case", answer);
            WireBrowser wire = wire().ask("GET /case");
            wire.expect(expected);
            probe(wire);
        });
    }

    @Test
    public void responsesToHeadHaveTheLengthAndNoBody() {
        same("length", "HEAD /case", OK + "Content-Length: 1234567\r\n\r\n");
        same("length 0", "HEAD /case", OK + "Content-Length: 0\r\n\r\n");
        same("chunked", "HEAD /case", OK + CHUNKED);
        same("404", "HEAD /case", "HTTP/1.1 404 No\r\n" + DATE + "Content-Length: 9\r\n\r\n");
        same("304", "HEAD /case", "HTTP/1.1 304 Same\r\n" + DATE + "ETag: \"x\"\r\nContent-Length: 9\r\n\r\n");
        same("204", "HEAD /case", "HTTP/1.1 204 None\r\n" + DATE + "\r\n");
    }

    @Test
    public void statusesWithoutBodyHaveNone() {
        same("204", "GET /case", "HTTP/1.1 204 None\r\n" + DATE + "X: 1\r\n\r\n");
        same("204 to DELETE", "DELETE /case", "HTTP/1.1 204 No Content\r\n" + DATE + "\r\n");
        same("304", "GET /case", "HTTP/1.1 304 Not Modified\r\n" + DATE + "ETag: \"x\"\r\n\r\n");
        same("304 with length", "GET /case", "HTTP/1.1 304 Not Modified\r\n" + DATE + "ETag: \"x\"\r\nContent-Length: 4321\r\n\r\n");
        same("205", "POST /case", "HTTP/1.1 205 Reset Content\r\n" + DATE + "Content-Length: 0\r\n\r\n");
        check("304 chunked", "GET /case", "HTTP/1.1 304 Not Modified\r\n" + DATE + CHUNKED, "HTTP/1.1 304 Not Modified\r\n" + DATE + "\r\n");
    }

    @Test
    public void aLengthWhereNoneMayBeEndsHere() {
        for (String length : new String[] {"0", "5"}) {
            check("204 with " + length, "GET /case", "HTTP/1.1 204 None\r\n" + DATE + "Content-Length: " + length + "\r\n\r\n",
                "HTTP/1.1 204 None\r\n" + DATE + "\r\n");
        }
        check("204 chunked", "GET /case", "HTTP/1.1 204 None\r\n" + DATE + CHUNKED, "HTTP/1.1 204 None\r\n" + DATE + "\r\n");
    }

    @Test
    public void bodiesWithALengthKeepIt() {
        same("empty", "GET /case", OK + "Content-Length: 0\r\n\r\n");
        same("one byte", "GET /case", OK + "Content-Length: 1\r\n\r\n\0");
        same("every byte", "GET /case", OK + "Content-Length: 256\r\n\r\n" + everyByte());
        same("looks like HTTP", "GET /case", OK + "Content-Length: 43\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc\r\n");
        same("100,000", "GET /case", OK + "Content-Length: 100000\r\n\r\n" + "0123456789".repeat(10_000));
        same("zeros before", "GET /case", OK + "Content-Length: 0002\r\n\r\nok");
        check("error with a body", "GET /case", "HTTP/1.1 500 Oops\r\n" + DATE + "Content-Length: 3\r\n\r\nbad",
            "HTTP/1.1 500 Oops\r\n" + DATE + "Content-Length: 3\r\n\r\nbad");
    }

    @Test
    public void theFieldsThatFrameStandWhereTheOriginHadThem() throws Exception {
        for (String coming : new String[] {"GET", "POST", "HEAD"}) {
            String ok = coming.equals("HEAD") ? "" : "ok";
            String chunks = coming.equals("HEAD") ? "" : "2\r\nok\r\n0\r\n\r\n";
            String ask = coming + " /case";
            same(coming + " first", ask, "HTTP/1.1 200 OK\r\ncontent-LENGTH: 2\r\n" + DATE + "X: 1\r\n\r\n" + ok);
            same(coming + " between", ask, OK + "X: 1\r\ncontent-length: 2\r\nX: 2\r\n\r\n" + ok);
            same(coming + " beside type and cookies", ask, OK + "Set-Cookie: a\r\nContent-Length: 2\r\nContent-Type: a/b\r\nset-cookie: b\r\n\r\n" + ok);
            same(coming + " beside names that look alike", ask, OK + "X-Content-Length: 7\r\nContent-Length: 2\r\nContent-Length-X: 8\r\n\r\n" + ok);
            same(coming + " error", ask, "HTTP/1.1 500 Oops\r\nCONTENT-LENGTH: 2\r\n" + DATE + "X: 1\r\n\r\n" + ok);
            same(coming + " chunked first", ask, "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n" + DATE + "X: 1\r\n\r\n" + chunks);
            same(coming + " chunked between", ask, OK + "X: 1\r\nTransfer-encoding: chunked\r\nX: 2\r\n\r\n" + chunks);
            check(coming + " chunked, named by Connection", ask, OK + "Connection: transfer-encoding\r\nTransfer-encoding: chunked\r\nX: 2\r\n\r\n" + chunks,
                OK + "Transfer-encoding: chunked\r\nX: 2\r\n\r\n" + chunks);
        }
        same("304", "GET /case", "HTTP/1.1 304 Not Modified\r\ncontent-length: 4321\r\n" + DATE + "ETag: \"x\"\r\n\r\n");
        same("304 with 0", "GET /case", "HTTP/1.1 304 Not Modified\r\ncontent-length: 0\r\n" + DATE + "ETag: \"x\"\r\n\r\n");
        same("304 to HEAD", "HEAD /case", "HTTP/1.1 304 Not Modified\r\ncontent-length: 4321\r\n" + DATE + "ETag: \"x\"\r\n\r\n");
        same("nothing, 0", "GET /case", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n" + DATE + "X: 1\r\n\r\n");
        same("HEAD, neither", "HEAD /case", OK + "X: 1\r\n\r\n");
        same("HEAD, 404, neither", "HEAD /case", "HTTP/1.1 404 No\r\n" + DATE + "X: 1\r\n\r\n");
    }

    @Test
    public void theyDoForOldBrowsersAndThoseThatClose() throws Exception {
        for (String method : new String[] {"GET", "HEAD"}) {
            for (String length : new String[] {"2", "0"}) {
                String body = method.equals("HEAD") || length.equals("0") ? "" : "ok";
                String head = "HTTP/1.1 200 OK\r\ncontent-length: " + length + "\r\n" + DATE + "X: 1\r\n";
                origin.answer("/case", head + "\r\n" + body);
                assertEquals(method, head + "\r\n" + body, wire().ask10(method + " /case").rest());
                assertEquals(method, head + "Connection: close\r\n\r\n" + body, wire().ask(method + " /case", "Connection: close").rest());
                WireBrowser wire = wire();
                for (int i = 0; i < 2; i++) {
                    wire.ask10(method + " /case", "Connection: keep-alive");
                    wire.expect(head + "Connection: keep-alive\r\n\r\n" + body);
                }
            }
        }
        origin.answer("/case", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n" + DATE + "X: 1\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        assertEquals("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n" + DATE + "X: 1\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            wire().ask("GET /case", "Connection: close").rest());
    }

    @Test
    public void contentCodingsAreNotTouched() {
        String gzip = "\u001f\u008b\b\0\0\0\0\0\0\3K\u00cf\u00af\2\0";
        same("gzip", "GET /case", OK + "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\nContent-Length: " + gzip.length() + "\r\n\r\n" + gzip);
        same("wrongly declared", "GET /case", OK + "Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc");
        same("chunked gzip", "GET /case", OK + "Content-Encoding: GZip\r\n" + CHUNKED + Integer.toHexString(gzip.length()).toUpperCase(java.util.Locale.ROOT) + "\r\n" + gzip + "\r\n0\r\n\r\n");
    }

    @Test
    public void chunkedBodiesStayChunkedWithTheirTrailers() {
        same("one chunk", "GET /case", OK + CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
        same("no chunk", "GET /case", OK + CHUNKED + "0\r\n\r\n");
        same("trailers", "GET /case", OK + "Trailer: X-Sum, x-two\r\n" + CHUNKED + "5\r\nhello\r\n0\r\nX-Sum: \u00e9 1\r\nx-two: \r\nX-Sum: 2\r\n\r\n");
        same("trailers of an empty body", "GET /case", OK + CHUNKED + "0\r\nX-Sum: 1\r\n\r\n");
        for (int bytes : new int[] {8_000, 8_200, 9_000, 60_000}) {
            same("long trailers, " + bytes, "GET /case", OK + CHUNKED + "2\r\nok\r\n0\r\nX-Long: " + "x".repeat(bytes) + "\r\nX-End: 1\r\n\r\n");
        }
        check("extensions and zeros", "GET /case", OK + CHUNKED + "0005;a=b;c=\"d\"\r\nhello\r\n000;x\r\n\r\n", OK + CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
        check("trailers that would frame or route", "GET /case", OK + CHUNKED + "2\r\nok\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\nX-Sum: 1\r\n"
            + "Host: x\r\nSet-Cookie: a=1\r\nContent-Type: x/y\r\n\r\n", OK + CHUNKED + "2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n");
    }

    @Test
    public void bodiesThatEndWithTheOriginsConnectionBecomeChunked() {
        ended("HTTP/1.1", OK + "\r\nhello", OK + CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
        ended("close", OK + "Connection: close\r\n\r\nhello", OK + CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
        ended("HTTP/1.0", "HTTP/1.0 200 OK\r\n" + DATE + "\r\nhello", OK + CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
        ended("HTTP/1.0 with length", "HTTP/1.0 200 OK\r\n" + DATE + "Content-Length: 5\r\n\r\nhello", OK + "Content-Length: 5\r\n\r\nhello");
        ended("HTTP/1.0 keep-alive", "HTTP/1.0 200 OK\r\n" + DATE + "Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", OK + "Content-Length: 5\r\n\r\nhello");
        inCase("empty", () -> {
            origin.answerAndEnd("/case", OK + "\r\n");
            WireBrowser wire = wire().ask("GET /case");
            String head = wire.head();
            if (head.endsWith(CHUNKED)) {
                wire.expect("0\r\n\r\n");
            } else {
                assertEquals(OK + "Content-Length: 0\r\n\r\n", head);
            }
            probe(wire);
        });
    }

    @Test
    public void interimResponsesPassWithTheirFields() {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nlink: </b.js>\r\n\r\n";
        String end = OK + "Content-Length: 2\r\n\r\nok";
        same("103", "GET /case", hints + end);
        same("several", "GET /case", hints + "HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\n" + hints + end);
        same("102", "GET /case", "HTTP/1.1 102 Processing\r\n\r\n" + end);
        same("102 with fields", "GET /case", "HTTP/1.1 102 Processing\r\nX-Progress: 5%\r\n\r\n" + end);
        same("unknown", "GET /case", "HTTP/1.1 104 Upload Resumption Supported\r\nLocation: /upload/1\r\n\r\n" + end);
        same("199 with a reason of its own", "GET /case", "HTTP/1.1 199 Nearly \u00e9\r\n\r\n" + end);
        same("then 204", "GET /case", hints + "HTTP/1.1 204 None\r\n" + DATE + "\r\n");
        same("HEAD", "HEAD /case", hints + OK + "Content-Length: 2\r\n\r\n");
        check("its connection's fields", "GET /case", "HTTP/1.1 103 Early Hints\r\nConnection: x-hop\r\nX-Hop: 1\r\nLink: <a>\r\nContent-Length: 7\r\n\r\n" + end,
            "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + end);
        check("100 that nobody asked for", "GET /case", "HTTP/1.1 100 Continue\r\n\r\n" + end, end);
    }

    @Test
    public void browsersOfHttp10GetNoInterimResponse() throws Exception {
        origin.answer("/case", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK + "Content-Length: 2\r\n\r\nok");
        assertEquals(OK + "Content-Length: 2\r\n\r\nok", wire().ask10("GET /case").rest());
    }

    @Test
    public void browsersOfHttp10GetNoChunks() throws Exception {
        for (String body : new String[] {"5\r\nhello\r\n0\r\n\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 1\r\n\r\n"}) {
            origin.answer("/case", OK + CHUNKED + body);
            String answer = wire().ask10("GET /case").rest();
            assertTrue(answer, answer.startsWith(OK) && answer.endsWith("\r\n\r\nhello"));
            assertFalse(answer, answer.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding"));
        }
        origin.answerAndEnd("/case", OK + "\r\nhello");
        String answer = wire().ask10("GET /case").rest();
        assertTrue(answer, answer.startsWith(OK) && answer.endsWith("\r\n\r\nhello"));
    }

    @Test
    public void browsersOfHttp10MayKeepTheConnection() throws Exception {
        origin.answer("/case", OK + "Content-Length: 2\r\n\r\nok");
        WireBrowser wire = wire();
        for (int i = 0; i < 3; i++) {
            wire.ask10("GET /case", "Connection: keep-alive");
            String head = wire.head();
            assertTrue(head, head.contains("\r\nConnection: keep-alive\r\n") && head.contains("\r\nContent-Length: 2\r\n"));
            wire.expect("ok");
        }
    }

    @Test
    public void theBrowsersCloseIsHonoured() throws Exception {
        origin.answer("/case", OK + "Content-Length: 2\r\n\r\nok");
        String answer = wire().ask("GET /case", "Connection: close").rest();
        assertTrue(answer, answer.contains("\r\nConnection: close\r\n") && answer.endsWith("\r\n\r\nok"));
        origin.answer("/case", OK + CHUNKED + "2\r\nok\r\n0\r\n\r\n");
        answer = wire().ask("GET /case", "Connection: close").rest();
        assertTrue(answer, answer.contains("\r\nConnection: close\r\n") && answer.endsWith("2\r\nok\r\n0\r\n\r\n"));
    }

    @Test
    public void aHundredResponsesOfAllKindsOnOneConnection() throws Exception {
        origin.answer("/length", OK + "Content-Length: 2\r\n\r\nok");
        origin.answer("/chunked", OK + CHUNKED + "2\r\nok\r\n0\r\n\r\n");
        origin.answerAndEnd("/end", OK + "\r\nok");
        origin.answer("/none", "HTTP/1.1 204 None\r\n" + DATE + "\r\n");
        origin.answer("/hints", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + OK + "Content-Length: 2\r\n\r\nok");
        WireBrowser wire = wire();
        for (int i = 0; i < 20; i++) {
            wire.ask("GET /length");
            wire.expect(OK + "Content-Length: 2\r\n\r\nok");
            wire.ask("GET /chunked");
            wire.expect(OK + CHUNKED + "2\r\nok\r\n0\r\n\r\n");
            wire.ask("GET /end");
            wire.expect(OK + CHUNKED + "2\r\nok\r\n0\r\n\r\n");
            wire.ask("GET /none");
            wire.expect("HTTP/1.1 204 None\r\n" + DATE + "\r\n");
            wire.ask("GET /hints");
            wire.expect("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + OK + "Content-Length: 2\r\n\r\nok");
        }
    }

    private static String everyByte() {
        StringBuilder bytes = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            bytes.append(c);
        }
        return bytes.toString();
    }
}

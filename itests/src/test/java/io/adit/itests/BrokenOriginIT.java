package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.Test;

/** Origins that speak no HTTP, or two dialects at once: 502, or the end of the connection, and nothing of it in another exchange. */
public class BrokenOriginIT extends WireTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n" + DATE;
    /** What must never be seen by the one who asks next. */
    private static final String EVIL = "HTTP/1.1 200 EVIL\r\nContent-Length: 4\r\n\r\nevil";

    /** The browser gets a 502 and can go on; whoever asks next gets what is meant for him. */
    private void refused(String name, String answer) {
        inCase(name, () -> {
            origin.answerAndEnd("/case", answer);
            WireBrowser wire = wire().ask("GET /case");
            assertEquals("502", wire.page());
            probe(wire);
            probe(wire());
        });
    }

    /** The browser's connection ends without the end of the response; or nothing was passed on before the trouble, which is a 502. */
    private void broken(String name, String head, String body) {
        inCase(name, () -> {
            origin.on("/case", visit -> {
                visit.send(head + body);
                visit.end();
            });
            String seen = wire().ask("GET /case", "Connection: close").rest();
            if (!seen.startsWith("HTTP/1.1 502")) {
                assertTrue(seen, seen.isEmpty() || seen.startsWith("HTTP/1.1 200 OK\r\n"));
                assertFalse(seen, seen.endsWith("0\r\n\r\n"));
            }
            assertFalse(seen, seen.contains("evil"));
            probe(wire());
            probe(wire());
        });
    }

    @Test
    public void noHttpAtAll() {
        refused("nothing", "");
        refused("garbage", "hello\r\n\r\n");
        refused("binary", "\u0016\u0003\u0001\0\u00ff\r\n\r\n");
        refused("HTTP/0.9", "<html>hello</html>\n");
        refused("a request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        refused("ICY", "ICY 200 OK\r\nContent-Length: 2\r\n\r\nok");
        refused("HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        refused("HTTP/3", "HTTP/3 200 OK\r\nContent-Length: 2\r\n\r\nok");
        refused("HTTP/1.11", "HTTP/1.11 200 OK\r\nContent-Length: 2\r\n\r\nok");
        refused("space before", " HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        refused("tab in the line", "HTTP/1.1\t200\tOK\r\nContent-Length: 2\r\n\r\nok");
    }

    @Test
    public void headsThatEndTooEarly() {
        refused("in the version", "HTTP/1");
        refused("in the status line", "HTTP/1.1 20");
        refused("after the status line", "HTTP/1.1 200 OK\r\n");
        refused("in a name", "HTTP/1.1 200 OK\r\nContent-Le");
        refused("in a value", "HTTP/1.1 200 OK\r\nContent-Length: 1");
        refused("before the empty line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
        refused("after an interim one", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 2");
    }

    @Test
    public void linesThatCanBeReadInTwoWays() {
        refused("CR in a value", OK + "X: a\rb\r\nContent-Length: 2\r\n\r\nok");
        refused("CR before a name", OK + "X: a\r\rY: b\r\nContent-Length: 2\r\n\r\nok");
        refused("CR in the reason", "HTTP/1.1 200 O\rK\r\nContent-Length: 2\r\n\r\nok");
        refused("NUL in a value", OK + "X: a\0b\r\nContent-Length: 2\r\n\r\nok");
        refused("NUL in a name", OK + "X\0: a\r\nContent-Length: 2\r\n\r\nok");
        refused("NUL in the reason", "HTTP/1.1 200 O\0K\r\nContent-Length: 2\r\n\r\nok");
        refused("control in a value", OK + "X: a\u0001b\r\nContent-Length: 2\r\n\r\nok");
        refused("DEL in a value", OK + "X: a\u007fb\r\nContent-Length: 2\r\n\r\nok");
        refused("obs-fold", OK + "X: a\r\n b\r\nContent-Length: 2\r\n\r\nok");
        refused("obs-fold with a tab", OK + "X: a\r\n\tContent-Length: 9\r\nContent-Length: 2\r\n\r\nok");
        refused("obs-fold first", "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 2\r\n\r\nok");
        refused("space before the colon", OK + "X : a\r\nContent-Length: 2\r\n\r\nok");
        refused("space before the colon of a length", OK + "Content-Length : 2\r\n\r\nok");
        refused("no colon", OK + "X\r\nContent-Length: 2\r\n\r\nok");
        refused("no name", OK + ": a\r\nContent-Length: 2\r\n\r\nok");
        refused("name of no token", OK + "X(a): b\r\nContent-Length: 2\r\n\r\nok");
        refused("name with obs-text", OK + "X\u00e9: b\r\nContent-Length: 2\r\n\r\nok");
    }

    @Test
    public void lineFeedsAloneEndALineAsTheyDoForEverybody() throws Exception {
        origin.answer("/case", (OK + "X: 1\r\nContent-Length: 2\r\n\r\n").replace("\r", "") + "ok");
        WireBrowser wire = wire().ask("GET /case");
        wire.expect(OK + "X: 1\r\nContent-Length: 2\r\n\r\nok");
        probe(wire);
    }

    @Test
    public void lengthsThatAreNone() {
        for (String length : new String[] {"-1", "+2", "2.0", "0x2", "2,2", "2, 3", "2 2", "two", "", "99999999999999999999", "\u00b2", "2;3"}) {
            refused("length " + length, OK + "Content-Length: " + length + "\r\n\r\nok");
        }
        refused("two lengths", OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\noks");
        refused("the same twice", OK + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok");
    }

    @Test
    public void lengthAndTransferCoding() {
        String chunked = "2\r\nok\r\n0\r\n\r\n";
        refused("both", OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked);
        refused("both, the other way round", OK + "Transfer-Encoding: chunked\r\nContent-Length: 12\r\n\r\n" + chunked);
        refused("gzip, chunked", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n" + chunked);
        refused("chunked, gzip", OK + "Transfer-Encoding: chunked, gzip\r\n\r\n" + chunked);
        refused("chunked twice", OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked);
        refused("chunked, chunked", OK + "Transfer-Encoding: chunked, chunked\r\n\r\n" + chunked);
        refused("unknown", OK + "Transfer-Encoding: xchunked\r\n\r\n" + chunked);
        refused("identity", OK + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok");
        refused("empty", OK + "Transfer-Encoding: \r\nContent-Length: 2\r\n\r\nok");
        refused("in HTTP/1.0", OK.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\n\r\n" + chunked);
        refused("vertical tab", OK + "Transfer-Encoding: \u000bchunked\r\n\r\n" + chunked);
    }

    @Test
    public void brokenChunksBreakTheConnection() {
        String head = OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";
        for (String chunk : new String[] {"zz\r\nevil\r\n0\r\n\r\n", "-1\r\n", "0x4\r\nevil\r\n0\r\n\r\n", " 4\r\nevil\r\n0\r\n\r\n", "4 \revil", 
            "ffffffffffffffff4\r\nevil\r\n0\r\n\r\n", "80000000\r\nabc", ";x\r\nevil\r\n0\r\n\r\n", "4\nevil\n0\n\n"}) {
            broken("chunk " + chunk, head, chunk);
        }
        broken("an empty line after a chunk", head, "\r\n4\r\nevil\r\n0\r\n\r\n");
        broken("an empty line before the end", head, "\r\n0\r\n\r\n");
        refused("an empty line before the first chunk", OK + "Transfer-Encoding: chunked\r\n\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        broken("no line end after a chunk", head, "1\r\naXX0\r\n\r\n");
        broken("end after a chunk", head, "");
        broken("end in a chunk", head, "5\r\nabc");
        broken("end in a chunk's size", head, "5");
        broken("end before the last chunk's line", head, "0");
        broken("broken trailers", head, "0\r\nX : y\r\n\r\n");
        broken("end in the trailers", head, "0\r\nX: ");
    }

    @Test
    public void bodiesThatEndTooEarlyBreakTheConnection() {
        broken("length", OK + "Content-Length: 10\r\n\r\n", "only");
        broken("length and nothing", OK + "Content-Length: 10\r\n\r\n", "");
        inCase("reset", () -> {
            origin.hold("/case");
            WireBrowser wire = wire().ask("GET /case");
            ScriptedOrigin.Visit visit = origin.take("/case").send(OK + "\r\nsome");
            wire.expect(OK + "Transfer-Encoding: chunked\r\n\r\n4\r\nsome");
            visit.reset();
            assertEquals("", wire.rest().strip());
            probe(wire());
        });
        inCase("reset, for HTTP/1.0", () -> {
            origin.hold("/case");
            WireBrowser wire = wire().ask10("GET /case");
            ScriptedOrigin.Visit visit = origin.take("/case").send(OK + "\r\nsome");
            assertTrue(wire.head().startsWith(OK));
            wire.expect("some");
            visit.reset();
            assertThrows(IOException.class, wire::rest);
        });
    }

    @Test
    public void excessNeverReachesAnotherExchange() throws Exception {
        for (String first : new String[] {OK + "Content-Length: 2\r\n\r\nok", OK + "Content-Length: 0\r\n\r\n", "HTTP/1.1 204 None\r\n" + DATE + "\r\n",
            "HTTP/1.1 304 Same\r\n" + DATE + "\r\n", OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"}) {
            for (String excess : new String[] {EVIL, EVIL.repeat(2000), "\r\n\r\n" + EVIL, "evil"}) {
                inCase(first + excess.length(), () -> {
                    origin.answer("/case", first + excess);
                    WireBrowser wire = wire().ask("GET /case");
                    wire.expect(first);
                    probe(wire);
                    wire.ask("GET /case");
                    wire.expect(first);
                    probe(wire());
                });
            }
        }
        inCase("HEAD with a body", () -> {
            origin.answer("/case", OK + "Content-Length: " + EVIL.length() + "\r\n\r\n" + EVIL);
            WireBrowser wire = wire().ask("HEAD /case");
            wire.expect(OK + "Content-Length: " + EVIL.length() + "\r\n\r\n");
            probe(wire);
        });
    }

    @Test
    public void whatComesUnaskedLaterEndsTheOriginsConnection() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("GET /case");
        ScriptedOrigin.Visit visit = origin.take("/case").send(OK + "Content-Length: 2\r\n\r\nok");
        wire.expect(OK + "Content-Length: 2\r\n\r\nok");
        visit.send(EVIL);
        visit.awaitEnd();
        probe(wire);
    }

    @Test
    public void anUnasked101Is502() {
        refused("plain", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + EVIL);
        refused("after an interim one", "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    }

    @Test
    public void endlessInterimResponsesAre502() {
        inCase("hints", () -> {
            origin.answerAndEnd("/case", "HTTP/1.1 102 Processing\r\n\r\n".repeat(1000) + OK + "Content-Length: 2\r\n\r\nok");
            WireBrowser wire = wire().ask("GET /case");
            String head = wire.head();
            for (int i = 0; i < 1000 && head.startsWith("HTTP/1.1 102"); i++) {
                head = wire.head();
            }
            assertTrue(head, head.startsWith("HTTP/1.1 502"));
            probe(wire());
        });
    }

    @Test
    public void manyAtOnceGetTheirOwnOnly() throws Exception {
        origin.answerAndEnd("/short", OK + "Content-Length: 10\r\n\r\nonly");
        origin.answer("/excess", OK + "Content-Length: 2\r\n\r\nok" + EVIL);
        origin.answerAndEnd("/garbage", EVIL.substring(5));
        List<WireBrowser> wires = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                WireBrowser wire = new WireBrowser(site.web());
                wires.add(wire);
                wire.ask("GET " + List.of("/probe", "/short", "/excess", "/garbage").get(i % 4), i % 4 == 1 ? "Connection: close" : "X: 1");
            }
            for (int i = 0; i < wires.size(); i++) {
                WireBrowser wire = wires.get(i);
                if (i % 4 == 0) {
                    wire.expect(PROBE);
                } else if (i % 4 == 1) {
                    String seen = wire.rest();
                    assertTrue(seen, seen.startsWith("HTTP/1.1 502") || seen.endsWith("Content-Length: 10\r\nConnection: close\r\n\r\nonly") || seen.isEmpty());
                } else if (i % 4 == 2) {
                    wire.expect(OK + "Content-Length: 2\r\n\r\nok");
                } else {
                    assertEquals("502", wire.page());
                }
                probe(i % 4 == 1 ? wire() : wire);
            }
        } finally {
            for (WireBrowser wire : wires) {
                wire.close();
            }
        }
    }
}

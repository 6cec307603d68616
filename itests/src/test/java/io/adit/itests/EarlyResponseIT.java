package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** Origins that answer before they have the whole request (RFC 9110 section 7.5), and the 100 that a browser waits for (section 10.1.1). */
public class EarlyResponseIT extends WireTest {

    private static final String BIG = "Content-Length: 1000000";
    private static final String PART = "p".repeat(1000);
    private static final String REST = "r".repeat(999_000);
    private static final String OK = "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 2\r\n\r\nok";
    private static final String LARGE = "HTTP/1.1 413 Too Large\r\n" + DATE + "Connection: close\r\nContent-Length: 4\r\n\r\nmuch";

    @Test
    public void aRefusalComesWhileTheBrowserStillSends() throws Exception {
        for (String method : new String[] {"POST", "PUT"}) {
            origin.hold("/case");
            WireBrowser wire = wire().ask(method + " /case", BIG).send(PART);
            ScriptedOrigin.Visit visit = origin.take("/case");
            visit.send(LARGE).end();
            String head = wire.head();
            assertTrue(head, head.startsWith("HTTP/1.1 413 Too Large\r\n" + DATE) && head.contains("Content-Length: 4\r\n"));
            wire.expect("much");
            wire.send(REST);
            probe(wire);
        }
    }

    @Test
    public void anAnswerComesWhileTheBrowserStillSends() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("POST /case", BIG).send(PART);
        ScriptedOrigin.Visit visit = origin.take("/case");
        assertEquals(PART, visit.read(PART.length()));
        visit.send(OK);
        wire.expect(OK);
        wire.send(REST);
        visit.over();
        probe(wire);
        probe(wire());
    }

    @Test
    public void anUploadThatIsChunkedIsNoDifferent() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("POST /case", "Transfer-Encoding: chunked").send("5\r\nhello\r\n");
        ScriptedOrigin.Visit visit = origin.take("/case");
        // the line end of a chunk comes with the next one
        assertEquals("5\r\nhello", visit.read(8));
        visit.send(LARGE).end();
        wire.expect("HTTP/1.1 413 Too Large\r\n" + DATE + "Content-Length: 4\r\n\r\nmuch");
        wire.send("5\r\nworld\r\n0\r\n\r\n");
        probe(wire);
    }

    @Test
    public void bothBodiesMayBeUnderWayAtOnce() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("POST /case", "Content-Length: 10");
        ScriptedOrigin.Visit visit = origin.take("/case").send("HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 10\r\n\r\n");
        wire.expect("HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 10\r\n\r\n");
        for (int i = 0; i < 10; i++) {
            wire.send("" + i);
            assertEquals("" + i, visit.read(1));
            visit.send("" + i);
            wire.expect("" + i);
        }
        visit.over();
        probe(wire);
    }

    @Test
    public void aRefusalInsteadOfA100ComesWithoutTheBody() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("POST /case", BIG, "Expect: 100-continue");
        ScriptedOrigin.Visit visit = origin.take("/case");
        visit.send("HTTP/1.1 417 No\r\n" + DATE + "Content-Length: 2\r\n\r\nno").end();
        String head = wire.head();
        assertTrue(head, head.startsWith("HTTP/1.1 417 No\r\n"));
        wire.expect("no");
        probe(wire());
    }

    @Test
    public void the100IsTheOriginsAndOne() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("POST /case", "Content-Length: 5", "Expect: 100-continue");
        ScriptedOrigin.Visit visit = origin.take("/case");
        assertTrue(visit.head(), visit.head().contains("Expect: 100-continue\r\n"));
        visit.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
        wire.expect("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
        wire.send("hello");
        assertEquals("hello", visit.read(5));
        visit.send(OK).over();
        wire.expect(OK);
        probe(wire);
    }

    @Test
    public void interimResponsesComeWhileTheBrowserSends() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("POST /case", "Content-Length: 6").send("abc");
        ScriptedOrigin.Visit visit = origin.take("/case");
        assertEquals("abc", visit.read(3));
        visit.send("HTTP/1.1 104 Upload Resumption Supported\r\nLocation: /u/1\r\n\r\n");
        wire.expect("HTTP/1.1 104 Upload Resumption Supported\r\nLocation: /u/1\r\n\r\n");
        wire.send("def");
        assertEquals("def", visit.read(3));
        visit.send(OK).over();
        wire.expect(OK);
        probe(wire);
    }
}

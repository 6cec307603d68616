package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;

import org.junit.Test;

/** A browser that goes away ends the request at the origin, whatever was going on; and what was cut never looks complete. */
public class AbortIT extends WireTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\n" + DATE + "Transfer-Encoding: chunked\r\n\r\n";

    /** How a browser goes away. */
    private enum Leave {
        FIN, RST;

        void from(WireBrowser wire) throws IOException {
            if (this == RST) {
                wire.reset();
            } else {
                wire.close();
            }
        }
    }

    /** What goes on between a browser and an origin until the browser leaves. */
    private interface Scene {
        ScriptedOrigin.Visit play(WireBrowser wire) throws Exception;
    }

    private void leaves(String name, Scene scene) {
        for (Leave leave : Leave.values()) {
            inCase(name + ", " + leave, () -> {
                origin.hold("/case");
                WireBrowser wire = wire();
                ScriptedOrigin.Visit visit = scene.play(wire);
                leave.from(wire);
                visit.awaitEnd();
                probe(wire());
            });
        }
    }

    @Test
    public void whileTheOriginThinks() {
        leaves("GET", wire -> {
            wire.ask("GET /case");
            return origin.take("/case");
        });
        leaves("HTTP/1.0", wire -> {
            wire.ask10("GET /case");
            return origin.take("/case");
        });
        leaves("with the next request behind it", wire -> {
            wire.send("GET /case HTTP/1.1\r\nHost: " + site.web().host() + "\r\n\r\nGET /probe HTTP/1.1\r\nHost: " + site.web().host() + "\r\n\r\n");
            return origin.take("/case");
        });
        leaves("with the next request coming later, in parts", wire -> {
            wire.ask("GET /case");
            ScriptedOrigin.Visit visit = origin.take("/case");
            wire.send("GET /probe HTTP/1.1\r\nHost: ").send(site.web().host() + "\r\n").send("\r\n");
            return visit;
        });
        leaves("second on the connection", wire -> {
            probe(wire);
            wire.ask("GET /case");
            return origin.take("/case");
        });
        leaves("after an upload", wire -> {
            wire.ask("POST /case", "Content-Length: 5").send("hello");
            ScriptedOrigin.Visit visit = origin.take("/case");
            assertEquals("hello", visit.body());
            return visit;
        });
        leaves("after an interim response", wire -> {
            wire.ask("GET /case");
            ScriptedOrigin.Visit visit = origin.take("/case").send("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
            wire.expect("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
            return visit;
        });
        leaves("before the 100", wire -> {
            wire.ask("POST /case", "Content-Length: 5", "Expect: 100-continue");
            return origin.take("/case");
        });
    }

    @Test
    public void inTheMiddleOfAResponseThatIsSilent() {
        leaves("chunked", wire -> {
            wire.ask("GET /case");
            ScriptedOrigin.Visit visit = origin.take("/case").send(CHUNKED + "5\r\nhello\r\n");
            wire.expect(CHUNKED + "5\r\nhello");
            return visit;
        });
        leaves("length", wire -> {
            wire.ask("GET /case");
            ScriptedOrigin.Visit visit = origin.take("/case").send("HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 10\r\n\r\nhello");
            wire.expect("HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 10\r\n\r\nhello");
            return visit;
        });
        leaves("HTTP/1.0", wire -> {
            wire.ask10("GET /case");
            ScriptedOrigin.Visit visit = origin.take("/case").send(CHUNKED + "5\r\nhello\r\n");
            assertTrue(wire.head().startsWith("HTTP/1.1 200 OK\r\n"));
            wire.expect("hello");
            return visit;
        });
        leaves("begun while the browser still sent", wire -> {
            wire.ask("POST /case", "Content-Length: 10").send("hello");
            ScriptedOrigin.Visit visit = origin.take("/case").send(CHUNKED + "5\r\nhello\r\n");
            wire.expect(CHUNKED + "5\r\nhello");
            wire.send("world");
            assertEquals("helloworld", visit.body());
            return visit;
        });
    }

    @Test
    public void inTheMiddleOfAResponseThatItDoesNotRead() {
        inCase("RST", () -> {
            origin.on("/flood", visit -> {
                visit.send(CHUNKED);
                String chunk = "10000\r\n" + "f".repeat(0x10000) + "\r\n";
                // far more than all buffers on the way hold; ends with an IOException
                for (int i = 0; i < 4_000; i++) {
                    visit.send(chunk);
                }
                throw new AssertionError("nobody cut it");
            });
            WireBrowser wire = wire().ask("GET /flood");
            wire.expect(CHUNKED);
            wire.reset();
            probe(wire());
        });
    }

    @Test
    public void inTheMiddleOfAnUpload() {
        leaves("length", wire -> {
            wire.ask("POST /case", "Content-Length: 1000000").send("hello");
            ScriptedOrigin.Visit visit = origin.take("/case");
            assertEquals("hello", visit.read(5));
            return visit;
        });
        leaves("chunked", wire -> {
            wire.ask("POST /case", "Transfer-Encoding: chunked").send("5\r\nhello\r\n");
            ScriptedOrigin.Visit visit = origin.take("/case");
            assertEquals("5\r\nhello", visit.read(8));
            return visit;
        });
    }

    @Test
    public void aCutUploadNeverLooksCompleteToTheOrigin() throws Exception {
        origin.hold("/case");
        WireBrowser wire = wire().ask("POST /case", "Transfer-Encoding: chunked").send("5\r\nhello\r\n");
        ScriptedOrigin.Visit visit = origin.take("/case");
        wire.close();
        assertEquals("5\r\nhello", visit.read(8));
        String rest = visit.rest();
        assertFalse(rest, rest.contains("0\r\n"));
    }
}

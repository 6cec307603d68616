package io.adit.port;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.Test;

public class StrictParserTest {

    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** What the parser told of one request, or of its beginning. */
    private static final class Told implements HttpParser.RequestHandler {
        private final StringBuilder content = new StringBuilder();
        private boolean complete;
        private boolean broken;
        private String story = "";

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            story += method + " " + uri + " " + version.asString() + ";";
        }

        @Override
        public void parsedHeader(HttpField field) {
            // the body is what counts
        }

        @Override
        public boolean headerComplete() {
            return true;
        }

        @Override
        public boolean content(ByteBuffer buffer) {
            content.append(StandardCharsets.ISO_8859_1.decode(buffer.slice()));
            return true;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            complete = true;
            return true;
        }

        @Override
        public void earlyEOF() {
            broken = true;
        }

        @Override
        public void badMessage(HttpException failure) {
            broken = true;
            story += "bad;";
        }
    }

    private static Told parse(String body, int step) {
        Told told = new Told();
        StrictParser parser = new StrictParser(told, 8192, HttpCompliance.RFC7230, new HeadCheck());
        byte[] bytes = (HEAD + body).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length && !told.complete && !told.broken; i += step) {
            ByteBuffer part = ByteBuffer.wrap(bytes, i, Math.min(step, bytes.length - i)).slice();
            do {
                parser.parseNext(part);
            } while (part.hasRemaining() && !told.complete && !told.broken);
        }
        return told;
    }

    /** However it comes; and once. */
    @Test
    public void theLineOfWhatIsRefusedIsTold() {
        for (String head : new String[] {"GET /x HTTP/1.1\r\nHost: a\r\nX: y\nZ: z\r\n\r\n", "\r\nGET /x HTTP/1.1\r\nX: y\rZ: z\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a\n\r\n"}) {
            for (int cut = 0; cut < head.length(); cut++) {
                assertEquals(head + " cut at " + cut, "GET /x HTTP/1.1;bad;", story(head.substring(0, cut), head.substring(cut)));
            }
        }
        for (String head : new String[] {"GET /x HTTP/1.1\nHost: a\r\n\r\n", "GET  /x HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\r\n\r\n"}) {
            for (int cut = 0; cut < head.length(); cut++) {
                assertEquals(head + " cut at " + cut, "bad;", story(head.substring(0, cut), head.substring(cut)));
            }
        }
        assertEquals("not a version that Jetty knows: it says so", "bad;", story("GET /x HTTP/7.7\r\nX: y\n\r\n"));
    }

    private static String story(String... pieces) {
        Told told = new Told();
        HeadCheck check = new HeadCheck();
        StrictParser parser = new StrictParser(told, 8192, HttpCompliance.RFC7230, check);
        for (String piece : pieces) {
            ByteBuffer buffer = ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1));
            int before = -1;
            while (buffer.hasRemaining() && !told.broken && buffer.position() > before) {
                before = buffer.position();
                parser.parseNext(buffer);
            }
        }
        return told.story;
    }

    @Test
    public void emptyLinesAreNoChunks() {
        for (int step : new int[] {1, 2, 3, 7, 1000}) {
            for (String body : new String[] {"\r\n3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n\r\n0\r\n\r\n", "3\r\nabc\r\n\n0\r\n\r\n",
                "3\r\nabc\r\n3\r\nabc\r\n\r\n\r\n0\r\n\r\n"}) {
                Told told = parse(body, step);
                assertEquals(body + " in steps of " + step, "broken", told.complete ? "complete" : told.broken ? "broken" : "unfinished");
            }
        }
    }

    @Test
    public void chunksPass() {
        for (int step : new int[] {1, 2, 3, 7, 1000}) {
            for (String body : new String[] {"3\r\nabc\r\n0\r\n\r\n", "1;x=y\r\na\r\n2\r\nbc\r\n0\r\nX: y\r\n\r\n"}) {
                Told told = parse(body, step);
                assertEquals(body, true, told.complete && !told.broken);
                assertEquals("abc", told.content.toString());
            }
        }
    }
}

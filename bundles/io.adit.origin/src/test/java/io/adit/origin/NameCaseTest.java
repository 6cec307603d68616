package io.adit.origin;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jetty.util.BufferUtil;
import org.junit.Test;

public class NameCaseTest {

    private static final String PLAIN = "HTTP/1.1 200 OK\r\nServer: x\r\nX-own: y\r\nContent-Length: 2\r\n\r\n";

    private final NameCase names = new NameCase();

    /** What the parser sees of these bytes, read by read. */
    private List<String> pieces(String bytes) {
        List<String> pieces = new ArrayList<>();
        ByteBuffer buffer = BufferUtil.allocate(4096);
        BufferUtil.append(buffer, bytes.getBytes(StandardCharsets.ISO_8859_1));
        int left = names.cut(buffer, buffer.remaining());
        while (true) {
            assertEquals(left, buffer.remaining());
            pieces.add(BufferUtil.toString(buffer, StandardCharsets.ISO_8859_1));
            BufferUtil.clear(buffer);
            if (!names.hasRest()) {
                assertEquals("nothing is lost", bytes, String.join("", pieces));
                return pieces;
            }
            left = names.cut(buffer, names.rest(buffer));
        }
    }

    @Test
    public void usualHeadsAreNotCut() {
        assertEquals(1, pieces(PLAIN + "ok").size());
        names.expectHead();
        assertEquals(1, pieces(PLAIN).size());
    }

    @Test
    public void aNameInAnotherCaseIsCutAfterItsFirstLetter() {
        assertEquals(List.of("HTTP/1.1 200 OK\r\nServer: x\r\ns", "erver: y\r\nX-own: 1\r\nE", "TAG: 1\r\n\r\nserver: body"),
            pieces("HTTP/1.1 200 OK\r\nServer: x\r\nserver: y\r\nX-own: 1\r\nETAG: 1\r\n\r\nserver: body"));
    }

    @Test
    public void headsMayComeInParts() {
        assertEquals(1, pieces("HTTP/1.1 200 OK\r\nser").size());
        assertEquals(List.of("ver: x\r\nd", "ate: y\r\n\r"), pieces("ver: x\r\ndate: y\r\n\r"));
        assertEquals(List.of("\nserver: x\r\n"), pieces("\nserver: x\r\n"));
    }

    @Test
    public void afterAnInterimHeadComesAnother() {
        assertEquals(List.of("HTTP/1.1 103 Hints\r\nl", "ink: <a>\r\n\r\nHTTP/1.1 200 OK\r\ns", "erver: x\r\n\r\nserver: y\r\n"),
            pieces("HTTP/1.1 103 Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nserver: x\r\n\r\nserver: y\r\n"));
    }

    @Test
    public void after101NothingIsAHead() {
        assertEquals(List.of("HTTP/1.1 101 X\r\n\r\nserver: raw\r\nserver: raw\r\n"), pieces("HTTP/1.1 101 X\r\n\r\nserver: raw\r\nserver: raw\r\n"));
    }

    @Test
    public void theNextHeadComesAfterTheNextRequest() {
        assertEquals(1, pieces(PLAIN + "server: body").size());
        assertEquals(1, pieces("server: body\r\nserver: body\r\n").size());
        names.expectHead();
        assertEquals(2, pieces("HTTP/1.1 200 OK\r\nserver: x\r\n\r\n").size());
    }
}

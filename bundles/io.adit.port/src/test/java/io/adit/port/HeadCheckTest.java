package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.Test;

public class HeadCheckTest {

    private static final String[] GOOD = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\r\nGET / HTTP/1.0\r\n\r\n", "M-SEARCH * HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n",
        "GET //%2F/../?a|[]{}<>\\^` HTTP/1.1\r\nX: \t y \t\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\nbody\nwith\rall"};

    private static final String[][] BAD = {
        {"GET / HTTP/1.1\nHost: a\r\n\r\n", "LF without CR"}, {"GET / HTTP/1.1\r\nHost: a\n\r\n", "LF without CR"},
        {"\nGET / HTTP/1.1\r\n\r\n", "LF without CR"}, {"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", "CR without LF"},
        {"GET /\r HTTP/1.1\r\n\r\n", "CR without LF"}, {"\r\r\nGET / HTTP/1.1\r\n\r\n", "CR without LF"},
        {"GET  / HTTP/1.1\r\n\r\n", "more than one space in the request line"},
        {"GET /  HTTP/1.1\r\n\r\n", "not an HTTP version"}, {" GET / HTTP/1.1\r\n\r\n", "more than one space in the request line"},
        {"GET / HTTP/1.1 \r\n\r\n", "not an HTTP version"}, {"GET / http/1.1\r\n\r\n", "not an HTTP version"},
        {"GET / HTTP/1.1x\r\n\r\n", "not an HTTP version"}, {"GET / HTTP/1\r\n\r\n", "not an HTTP version"},
        {"GET / HTTP/11\r\n\r\n", "not an HTTP version"}, {"GET /\r\n\r\n", "no version in the request line"}, {"GET\r\n\r\n", "no version in the request line"},
        {"GET /\u00e9 HTTP/1.1\r\n\r\n", "a byte in the request target that no URI has"},
        {"GET /a#b HTTP/1.1\r\n\r\n", "a byte in the request target that no URI has"},
        {"GET /a\tb HTTP/1.1\r\n\r\n", "a byte in the request target that no URI has"},
        {"G\u00c9T / HTTP/1.1\r\n\r\n", "not a method"}};

    @Test
    public void goodHeadsPassInOnePieceAndByteByByte() {
        for (String head : GOOD) {
            assertNull(head, whole(head));
            assertNull(head, byByte(head));
        }
    }

    @Test
    public void badHeadsAreToldInOnePieceAndByteByByte() {
        for (String[] row : BAD) {
            assertEquals(row[0], row[1], whole(row[0]));
            assertEquals(row[0], row[1], byByte(row[0]));
        }
    }

    @Test
    public void nothingIsConsumed() {
        ByteBuffer buffer = bytes(GOOD[0]);
        new HeadCheck().look(buffer);
        assertEquals(0, buffer.position());
    }

    @Test
    public void theNextHeadIsLookedAtAfterReset() {
        HeadCheck check = new HeadCheck();
        assertNull(check.look(bytes(GOOD[0])));
        assertNull("after the end of the head it looks at nothing", check.look(bytes("\n\n\r\r")));
        check.reset();
        assertNotNull(check.look(bytes(BAD[0][0])));
    }

    private static String whole(String head) {
        return new HeadCheck().look(bytes(head));
    }

    private static String byByte(String head) {
        HeadCheck check = new HeadCheck();
        for (byte b : head.getBytes(StandardCharsets.ISO_8859_1)) {
            String broken = check.look(ByteBuffer.wrap(new byte[] {b}));
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private static ByteBuffer bytes(String head) {
        return ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1));
    }
}

package io.adit.origin;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.Test;

public class ExtentTest {

    private static final String[] CHUNKED = {
        "0\r\n\r\n", "2\r\nok\r\n0\r\n\r\n", "A;x=\"y\"\r\n0123456789\r\n1\r\n\n\r\n00\r\n\r\n", "2 \r\nok\r\n0;a\r\nX: 1\r\ny:\r\n\r\n", "2\nok\n0\n\n"};

    private final Extent extent = new Extent();

    private boolean exceeds(String bytes, int step) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < buffer.limit(); i += step) {
            extent.look(buffer, i, Math.min(buffer.limit(), i + step));
        }
        return extent.isExceeded();
    }

    @Test
    public void chunksEndWithTheEmptyLine() {
        for (String body : CHUNKED) {
            for (int step : new int[] {1, 2, 3, 100}) {
                extent.chunked();
                assertEquals(body, false, exceeds(body, step));
            }
        }
    }

    @Test
    public void whatComesThenIsTooMuch() {
        for (String body : CHUNKED) {
            for (int step : new int[] {1, 2, 3, 100}) {
                Extent other = new Extent();
                other.chunked();
                ByteBuffer buffer = ByteBuffer.wrap((body + "x").getBytes(StandardCharsets.ISO_8859_1));
                for (int i = 0; i < buffer.limit(); i += step) {
                    other.look(buffer, i, Math.min(buffer.limit(), i + step));
                }
                assertEquals(body, true, other.isExceeded());
            }
        }
    }

    @Test
    public void anEmptyLineIsNoSize() {
        for (String body : CHUNKED) {
            for (int step : new int[] {1, 2, 3, 100}) {
                Extent sound = new Extent();
                sound.chunked();
                look(sound, body, step);
                assertEquals(body, false, sound.isBroken());
            }
        }
        for (String body : new String[] {"\r\n0\r\n\r\n", "\n2\r\nok\r\n0\r\n\r\n", "2\r\nok\r\n\r\n0\r\n\r\n", "2\r\nok\n\n0\r\n\r\n", ";a\r\n2\r\nok\r\n0\r\n\r\n"}) {
            for (int step : new int[] {1, 2, 3, 100}) {
                Extent broken = new Extent();
                broken.chunked();
                look(broken, body, step);
                assertEquals(body, true, broken.isBroken());
            }
        }
    }

    private static void look(Extent at, String bytes, int step) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < buffer.limit(); i += step) {
            at.look(buffer, i, Math.min(buffer.limit(), i + step));
        }
    }

    @Test
    public void lengths() {
        extent.length(3);
        assertEquals(false, exceeds("abc", 2));
        extent.length(0);
        assertEquals(false, exceeds("", 1));
        extent.endless();
        assertEquals("it looks at nothing", false, exceeds("abc", 1));
        extent.length(2);
        assertEquals(true, exceeds("abc", 2));
    }

    @Test
    public void sizesThatAreNoneDoNotRunOver() {
        extent.chunked();
        assertEquals(false, exceeds("fffffffffffffffffffffff\r\nabc", 5));
    }
}

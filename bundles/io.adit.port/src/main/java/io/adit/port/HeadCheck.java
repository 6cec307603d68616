package io.adit.port;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Goes along the bytes of a request's head as they come and tells what is wrong with them, as far as a parser that is made to be lenient
 * does not: the form of the request line to the byte, and line ends. It keeps the names of the fields as they were written.
 *
 * <p>Thread-safety: none.
 */
final class HeadCheck {

    /** Where in the head; the names of the request line's parts are those of RFC 9112 section 3. */
    private enum Place { EMPTY_LINES, METHOD, TARGET, VERSION, FIELDS, DONE }

    /** RFC 9112 section 2.3, with 0 for any digit; which versions there are is not asked here. */
    private static final String VERSION = "HTTP/0.0";

    private Place place = Place.EMPTY_LINES;
    /** Bytes of the present part (of the request line) or of the present line. */
    private int length;
    private boolean afterCr;
    /** The names of all fields, each with its colon; bounded by the parser, which ends a head that is too long. */
    private byte[] names = new byte[256];
    private int namesEnd;
    private int nextName;
    private boolean inName;

    /** For the next head; nothing where that has not begun, of whose empty lines one may be here in part. */
    void reset() {
        if (place == Place.EMPTY_LINES) {
            return;
        }
        place = Place.EMPTY_LINES;
        length = 0;
        afterCr = false;
        namesEnd = 0;
        nextName = 0;
        inName = false;
    }

    /** Whether the request line was looked at as a whole, and is in order. */
    boolean isBehindLine() {
        return place == Place.FIELDS || place == Place.DONE;
    }

    /**
     * The name of the next field, in the order of the head.
     *
     * @param parsed what the parser makes of it, which may differ in case; given back where it does not
     */
    String nextName(String parsed) {
        int begin = nextName;
        boolean same = true;
        while (nextName < namesEnd && names[nextName] != ':') {
            int at = nextName - begin;
            same &= at < parsed.length() && parsed.charAt(at) == names[nextName];
            nextName++;
        }
        String name = same ? parsed : new String(names, begin, nextName - begin, StandardCharsets.ISO_8859_1);
        nextName++;
        return name.equalsIgnoreCase(parsed) ? name : parsed;
    }

    /**
     * Looks at what was not looked at before and leaves the buffer as it is; goes no further than the end of the head.
     *
     * @return null, or what is wrong
     */
    String look(ByteBuffer buffer) {
        for (int i = buffer.position(); i < buffer.limit() && place != Place.DONE; i++) {
            int b = buffer.get(i) & 0xFF;
            String broken = b == '\n' || afterCr ? lineEnd(b) : b == '\r' ? carriageReturn() : byteOf(b);
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private String carriageReturn() {
        afterCr = true;
        return null;
    }

    private String lineEnd(int b) {
        if (!afterCr) {
            return "LF without CR";
        }
        if (b != '\n') {
            return "CR without LF";
        }
        afterCr = false;
        switch (place) {
            case METHOD, TARGET -> {
                return "no version in the request line";
            }
            case VERSION -> {
                if (length != VERSION.length()) {
                    return "not an HTTP version";
                }
                place = Place.FIELDS;
                inName = true;
            }
            case FIELDS -> {
                if (length == 0) {
                    place = Place.DONE;
                }
                inName = true;
            }
            default -> {
                // an empty line before the request line: RFC 9112 section 2.2 wants it ignored
            }
        }
        length = 0;
        return null;
    }

    private String byteOf(int b) {
        return switch (place) {
            case EMPTY_LINES -> {
                place = Place.METHOD;
                yield byteOf(b);
            }
            case METHOD -> part(b, Place.TARGET, b < 0x80, "not a method");
            case TARGET -> part(b, Place.VERSION, b > ' ' && b < 0x7F && b != '#', "a byte in the request target that no URI has");
            case VERSION -> isVersion(b, length++) ? null : "not an HTTP version";
            default -> {
                length++;
                if (inName) {
                    name(b);
                }
                yield null;
            }
        };
    }

    private void name(int b) {
        if (namesEnd == names.length) {
            names = Arrays.copyOf(names, 2 * namesEnd);
        }
        names[namesEnd++] = (byte) b;
        inName = b != ':';
    }

    private static boolean isVersion(int b, int at) {
        if (at >= VERSION.length()) {
            return false;
        }
        char expected = VERSION.charAt(at);
        return expected == '0' ? b >= '0' && b <= '9' : b == expected;
    }

    private String part(int b, Place next, boolean allowed, String broken) {
        if (b == ' ') {
            if (length == 0) {
                return "more than one space in the request line";
            }
            place = next;
            length = 0;
            return null;
        }
        length++;
        return allowed ? null : broken;
    }
}

package io.adit.origin;

import java.nio.ByteBuffer;

/**
 * Follows the bytes of a response's body to its end, to see whether more comes: the client drops what is left of a read behind a response
 * without a word, and the rest of it would be the answer to the next request (RFC 9112 section 6.3). It goes over data in one step and
 * judges nothing but empty lines in the place of a chunk's size, which the client passes over (RFC 9112 section 7.1); what else is malformed
 * the client finds.
 *
 * <p>Thread-safety: none.
 */
final class Extent {

    private enum Place { UNKNOWN, DATA, SIZE, EXTENSION, TRAILERS, END }

    private static final long LARGEST = Long.MAX_VALUE >> 5;

    private Place place = Place.UNKNOWN;
    private boolean chunked;
    private boolean digits;
    private boolean emptyLine;
    /** The line end of a chunk's data comes first. */
    private boolean afterData;
    private long left;
    private boolean exceeded;
    private boolean broken;

    /** Nothing is known of where it ends, and nothing is looked at. */
    void endless() {
        place = Place.UNKNOWN;
    }

    /** @param length bytes of the body */
    void length(long length) {
        chunked = false;
        left = length;
        place = length == 0 ? Place.END : Place.DATA;
    }

    void chunked() {
        chunked = true;
        size(false);
    }

    /** More came than the response has. It stays so. */
    boolean isExceeded() {
        return exceeded;
    }

    /** An empty line came where a chunk's size was due. It stays so. */
    boolean isBroken() {
        return broken;
    }

    /** Looks at the next bytes of the body, which are those between two positions of a buffer, and leaves the buffer as it is. */
    void look(ByteBuffer buffer, int from, int to) {
        for (int i = from; i < to && place != Place.UNKNOWN; i++) {
            if (place == Place.DATA) {
                long step = Math.min(left, to - i);
                left -= step;
                i += (int) step - 1;
                if (left == 0) {
                    data();
                }
            } else if (place == Place.END) {
                exceeded = true;
                return;
            } else {
                framing(buffer.get(i));
            }
        }
    }

    private void data() {
        if (chunked) {
            size(true);
        } else {
            place = Place.END;
        }
    }

    private void size(boolean behindData) {
        place = Place.SIZE;
        afterData = behindData;
        digits = false;
        left = 0;
    }

    private void framing(byte next) {
        if (next == '\n') {
            line();
        } else if (place == Place.TRAILERS) {
            emptyLine &= next == '\r';
        } else if (place == Place.SIZE && next != '\r') {
            int digit = Character.digit(next, 16);
            if (digit < 0) {
                place = Place.EXTENSION;
            } else {
                digits = true;
                left = Math.min(LARGEST, left) * 16 + digit;
            }
        }
    }

    private void line() {
        if (place == Place.TRAILERS) {
            place = emptyLine ? Place.END : place;
        } else if (digits) {
            place = left == 0 ? Place.TRAILERS : Place.DATA;
        } else {
            broken |= !afterData;
            afterData = false;
        }
        emptyLine = true;
    }
}

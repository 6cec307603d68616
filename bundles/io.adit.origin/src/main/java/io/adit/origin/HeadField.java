package io.adit.origin;

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * The whole head of a request in the shape of one field, so that it goes out as it came. Jetty's generator writes the request line from a URI,
 * gives known fields their usual case, and writes the framing last; but the very last that it writes before the empty line is Connection. This
 * is the Connection field of each of our requests, and it puts our head in the place of all that was written before it. The framing of the
 * body stays the generator's, and the head says the same, for both go by the declared length.
 */
final class HeadField extends PreEncodedHttpField {

    private final byte[] head;

    /** @param head request line and fields, each with its line end, without the empty line */
    HeadField(byte[] head) {
        super(HttpHeader.CONNECTION, "");
        this.head = head;
    }

    /** Writes over all that the buffer has; with BufferOverflowException, as Jetty wants it, where the head is too large for it. */
    @Override
    public void putTo(ByteBuffer buffer, HttpVersion version) {
        buffer.position(0).put(head);
    }
}

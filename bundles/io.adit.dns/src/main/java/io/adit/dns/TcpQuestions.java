package io.adit.dns;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

import org.xbill.DNS.Header;

/**
 * Cuts the bytes of a TCP connection into messages, each after its length in two bytes (RFC 1035 section 4.2.2). Bounded: a message longer than any
 * question is an error.
 *
 * <p>Not thread-safe.
 */
final class TcpQuestions {

    /** No question is longer: a name of 255 bytes, and EDNS with its options. */
    static final int LONGEST = 4096;
    private static final int LENGTH = 2;

    private byte[] bytes = new byte[512];
    private int from;
    private int to;

    /** Takes all of it. */
    void add(ByteBuffer more) {
        int size = to - from;
        if (size + more.remaining() > bytes.length - from) {
            bytes = Arrays.copyOfRange(bytes, from, from + Math.max(size + more.remaining(), Math.min(bytes.length, 2 * LONGEST)));
            from = 0;
            to = size;
        }
        int length = more.remaining();
        more.get(bytes, to, length);
        to += length;
    }

    /** How many bytes wait. */
    int size() {
        return to - from;
    }

    /**
     * @return the next complete message
     * @throws IllegalStateException when there never will be one
     */
    Optional<byte[]> next() {
        if (size() < LENGTH) {
            return Optional.empty();
        }
        int length = (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
        if (length < Header.LENGTH || length > LONGEST) {
            throw new IllegalStateException("a message of " + length + " bytes");
        }
        if (size() < LENGTH + length) {
            return Optional.empty();
        }
        byte[] message = Arrays.copyOfRange(bytes, from + LENGTH, from + LENGTH + length);
        from += LENGTH + length;
        return Optional.of(message);
    }
}

package io.adit.api;

/**
 * A snapshot of a stream.
 *
 * @param id message box id
 * @param ageMillis since it was opened
 * @param idleMillis since body bytes last moved, in either direction; since it was opened where none did
 * @param waitsFor what the bytes that are there wait for: {@code credit} from the other side, {@code reader} on this one; else empty, and
 *        nothing is held up here
 * @param bytesIn bytes of the body received
 * @param bytesOut bytes of the body sent
 * @param buffered of those received, bytes that nobody has read yet
 * @param window most bytes that the other side may be ahead of the reader
 * @param credit bytes that may be sent at once
 */
public record StreamInfo(int id, String method, String target, long ageMillis, long idleMillis, String waitsFor, long bytesIn, long bytesOut,
        long buffered, int window, long credit) {

    /** How long bytes have been held up; 0 when none are. */
    public long stallMillis() {
        return waitsFor.isEmpty() ? 0 : idleMillis;
    }
}

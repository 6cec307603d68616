package io.adit.api;

import java.time.Instant;

/**
 * A snapshot of a session.
 *
 * @param remote address and port of the other side
 * @param since when it was registered
 * @param codec the codec version in use
 * @param roundTripMicros the lowest round trip of the last probes in microseconds, 0 when none is known
 * @param streams open now
 * @param totalStreams opened since the start
 * @param bytesIn bytes received, frames included
 * @param bytesOut bytes sent, frames included
 * @param state open, draining or closed
 */
public record SessionInfo(String id, String remote, Instant since, int codec, long roundTripMicros, int streams, long totalStreams,
        long bytesIn, long bytesOut, String state) {
}

package io.adit.tunnel.internal;

/**
 * The engine's configured limits, checked. Bytes and nanoseconds.
 *
 * @param pool bytes of credit that all sessions together may promise
 * @param maxStreams streams open at a time in one session
 * @param initialWindow most bytes of credit that a response starts with
 * @param uploadWindow bytes of credit that a request body starts with
 * @param maxWindow most bytes that a window grows to
 * @param handshake deadline of the handshake
 * @param codecRelease how long a codec's service may be held up until every session has left it, and how long the other side may take to leave a version
 * @param park how long a session waits for a codec that both sides have
 * @param controlRate idle packets (pings, resets of nothing, windows that change nothing) a second
 */
record Limits(long pool, int maxStreams, int initialWindow, int uploadWindow, int maxWindow, long handshake, long codecRelease, long park,
        int controlRate, KeepAlive.Timing timing) {

    static final int LEAST_WINDOW = 16 * 1024;
}

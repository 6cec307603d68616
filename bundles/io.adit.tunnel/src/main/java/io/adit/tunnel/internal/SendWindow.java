package io.adit.tunnel.internal;

/**
 * The sender's side of one stream's credit, as two growing counters (PROTOCOL W1..W3). Guarded by the session's lock.
 */
final class SendWindow {

    private long limit;
    private long sent;

    SendWindow(long initial) {
        limit = initial;
    }

    int available() {
        return (int) Math.min(limit - sent, Integer.MAX_VALUE);
    }

    void sent(int bytes) {
        sent += bytes;
    }

    long sent() {
        return sent;
    }

    /** True when the offset raises the limit; a lower one is old news and harmless (W2). */
    boolean raise(long offset) {
        if (offset <= limit) {
            return false;
        }
        limit = offset;
        return true;
    }
}

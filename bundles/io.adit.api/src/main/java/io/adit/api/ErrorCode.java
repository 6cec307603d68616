package io.adit.api;

import java.util.Locale;

/**
 * Why a stream was reset or a session was ended: the closed set of codes on the wire (PROTOCOL section 8).
 * {@link #isRetryable} tells whether a request that ended so was certainly not processed and may be sent again, whatever its method.
 */
public enum ErrorCode {
    NONE(0, "no error"),
    PROTOCOL(1, "protocol violation"),
    INTERNAL(2, "internal error"),
    FLOW_CONTROL(3, "credit exceeded"),
    /** The other side's user went away (a browser closed, an upload was aborted). */
    CANCEL(4, "cancelled"),
    /** Not processed: over a limit or draining. */
    REFUSED(5, "refused, not processed", true),
    ORIGIN_UNREACHABLE(6, "origin unreachable"),
    ORIGIN_TIMEOUT(7, "origin silent"),
    ORIGIN_BROKEN(8, "origin sent no valid response"),
    /** The origin or the visitor broke off in the middle of a body. */
    CUT(9, "message cut short"),
    TOO_LARGE(10, "too large"),
    STALLED(11, "no progress within the deadline"),
    SESSION_LOST(12, "session lost"),
    SHUTDOWN(13, "shutting down"),
    /** A newer session of the same name took over. */
    REPLACED(14, "replaced by a newer session"),
    /** The name or its secret is not accepted; do not try again with the same invitation. */
    UNAUTHORIZED(15, "invitation refused"),
    REVOKED(16, "invitation revoked"),
    NO_CODEC(17, "no common codec version"),
    KEEP_ALIVE(18, "keep-alive deadline passed"),
    HANDSHAKE_TIMEOUT(19, "handshake deadline passed"),
    FLOOD(20, "too many control packets"),
    VERSION(21, "no common protocol version"),
    /** The peer serves at another proxy from now on; it asks its registration server where. */
    MOVED(22, "moved to another proxy"),
    /** The ticket is not one for this proxy and now; the registration server gives another. */
    TICKET(23, "ticket refused"),
    /** The time of the invitation is over; do not try again before it was renewed. */
    EXPIRED(24, "invitation expired");

    private static final ErrorCode[] BY_CODE = values();

    private final int code;
    private final String text;
    private final boolean retryable;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    ErrorCode(int code, String text) {
        this(code, text, false);
    }

    ErrorCode(int code, String text, boolean retryable) {
        this.code = code;
        this.text = text;
        this.retryable = retryable;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** For people, lower case, no full stop. */
    public String text() {
        return text;
    }

    /** For metrics and logs: the name in lower case, with hyphens. */
    public String label() {
        return label;
    }

    public boolean isRetryable() {
        return retryable;
    }

    /** The code of that number; an unknown one (a newer version's) means {@link #INTERNAL}. */
    public static ErrorCode of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : INTERNAL;
    }
}

package io.adit.tunnel.internal;

import io.adit.api.ErrorCode;

/** The other side broke a rule of PROTOCOL in a way that ends the session. */
final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    ProtocolViolation(String rule, String what) {
        this(ErrorCode.PROTOCOL, rule, what);
    }

    ProtocolViolation(ErrorCode code, String rule, String what) {
        super(rule + ": " + what, null, false, false);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }
}

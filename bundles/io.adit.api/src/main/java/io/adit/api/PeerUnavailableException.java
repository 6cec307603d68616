package io.adit.api;

/** No stream could be opened: the session drains, is closed, or is at its limit. Nothing was sent; any request may be tried elsewhere. */
public class PeerUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public PeerUnavailableException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}

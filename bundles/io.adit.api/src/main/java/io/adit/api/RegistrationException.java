package io.adit.api;

/** A registration, or an invitation, was refused. The message is one line that can be shown to the owner. */
public class RegistrationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public RegistrationException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}

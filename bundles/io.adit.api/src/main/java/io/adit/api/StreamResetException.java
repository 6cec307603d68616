package io.adit.api;

/** The stream ended abnormally: by a reset from either side, or with its session. Carries the first cause. */
public class StreamResetException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean remote;
    private final boolean notProcessed;

    /**
     * @param remote true when the other side said so
     * @param notProcessed true when the other side certainly did not process the request, so that any method may be sent again
     */
    public StreamResetException(ErrorCode code, boolean remote, boolean notProcessed, String reason) {
        super(reason == null || reason.isEmpty() ? code.text() : code.text() + ": " + reason, null, false, false);
        this.code = code;
        this.remote = remote;
        this.notProcessed = notProcessed;
    }

    public ErrorCode code() {
        return code;
    }

    public boolean isRemote() {
        return remote;
    }

    public boolean isNotProcessed() {
        return notProcessed;
    }
}

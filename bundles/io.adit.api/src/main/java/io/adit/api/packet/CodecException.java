package io.adit.api.packet;

/** A packet that cannot be encoded, or bytes that are no packet. The message names the part and the reason, never the content. */
public class CodecException extends Exception {
    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}

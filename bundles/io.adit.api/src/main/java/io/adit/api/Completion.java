package io.adit.api;

/**
 * What to do when one operation is done. Exactly one of the two is called, once, on an executor thread that may be used for short
 * work but must not be blocked.
 */
public interface Completion {
    /** For operations whose end nobody waits for: a failure also reaches the stream's {@link MessageStream#onReset}. */
    Completion NONE = new Completion() {
        @Override
        public void succeeded() {
        }

        @Override
        public void failed(Throwable cause) {
        }
    };

    void succeeded();

    void failed(Throwable cause);
}

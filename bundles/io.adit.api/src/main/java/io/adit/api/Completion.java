package io.adit.api;

/**
 * What to do when one operation is done. Exactly one of the two is called, once, on an executor thread that may be used for short
 * work but must not be blocked; or as {@link #isInline()} says.
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

    /**
     * Whether {@link #succeeded()} may come on the thread that began the operation, at the end of that very call, where it is done by then: that saves a hand-over
     * to another thread. Only for one that copes with being called before the call that it waits for returns, and does not nest by it.
     */
    default boolean isInline() {
        return false;
    }

    void succeeded();

    void failed(Throwable cause);
}

package io.adit.api;

import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

/** Tries all that has to work, step by step, and says in words what does not. A service. Thread-safety: thread-safe; nothing blocks. */
@ProviderType
public interface Diagnosis {

    /** More is not tried at a time. */
    final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public BusyException() {
            super("a diagnosis is under way already: try again in a moment", null, false, false);
        }
    }

    /**
     * Of this container: at a proxy its ports and its network, with a name also the way to that peer; at a peer its way to the proxy and back.
     *
     * @param name of a peer; may be empty
     * @return completes within the sum of the steps' deadlines
     * @throws BusyException when one is under way
     */
    CompletionStage<CheckReport> diagnose(String name);
}

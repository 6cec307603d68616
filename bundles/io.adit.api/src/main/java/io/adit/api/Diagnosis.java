package io.adit.api;

import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

/** Tries all that has to work, step by step, and says in words what does not. A service. Thread-safety: thread-safe; nothing blocks. */
@ProviderType
public interface Diagnosis {

    /** One of another name is not made at the same time. */
    final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public BusyException() {
            super("another diagnosis is running here: try again in a moment", null, false, false);
        }
    }

    /**
     * Of this container: at a proxy its ports and its network, with a name also the way to that peer; at a peer its way to the proxy and back.
     *
     * @param name of a peer; may be empty
     * @return completes within the sum of the steps' deadlines; one of that name that is under way, rather than a second
     * @throws BusyException when one of another name is under way
     */
    CompletionStage<CheckReport> diagnose(String name);
}

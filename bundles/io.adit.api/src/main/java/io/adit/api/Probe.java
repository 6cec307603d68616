package io.adit.api;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

/** Sends a request through the tunnel of a peer of this proxy, and says what each leg took and what is wrong. A service. Thread-safety: thread-safe; nothing blocks. */
@ProviderType
public interface Probe {

    /**
     * Asks the peer's origin for the head of {@code /}.
     *
     * @param deadline for the answer
     * @return completes within the deadline, and a little; never exceptionally
     */
    CompletionStage<CheckReport> probe(String name, Duration deadline);
}

package io.adit.api;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Who is connected: name -> session. Thread-safety: thread-safe; nothing blocks.
 */
@ProviderType
public interface PeerManager {

    /**
     * A peer's session serves from now on under that name. An older session of the name stops getting requests at once and is drained
     * with {@link ErrorCode#REPLACED}. The entry goes when the session closes.
     */
    void attach(String name, PeerSession session);

    /** The session that serves the name now. */
    Optional<PeerSession> find(String name);

    /**
     * The session that serves the name, now or as soon as it is back within the grace time after its loss (configured; at once where the
     * name has been away for longer). Completes with empty when it does not come back, or when too many wait already.
     */
    CompletionStage<Optional<PeerSession>> await(String name);

    /** A snapshot: name -> session, of those connected. */
    Map<String, PeerSession> connected();

    /** Drains every session (the proxy shuts down); completes when all are closed. */
    CompletionStage<Void> drainAll(Duration deadline);
}

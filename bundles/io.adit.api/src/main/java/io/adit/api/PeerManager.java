package io.adit.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Who is connected: name -> the sessions that serve it, of several peers where the name may have them. Thread-safety: thread-safe; nothing blocks.
 */
@ProviderType
public interface PeerManager {

    /**
     * A peer's session serves from now on under that name. An older one of the same peer ({@link Details#INSTANCE}), and the oldest of those that
     * are too many for the name, stop getting requests at once and are drained with {@link ErrorCode#REPLACED}. The entry goes when the session closes.
     */
    void attach(String name, PeerSession session);

    /** Of the sessions that serve the name now, one with the fewest streams; one that takes none ({@link PeerSession#load}) only where all are so. */
    Optional<PeerSession> find(String name);

    /** Another session of the name than that one, which takes a stream now; with the fewest. */
    Optional<PeerSession> other(String name, PeerSession than);

    /**
     * As {@link #find}, now or as soon as one is back within the grace time after the loss of the last (configured; at once where the
     * name has been away for longer). Completes with empty when it does not come back, or when too many wait already.
     */
    CompletionStage<Optional<PeerSession>> await(String name);

    /** A snapshot: name -> its sessions, the newest first, of those connected. */
    Map<String, List<PeerSession>> connected();

    /** Drains every session (the proxy shuts down); completes when all are closed. */
    CompletionStage<Void> drainAll(Duration deadline);
}

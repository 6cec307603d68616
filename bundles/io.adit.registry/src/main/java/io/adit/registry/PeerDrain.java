package io.adit.registry;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.adit.api.PeerManager;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What the launcher calls before it stops the framework: drains every session. Its order is after the HTTP endpoint's, which needs the
 * sessions for the requests that it finishes. Thread-safety: thread-safe.
 */
@Component(service = Function.class, property = "io.adit.drain:Integer=20")
public final class PeerDrain implements Function<Duration, CompletionStage<Void>> {

    private final PeerManager peers;

    @Activate
    public PeerDrain(@Reference PeerManager peers) {
        this.peers = peers;
    }

    @Override
    public CompletionStage<Void> apply(Duration deadline) {
        return peers.drainAll(deadline);
    }
}

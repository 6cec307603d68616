package io.adit.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/** A peer of this container, for its owner: a service of the connector. Thread-safety: thread-safe; nothing blocks. */
@ProviderType
public interface PeerNode {

    Status status();

    /** The session that serves now. */
    Optional<PeerSession> session();

    /** How it dials, for a diagnosis. */
    default Optional<Way> way() {
        return Optional.empty();
    }

    /**
     * How a peer dials. Its text tells no secret.
     *
     * @param via the URL of the forward proxy, without a login; empty for none
     */
    record Way(Invitation invitation, String via) {
        public Way {
            Objects.requireNonNull(invitation, "invitation");
            Objects.requireNonNull(via, "via");
        }
    }

    /**
     * How it is.
     *
     * @param name the peer's name
     * @param state {@code connected}; {@code connecting}, which goes on until it succeeds; or {@code stopped}, since it makes no sense to go on
     * @param since when it became so
     * @param url where browsers reach it; empty before the first connection
     * @param proxy name and address of the proxy that it is connected to, or was last; empty before the first connection
     * @param reason why it is not connected, one line; else empty
     */
    record Status(String name, String state, Instant since, String url, String proxy, String reason) {
        public Status {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(proxy, "proxy");
            Objects.requireNonNull(reason, "reason");
        }
    }
}

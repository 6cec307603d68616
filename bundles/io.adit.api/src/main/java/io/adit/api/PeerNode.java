package io.adit.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/** A peer of this container, for its owner: a service of the connector, with its state as property {@code state}. Thread-safety: thread-safe; nothing blocks. */
@ProviderType
public interface PeerNode {

    Status status();

    /** The session that serves now. */
    Optional<PeerSession> session();

    /** What kind of thing it is that keeps it from being connected. */
    enum Trouble {
        /** It is connected, or has not tried yet. */
        NONE,
        /** The proxy is not reached, or was lost. */
        NETWORK,
        /** The forward proxy does not let it through. */
        FORWARD_PROXY,
        /** The forward proxy refuses its login. */
        LOGIN,
        /** The proxy shows another certificate than it must. */
        CERTIFICATE,
        /** The invitation is no good, or not any more. */
        INVITATION,
        /** Another peer took the name over with the same invitation. */
        TAKEN_OVER,
        /** The two sides have no codec version in common. */
        CODEC,
        /** Something else; the reason says what. */
        OTHER
    }

    default Trouble trouble() {
        return Trouble.NONE;
    }

    /** When it tries next; empty where it does not, or now. */
    default Optional<Instant> nextAttempt() {
        return Optional.empty();
    }

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

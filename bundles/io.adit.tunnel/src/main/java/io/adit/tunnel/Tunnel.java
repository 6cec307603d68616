package io.adit.tunnel;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationException;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The engine as a service: makes a session out of a transport, on either side. Thread-safety: thread-safe.
 */
@ProviderType
public interface Tunnel {

    /**
     * The proxy's side of a new transport. The handshake has a deadline; until it is done the other side may say very little.
     *
     * @param fingerprint SHA-256 of the certificate shown; empty without TLS
     * @return where the transport delivers
     */
    TransportListener accept(Transport transport, byte[] fingerprint, ProxySide side);

    /**
     * The peer's side of a new transport: says hello at once and registers.
     *
     * @param fingerprint SHA-256 of the certificate seen; empty without TLS
     * @return where the transport delivers
     */
    TransportListener connect(Transport transport, byte[] fingerprint, PeerSide side);

    /** What a proxy answers in the handshake, and where sessions go. */
    @ConsumerType
    interface ProxySide {

        /** Checks a peer's register packet; on an executor thread, may wait for a store but not long. */
        Registered register(Register register, byte[] transcript) throws RegistrationException;

        /** The peer is registered and may be given requests; on an executor thread, before the peer learns it. */
        void opened(String name, PeerSession session);

        /** It ended before it was opened; on an executor thread. For the log. */
        void failed(ErrorCode code, String reason);
    }

    /** What a peer says in the handshake, and who answers requests. */
    @ConsumerType
    interface PeerSide {

        String name();

        /** The secret of the name; 32 bytes. */
        byte[] secret();

        /** Product and version, for the proxy's operators. */
        String agent();

        /** What the registration server gave for this proxy; empty where there is none. */
        byte[] ticket();

        /** What the peer says of itself (PROTOCOL A5). */
        Fields details();

        /** Who answers requests now; null when nobody does. */
        RequestHandler handler();

        /** The session is up; on an executor thread. */
        void opened(Registered registered, PeerSession session);

        /** The proxy will end the session, but not yet: it is time to look for another. On an executor thread; once at most. */
        default void goingAway(ErrorCode code) {
            // who does not care learns it when the session is closed
        }

        /**
         * The session ended, or never came up; on an executor thread; once, last.
         *
         * @param remote true when the proxy said so
         */
        void closed(ErrorCode code, boolean remote, String reason);
    }
}

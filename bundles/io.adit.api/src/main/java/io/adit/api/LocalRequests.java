package io.adit.api;

import java.util.Optional;

import io.adit.api.packet.Packet.RequestHead;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers requests for a peer itself, instead of its origin: those below {@code /.well-known/adit/} only. A service, asked by the connector. Thread-safe,
 * and it does not block.
 */
@ConsumerType
public interface LocalRequests {

    /** Below it. */
    String FOLDER = "/.well-known/adit/";

    /**
     * Who answers this request.
     *
     * @param name the peer's
     * @return empty when it is none of ours
     */
    Optional<RequestHandler> handler(String name, RequestHead head);
}

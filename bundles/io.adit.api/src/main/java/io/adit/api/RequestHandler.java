package io.adit.api;

import io.adit.api.packet.Packet.RequestHead;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers requests at the peer: a service, found by the connector. It must not block: it starts the work and returns.
 */
@ConsumerType
public interface RequestHandler {

    /**
     * A request arrived. The handler reads the body from the stream and answers on it; or resets it.
     *
     * @param last true when the request has no body
     */
    void handle(RequestHead head, boolean last, MessageStream stream);
}

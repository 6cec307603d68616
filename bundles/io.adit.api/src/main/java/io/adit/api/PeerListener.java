package io.adit.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Told what happens to the peers of this proxy: a service, for a console, a log, events. Whoever wants to know which names are served has
 * {@link PresenceListener}.
 *
 * <p>Calls come on the threads that do it, several at a time, so they must not block. What is thrown is logged, and changes nothing. One that
 * comes later, or after an update of the registry, is told of the sessions that are there, as if they had just connected: it may know of them already.
 */
@ConsumerType
public interface PeerListener {

    void happened(PeerEvent event);
}

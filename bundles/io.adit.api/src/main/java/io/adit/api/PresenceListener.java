package io.adit.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Told which names are served, and by which proxy: for a name server, e-mail, hooks of somebody else. A service; one that comes later, or after
 * the registry, is told of every name there is, as if it had just changed. So what it is told may be what it knows already.
 *
 * <p>Calls come one at a time, in the order in which things happened, on a thread of the registry that serves all listeners. They must not block:
 * what takes time goes to a bounded queue of the listener's own. What is thrown is logged, and changes nothing.
 */
@ConsumerType
public interface PresenceListener {

    /** The name is served from now on; the same name again when a newer session serves it, here or elsewhere. */
    void online(Presence presence);

    /** The peer of the name has been away for longer than the grace time. */
    void offline(String name);

    /** The name is no more: it was revoked. */
    void ended(String name);

    /**
     * It has been told of every name there is. After a start of the registry that is when each peer of before is back or has been away for longer than
     * the grace time; a listener that comes later is told at once.
     */
    default void told() {
    }
}

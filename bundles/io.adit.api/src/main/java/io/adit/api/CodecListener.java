package io.adit.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Told when a session sends with another codec version than before: a service. Calls come on the engine's threads, so they must not block. */
@ConsumerType
public interface CodecListener {

    /**
     * It happened.
     *
     * @param name the peer's
     * @param before 0 where the session waited for a codec
     * @param now 0 where it waits for one
     */
    void switched(String name, String session, int before, int now);
}

package io.adit.registry;

import java.time.Instant;

import io.adit.api.Proof.Verifier;

/**
 * One invitation of a name, as the proxy remembers it. Thread-safety: immutable but for {@link #used}, which only ever becomes true.
 */
final class Credential {

    private final Verifier verifier;
    private final Instant invited;
    private volatile boolean used;

    /**
     * @param used whether a session may already run under it: true for those that were stored before this start, false for a new one
     */
    Credential(Verifier verifier, Instant invited, boolean used) {
        this.verifier = verifier;
        this.invited = invited;
        this.used = used;
    }

    Verifier verifier() {
        return verifier;
    }

    Instant invited() {
        return invited;
    }

    /** Whether somebody has proven to know the secret, so that a session of the name can be a session of this invitation. */
    boolean isUsed() {
        return used;
    }

    void use() {
        used = true;
    }
}

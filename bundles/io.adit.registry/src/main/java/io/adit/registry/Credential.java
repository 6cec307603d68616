package io.adit.registry;

import java.time.Instant;
import java.util.Arrays;

import io.adit.api.Proof.Verifier;

/**
 * One invitation of a name, as the registration server remembers it. Thread-safety: immutable but for {@link #used}, which only ever becomes
 * true, and {@link #proxy}, of which the newest revision counts.
 */
final class Credential {

    /** {@link #proxy()} of a name that is served by the registration server itself. */
    static final String HERE = "";

    private final Kind kind;
    private final Verifier verifier;
    private final Instant invited;
    private volatile boolean used;
    private volatile String proxy;
    // guarded by this
    private long revision;

    /**
     * @param used whether a session may already run under it: true for those that were stored before this start, false for a new one
     * @param proxy the name of the proxy that it was assigned to, {@link #HERE}, or null for one that never was
     */
    Credential(Kind kind, Verifier verifier, Instant invited, boolean used, String proxy) {
        this.kind = kind;
        this.verifier = verifier;
        this.invited = invited;
        this.used = used;
        this.proxy = proxy;
    }

    /** Of a peer that was not assigned to any proxy. */
    Credential(Verifier verifier, Instant invited, boolean used) {
        this(Kind.PEER, verifier, invited, used, null);
    }

    Kind kind() {
        return kind;
    }

    Verifier verifier() {
        return verifier;
    }

    Instant invited() {
        return invited;
    }

    /** Whether they are one invitation: its secret says it. */
    boolean isSame(Credential other) {
        return kind == other.kind && Arrays.equals(verifier.storedKey(), other.verifier.storedKey());
    }

    /** Whether somebody has proven to know the secret, so that a session of the name can be a session of this invitation. */
    boolean isUsed() {
        return used;
    }

    void use() {
        used = true;
    }

    /** The proxy that the name was assigned to last, {@link #HERE}, or null. */
    String proxy() {
        return proxy;
    }

    /** @param revision of the store that says so; an older one than before is no news */
    synchronized void assign(String to, long revision) {
        if (revision >= this.revision) {
            this.revision = revision;
            proxy = to;
        }
    }

    /** Where the store does not know it yet. */
    void assign(String to) {
        assign(to, revision());
    }

    /** The revision of the store in which {@link #proxy} was written. */
    synchronized long revision() {
        return revision;
    }
}

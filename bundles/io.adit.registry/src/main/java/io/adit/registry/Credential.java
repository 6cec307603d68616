package io.adit.registry;

import java.time.Instant;
import java.util.Arrays;

import io.adit.api.Details;
import io.adit.api.Proof.Verifier;
import io.adit.api.Terms;
import io.adit.api.packet.Fields;

/**
 * One invitation of a name, as the registration server remembers it. Thread-safety: immutable but for {@link #used}, which only ever becomes
 * true, {@link #proxy}, of which the newest revision counts, and {@link #terms} and {@link #invited}, which are written by {@link Registrations} alone.
 */
final class Credential {

    /** {@link #proxy()} of a name that is served by the registration server itself. */
    static final String HERE = "";

    private final Kind kind;
    private final Verifier verifier;
    private volatile Instant invited;
    private volatile boolean used;
    private volatile String proxy;
    // guarded by this
    private long revision;
    private volatile Terms terms;

    /**
     * @param used whether a session may already run under it: true for those that were stored before this start, false for a new one
     * @param proxy the name of the proxy that it was assigned to, {@link #HERE}, or null for one that never was
     */
    Credential(Kind kind, Verifier verifier, Instant invited, boolean used, String proxy, Terms terms) {
        this.kind = kind;
        this.verifier = verifier;
        this.invited = invited;
        this.used = used;
        this.proxy = proxy;
        this.terms = terms;
    }

    Credential(Kind kind, Verifier verifier, Instant invited, boolean used, String proxy) {
        this(kind, verifier, invited, used, proxy, Terms.DEFAULT);
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

    /** When it was made; of a name that is {@link Kind#OPEN}, when its peer was here last, a day more or less. */
    Instant invited() {
        return invited;
    }

    /** Whether they are one invitation: its secret says it. */
    boolean isSame(Credential other) {
        return kind == other.kind && Arrays.equals(verifier.storedKey(), other.verifier.storedKey());
    }

    void seen(Instant at) {
        invited = at;
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

    /** Takes over what the store says of the same invitation. @return whether it has other terms by that */
    synchronized boolean follow(Credential stored) {
        boolean other = stored.revision() >= revision && !stored.terms.equals(terms);
        if (stored.revision() >= revision) {
            invited = stored.invited;
        }
        assign(stored.proxy, stored.revision());
        if (other) {
            terms = stored.terms;
        }
        return other;
    }

    /** Where the store does not know it yet. */
    void assign(String to) {
        assign(to, revision());
    }

    /** The revision of the store in which {@link #proxy} was written. */
    synchronized long revision() {
        return revision;
    }

    /** What it grants. */
    Terms terms() {
        return terms;
    }

    /** Whether its time is over. */
    boolean isExpired() {
        return terms.expires().isPresent() && terms.isExpired(Instant.now());
    }

    /**
     * What is told of its peer: what that said of itself, but nothing that is for the proxy alone, and who is to be told besides. A peer without an
     * invitation has no mail sent, neither to others nor to itself.
     */
    Fields details(Fields said) {
        Fields.Builder told = Fields.builder();
        said.forEach((name, value) -> {
            boolean mail = name.equalsIgnoreCase(Details.NOTIFY) || name.equalsIgnoreCase(Details.OWNER);
            if (!name.equalsIgnoreCase(Details.VERIFIER) && !(mail && kind == Kind.OPEN)) {
                told.add(name, value);
            }
        });
        terms.notified().forEach(address -> told.add(Details.NOTIFY, address));
        return told.build();
    }

    void change(Terms to) {
        terms = to;
    }
}

package io.adit.registry;

import java.time.Instant;

import io.adit.api.Details;
import io.adit.api.Proof.Verifier;
import io.adit.api.Terms;
import io.adit.api.packet.Fields;

/**
 * One invitation of a name, as the registration server remembers it. Thread-safety: immutable but for {@link #used}, which only ever becomes
 * true, and {@link #proxy}, {@link #terms} and {@link #invited}, which are written by {@link Assignments} and {@link Registrations} alone.
 */
final class Credential {

    /** {@link #proxy()} of a name that is served by the registration server itself. */
    static final String HERE = "";

    private final Kind kind;
    private final Verifier verifier;
    private volatile Instant invited;
    private volatile boolean used;
    private volatile String proxy;
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

    void assign(String to) {
        proxy = to;
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

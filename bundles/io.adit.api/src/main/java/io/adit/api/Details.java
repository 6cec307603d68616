package io.adit.api;

/** Names of the details of REGISTER and REGISTERED (PROTOCOL A5). */
public final class Details {

    /** In REGISTER, who registers: {@code proxy} for a proxy that links to its registration server; without it, a peer. The answer repeats it. */
    public static final String ROLE = "role";
    /** The value of {@link #ROLE} of a proxy. */
    public static final String PROXY = "proxy";
    /** In REGISTER, the name of a proxy that the peer could not reach: it gets another one, if there is one. */
    public static final String AVOID = "avoid";
    /** In REGISTER, what tells a peer from another one of the same name: the same over its restarts. Without it, all peers of a name are one. */
    public static final String INSTANCE = "instance";
    /** In REGISTER of a peer without an invitation, what the proxy keeps of its secret ({@link Proof.Verifier}): StoredKey and ServerKey, in hex. */
    public static final String VERIFIER = "verifier";
    /** In REGISTERED, with a ticket: the SHA-256 of the assigned proxy's certificate in hex, or {@link #OFF} where its tunnel is not encrypted. */
    public static final String CERTIFICATE = "cert";
    /** The value of {@link #CERTIFICATE} for a tunnel without TLS. */
    public static final String OFF = "off";

    /** In REGISTER, the e-mail address of somebody who is told of the name; may come several times. */
    public static final String NOTIFY = "notify";
    /** In REGISTER, the e-mail address of the peer's owner, who is told when the peer goes away for long, and when it is back. */
    public static final String OWNER = "owner";
    /** In REGISTER, the language for them, a tag of RFC 5646. */
    public static final String LANGUAGE = "language";
    /** In REGISTER, a few words that say what there is to see; UTF-8 bytes, one char each. */
    public static final String TITLE = "title";

    private Details() {
    }
}

package io.adit.api;

/** Names of the details of REGISTER and REGISTERED (PROTOCOL A5) that say who registers, and with whom; {@link Presence} has the others. */
public final class Details {

    /** In REGISTER, who registers: {@code proxy} for a proxy that links to its registration server; without it, a peer. The answer repeats it. */
    public static final String ROLE = "role";
    /** The value of {@link #ROLE} of a proxy. */
    public static final String PROXY = "proxy";
    /** In REGISTER, the name of a proxy that the peer could not reach: it gets another one, if there is one. */
    public static final String AVOID = "avoid";
    /** In REGISTERED, with a ticket: the SHA-256 of the assigned proxy's certificate in hex, or {@link #OFF} where its tunnel is not encrypted. */
    public static final String CERTIFICATE = "cert";
    /** The value of {@link #CERTIFICATE} for a tunnel without TLS. */
    public static final String OFF = "off";

    private Details() {
    }
}

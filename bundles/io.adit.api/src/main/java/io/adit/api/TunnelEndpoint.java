package io.adit.api;

import org.osgi.annotation.versioning.ProviderType;

/** Where peers dial this proxy: a service of the acceptor while it listens. */
@ProviderType
public interface TunnelEndpoint {

    /** The host or address that peers dial (advertised). */
    String host();

    /** The port that peers dial (advertised). */
    int port();

    /** SHA-256 of the proxy's certificate (DER), 32 bytes; empty when the tunnel is not encrypted. */
    byte[] fingerprint();
}

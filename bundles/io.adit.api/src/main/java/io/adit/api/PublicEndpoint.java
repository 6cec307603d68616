package io.adit.api;

import org.osgi.annotation.versioning.ProviderType;

/** Where visitors reach this proxy: a service of the public port while it listens. Immutable; when something changes it is a new service. */
@ProviderType
public interface PublicEndpoint {

    /** The URL of the HTTP port without a path: {@code http://HOST:PORT}. */
    String http();

    /** The URL of the HTTPS port without a path, or empty while there is none. */
    String https();
}

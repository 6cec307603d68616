package io.adit.api;

import java.time.Instant;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The proxies of a registration server: itself, where it serves visitors, and those that link to it. A service of the registry. Thread-safety:
 * thread-safe; {@link #inviteProxy} and {@link #move} wait for the store.
 */
@ProviderType
public interface ProxyManager {

    /**
     * A new invitation for another proxy, which links to this registration server with it; an earlier one of that proxy ends.
     *
     * @throws RegistrationException when the name is not allowed, is a peer's, or there is no tunnel endpoint yet; the message is one clear line
     */
    Invitation inviteProxy(String name) throws RegistrationException;

    /** All proxies, sorted by name; this one first, where it serves visitors. */
    List<ProxyInfo> proxies();

    /**
     * Assigns the name to that proxy. If its peer is connected elsewhere, it is told to move, and what it serves there finishes.
     *
     * @param proxy as in {@link #proxies}
     * @throws RegistrationException when there is no such name, or that proxy cannot take it now; the message is one clear line
     */
    void move(String name, String proxy) throws RegistrationException;

    /**
     * One proxy.
     *
     * @param state {@code here}, {@code linked}, {@code draining} or {@code away}
     * @param since when it became so
     * @param tunnel where its peers dial, HOST:PORT; empty when it was not linked since the start
     * @param peers that it serves, or that are on their way to it
     * @param capacity how many it takes; 0 when it was not linked since the start
     */
    record ProxyInfo(String name, String state, Instant since, String tunnel, int peers, int capacity) {
    }
}

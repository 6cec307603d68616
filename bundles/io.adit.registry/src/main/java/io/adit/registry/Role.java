package io.adit.registry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.adit.api.Check;
import io.adit.api.DomainManager;
import io.adit.api.PeerSession;
import io.adit.api.PresenceListener;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;

/** What the registry is in this container: a registration server, or a proxy that is linked to one. Thread-safe. */
interface Role extends AutoCloseable {

    RegistrationManager registrations();

    ProxyManager proxies();

    DomainManager domains();

    Peers peers();

    /** A session that registered: of a peer, or of a linked proxy. */
    void attach(String name, PeerSession session);

    /** For health checks. */
    List<Check> conditions();

    CompletionStage<Void> drainAll(Duration deadline);

    void add(PresenceListener listener);

    void remove(PresenceListener listener);

    /** Sessions stay open. */
    @Override
    void close();
}

package io.adit.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.adit.api.DomainManager;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import io.adit.api.RegistrationManager.NameInfo;

/**
 * The peers of a proxy, as its registry has them; while that is away (it is updated, say) there are none. Thread-safe; nothing blocks but the changes
 * that the registry's managers make.
 */
final class Network implements PresenceListener {

    /** The registry is away. */
    static final class AwayException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AwayException() {
            super("the registry is away just now", null, false, false);
        }
    }

    private final Recorder recorder;
    private final PeerLog log;
    /** By name; of names that are served, so their number is the bound. */
    private final Map<String, Presence> presences = new ConcurrentHashMap<>();
    private volatile RegistrationManager registrations;
    private volatile PeerManager peers;
    private volatile ProxyManager proxies;
    private volatile DomainManager domains;

    Network(Recorder recorder, PeerLog log) {
        this.recorder = recorder;
        this.log = log;
    }

    void set(RegistrationManager manager) {
        registrations = manager;
    }

    void set(PeerManager manager) {
        peers = manager;
    }

    void set(ProxyManager manager) {
        proxies = manager;
    }

    void set(DomainManager manager) {
        domains = manager;
    }

    /** One that is not the current one any more changes nothing: the next may be here before the last goes. */
    void unset(Object manager) {
        registrations = registrations == manager ? null : registrations;
        peers = peers == manager ? null : peers;
        proxies = proxies == manager ? null : proxies;
        domains = domains == manager ? null : domains;
    }

    /** @throws AwayException where there is none now */
    RegistrationManager registrations() {
        return here(registrations);
    }

    /** @throws AwayException where there is none now */
    ProxyManager proxies() {
        return here(proxies);
    }

    /** @throws AwayException where there is none now */
    DomainManager domains() {
        return here(domains);
    }

    /** Empty at a linked proxy, which has no names of its own. */
    Optional<DomainManager> findDomains() {
        return Optional.ofNullable(domains);
    }

    private static <T> T here(T service) {
        if (service == null) {
            throw new AwayException();
        }
        return service;
    }

    /** @throws AwayException where there is no registry now */
    List<NameInfo> names() {
        return registrations().names();
    }

    /** Those that are connected here; empty while the registry is away. */
    Map<String, List<PeerSession>> sessions() {
        PeerManager now = peers;
        return now == null ? Map.of() : now.connected();
    }

    /** Those of one name, the newest first. */
    List<PeerSession> sessions(String name) {
        return sessions().getOrDefault(name, List.of());
    }

    /** The one that gets the next request. */
    Optional<PeerSession> session(String name) {
        return here(peers).find(name);
    }

    /** Empty where it is not served now, or nobody tells this proxy. */
    Optional<Presence> presence(String name) {
        return Optional.ofNullable(presences.get(name));
    }

    @Override
    public void online(Presence presence) {
        presences.put(presence.name(), presence);
    }

    @Override
    public void offline(String name) {
        presences.remove(name);
    }

    @Override
    public void ended(String name) {
        presences.remove(name);
        recorder.forget(name);
        log.forget(name);
    }
}

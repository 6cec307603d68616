package io.adit.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.adit.api.ErrorCode;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.RegistrationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which proxy serves which name: the last one if it can, else the least loaded. What was decided is in the store and in {@link Credentials}, and is
 * what linked proxies are believed by.
 *
 * <p>Thread-safety: thread-safe; one decision at a time, which may wait for the store.
 */
final class Assignments {

    /**
     * This registration server as a proxy.
     *
     * @param serves whether visitors come here at all
     * @param capacity how many peers it takes
     */
    record Here(String name, boolean serves, int capacity) {
    }

    /** Another proxy, and what it says of itself. */
    record Elsewhere(String proxy, Announcement announcement) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

    private final NameStore store;
    private final Credentials credentials;
    private final Peers peers;
    private final Directory directory;
    private final Here here;

    Assignments(NameStore store, Credentials credentials, Peers peers, Directory directory, Here here) {
        this.store = store;
        this.credentials = credentials;
        this.peers = peers;
        this.directory = directory;
        this.here = here;
    }

    /**
     * For a peer that has proven who it is.
     *
     * @param avoid a proxy that it could not reach, or null
     * @return where it goes; empty when it stays here
     * @throws RegistrationException REFUSED, when no proxy can take it now
     */
    synchronized Optional<Elsewhere> assign(String name, Credential credential, String avoid) throws RegistrationException {
        List<Balance.Candidate> candidates = new ArrayList<>(directory.candidates(name));
        if (here.serves()) {
            int others = peers.count() - peers.of(name).size();
            candidates.add(new Balance.Candidate(Credential.HERE, others, here.capacity()));
        }
        // all peers of a name are at one proxy: that one of them does not reach it moves none that does
        boolean shared = avoid != null && credential.terms().peers() > 1 && directory.serves(avoid, name);
        Optional<String> chosen = Balance.choose(candidates, credential.proxy(), shared ? null : avoid);
        if (chosen.isEmpty()) {
            throw new RegistrationException(ErrorCode.REFUSED, "no proxy can take '" + name + "' now: " + (candidates.isEmpty()
                    ? "none is linked to this registration server" : "each of the " + candidates.size() + " has as many peers as it takes"));
        }
        return place(name, credential, chosen.get());
    }

    /** For an operator. */
    synchronized void move(String text, String proxy) throws RegistrationException {
        String name = Names.fold(text);
        Credential credential = credentials.peer(name)
                .orElseThrow(() -> new RegistrationException(ErrorCode.REFUSED, "there is no name '" + Names.printable(name) + "'"));
        String to = here.serves() && proxy.equals(here.name()) ? Credential.HERE : Names.fold(proxy);
        if (!to.equals(Credential.HERE) && directory.candidates(name).stream().noneMatch(each -> each.proxy().equals(to))) {
            throw new RegistrationException(ErrorCode.REFUSED, "'" + name + "' cannot move to '" + Names.printable(proxy) + "': it is no proxy that is linked now");
        }
        LOG.info("moved name={} from={} to={}", name, shown(credential.proxy()), shown(to));
        place(name, credential, to);
    }

    private Optional<Elsewhere> place(String name, Credential credential, String to) throws RegistrationException {
        String from = credential.proxy();
        // one that has no other proxies does not write what there is to know
        boolean changed = !to.equals(from) && !(from == null && to.equals(Credential.HERE) && credentials.count(Kind.PROXY) == 0);
        if (changed) {
            try {
                credential.assign(to, store.assign(name, to));
            } catch (SQLException e) {
                // no reason to turn the peer away: what is known here counts, and it is written later
                LOG.warn("assigned, but the store does not know it yet name={} proxy={}: {}", name, shown(to), Registrations.line(e));
                credential.assign(to);
            }
        }
        Optional<Elsewhere> elsewhere = Optional.empty();
        if (!to.equals(Credential.HERE)) {
            elsewhere = directory.assigned(name, to, credential.terms().peers()).map(announcement -> new Elsewhere(to, announcement));
            if (elsewhere.isEmpty()) {
                throw new RegistrationException(ErrorCode.REFUSED, "the proxy '" + to + "' has just gone");
            }
        }
        if (changed && to.equals(Credential.HERE)) {
            peers.expect(name);
        }
        if (changed && from != null && !from.equals(Credential.HERE)) {
            directory.displaced(name, from);
        } else if (changed && !to.equals(Credential.HERE)) {
            peers.moveOn(name);
        }
        return elsewhere;
    }

    /** Nobody serves the name any more, for that reason. */
    synchronized void ended(String name, Instant at, ErrorCode reason) {
        directory.ended(name, at, reason);
    }

    /** The name has other terms. */
    synchronized void changed(String name, Credential credential) {
        String proxy = credential.proxy();
        if (proxy != null && !proxy.equals(Credential.HERE)) {
            directory.terms(name, proxy);
        }
    }

    /** The invitation of a proxy ended. */
    synchronized void endedProxy(String proxy) {
        directory.end(proxy);
    }

    /** This one first, where it serves. */
    List<ProxyInfo> proxies(ProxyInfo self) {
        List<ProxyInfo> all = new ArrayList<>(here.serves() ? List.of(self) : List.of());
        all.addAll(directory.proxies());
        return all;
    }

    Here here() {
        return here;
    }

    private static String shown(String proxy) {
        return proxy == null ? "-" : proxy.isEmpty() ? "here" : proxy;
    }
}

package io.adit.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.adit.api.DomainManager;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.Proof;
import io.adit.api.ProxyManager;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.SessionInfo;
import io.adit.api.Terms;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;

/**
 * Registrations at a proxy that is linked to a registration server: it has no names of its own, and takes peers with a ticket. Thread-safety:
 * thread-safe; {@link #register} may wait for the look-up of the advertised host's address.
 */
final class LinkedRegistrations implements RegistrationManager, ProxyManager, DomainManager {

    private static final String ELSEWHERE = "this proxy has no names of its own: ask its registration server";

    private final Assigned assigned;
    private final Tickets tickets;
    private final Peers peers;
    private final Supplier<Optional<Registrations.Dial>> endpoint;
    private final Map<String, String> domains;
    private volatile boolean draining;

    /**
     * @param endpoint where peers dial; empty while the acceptor does not listen
     * @param domains that lead to names, as the registration server says; thread-safe
     */
    LinkedRegistrations(Assigned assigned, Tickets tickets, Peers peers, Supplier<Optional<Registrations.Dial>> endpoint, Map<String, String> domains) {
        this.assigned = assigned;
        this.tickets = tickets;
        this.peers = peers;
        this.endpoint = endpoint;
        this.domains = domains;
    }

    /** From now on nobody registers: a session would be ended as soon as it is there. */
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** One whose name moved away serves those who do not know of it yet. */
    @Override
    public boolean isRegistered(String name) {
        return assigned.has(name) || peers.find(name).isPresent();
    }

    @Override
    public Registered register(Register register, byte[] transcript, String remote) throws RegistrationException {
        String name = register.name();
        if (Kind.of(register) == Kind.PROXY) {
            throw new RegistrationException(ErrorCode.UNAUTHORIZED, "this proxy is linked to a registration server, and is none for other proxies");
        } else if (draining) {
            throw new RegistrationException(ErrorCode.SHUTDOWN, "the proxy takes no more tunnels");
        } else if (register.ticket().length == 0) {
            throw new RegistrationException(ErrorCode.TICKET, "this proxy takes peers with a ticket of its registration server only");
        }
        Ticket ticket = tickets.check(register.ticket(), name);
        if (!Proof.verify(ticket.verifier(), transcript, register.proof())) { // PROTOCOL T6
            throw new RegistrationException(ErrorCode.UNAUTHORIZED, "the proxy does not accept the invitation for '" + name + "' (it is not the ticket's)");
        }
        Registrations.Dial dial = endpoint.get()
                .orElseThrow(() -> new RegistrationException(ErrorCode.INTERNAL, "the proxy has no tunnel endpoint: its acceptor does not listen (yet)"));
        assigned.add(name, ticket.issued(), ticket.peers());
        return new Registered(name, ticket.proxy(), Registrations.address(dial.host()), dial.port(), ticket.url(),
                Proof.answer(ticket.verifier(), transcript), new byte[0]);
    }

    @Override
    public Invitation invite(String name, Terms terms) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    @Override
    public Terms change(String name, UnaryOperator<Terms> change) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    @Override
    public Quota quota(String name) {
        return assigned.terms(name).quota();
    }

    @Override
    public Invitation inviteProxy(String name) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    /** @throws IllegalStateException always, with one line */
    @Override
    public boolean revoke(String name) {
        throw new IllegalStateException(ELSEWHERE);
    }

    @Override
    public void rename(String from, String to) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    /** @throws IllegalStateException always, with one line */
    @Override
    public boolean release(String name) {
        throw new IllegalStateException(ELSEWHERE);
    }

    @Override
    public List<Released> released() {
        return List.of();
    }

    @Override
    public Optional<String> nameOf(String host) {
        return Optional.ofNullable(domains.get(host));
    }

    @Override
    public Domain add(String name, String domain) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    @Override
    public List<Domain> check(String domain) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    @Override
    public boolean remove(String name, String domain) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    @Override
    public List<Domain> domains() {
        return List.of();
    }

    @Override
    public List<ProxyInfo> proxies() {
        return List.of();
    }

    @Override
    public void move(String name, String proxy) throws RegistrationException {
        throw new RegistrationException(ErrorCode.REFUSED, ELSEWHERE);
    }

    /** Those that are assigned to this proxy, as far as it knows. */
    @Override
    public List<NameInfo> names() {
        Set<String> all = new TreeSet<>(assigned.names());
        all.addAll(peers.connected().keySet());
        return all.stream().map(this::info).toList();
    }

    @Override
    public Optional<NameInfo> name(String text) {
        String name = Names.fold(text);
        return assigned.names().contains(name) || peers.find(name).isPresent() ? Optional.of(info(name)) : Optional.empty();
    }

    private NameInfo info(String name) {
        List<PeerSession> sessions = peers.of(name);
        if (sessions.isEmpty()) {
            return new NameInfo(name, "offline", peers.lostAt(name).orElse(Instant.EPOCH), 0, 0, assigned.terms(name));
        }
        SessionInfo newest = sessions.get(0).info();
        return new NameInfo(name, "online", newest.since(), newest.codec(), sessions.size(), assigned.terms(name));
    }
}

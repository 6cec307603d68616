package io.adit.registry;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.Presence;
import io.adit.api.Proof;
import io.adit.api.Proof.Verifier;
import io.adit.api.ProxyManager;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.SessionInfo;
import io.adit.api.Terms;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.registry.Assignments.Elsewhere;
import io.adit.registry.Whereabouts.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which names exist, and who may use them: the store on the disk first, then {@link Credentials} in memory, then the sessions.
 * Thread-safety: thread-safe. {@link #invite} and {@link #revoke} run one at a time and wait for the disk; {@link #register} may wait
 * for the look-up of the advertised host's address.
 */
final class Registrations implements RegistrationManager, ProxyManager {

    /**
     * Where peers dial, as it is at the moment.
     *
     * @param fingerprint SHA-256 of the certificate, 32 bytes; empty without TLS
     */
    record Dial(String host, int port, byte[] fingerprint) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);
    private static final int MOST_PROXIES = 256;
    /** How often it is noted that a name which was given away is in use, and how many in one sweep: each is a write to the disk. */
    private static final Duration NOTED_EVERY = Duration.ofDays(1);
    private static final int MOST_NOTED = 200;

    private final Ledger ledger;
    private final SharedNames shared;
    private final Credentials credentials;
    private final Peers peers;
    private final Names names;
    private final Supplier<Optional<Dial>> endpoint;
    private final String proxyName;
    private final UnaryOperator<String> url;
    private final List<InetAddress> addresses;
    private final Assignments assignments;
    private final Function<String, Optional<Place>> elsewhere;
    private final TicketOffice tickets;
    private final OpenNames open;
    private final Domains domains;
    private final Instant started = now();
    private final SecureRandom random = new SecureRandom();
    /** What is in tickets besides their name. */
    record TicketOffice(TicketKey key, Duration life, InstantSource clock) {

        byte[] issue(String name, Verifier verifier, Elsewhere at, int peers) {
            Instant issued = clock.instant();
            return new Ticket(name, at.proxy(), issued, issued.plus(life), verifier, at.announcement().url(name), peers).sign(key.secret());
        }
    }

    /** What an unknown name is checked against, so that it takes the same time as a known one. */
    private final Verifier nobody;

    /**
     * @param endpoint where peers dial; empty while the acceptor does not listen
     * @param url a name's URL
     * @param addresses where browsers reach this proxy; empty: those of the host that peers dial
     * @param elsewhere where a name is, or was last, at a linked proxy
     * @param open names for peers without an invitation
     * @param domains that lead to names
     */
    Registrations(Ledger ledger, Credentials credentials, Peers peers, Names names, Supplier<Optional<Dial>> endpoint, UnaryOperator<String> url,
            List<InetAddress> addresses, Assignments assignments, Function<String, Optional<Place>> elsewhere, TicketOffice tickets, OpenNames open,
            Domains domains, SharedNames.Limits sharing) {
        this.ledger = ledger;
        this.credentials = credentials;
        this.peers = peers;
        this.names = names;
        this.endpoint = endpoint;
        this.proxyName = assignments.here().name();
        this.url = url;
        this.addresses = addresses;
        this.assignments = assignments;
        this.elsewhere = elsewhere;
        this.tickets = tickets;
        this.open = open;
        this.domains = domains;
        this.nobody = Proof.verifier(secret());
        this.shared = new SharedNames(ledger, new Others(), sharing, System::nanoTime);
    }

    /** What others write to the same store; whoever made this follows them, and ends that. */
    SharedNames shared() {
        return shared;
    }

    @Override
    public boolean isRegistered(String name) {
        return credentials.has(name);
    }

    @Override
    public Optional<String> nameOf(String host) {
        return domains.nameOf(host);
    }

    @Override
    public Registered register(Register register, byte[] transcript, String remote) throws RegistrationException {
        Optional<Proven> proven = proven(register, transcript);
        if (proven.isEmpty() && shared.lookUp()) {
            proven = proven(register, transcript);
        }
        if (proven.isPresent()) {
            return answer(proven.get().name(), register, transcript, proven.get().credential());
        }
        Verifier offered = OpenNames.verifier(register).orElseThrow(() -> new RegistrationException(ErrorCode.UNAUTHORIZED,
                "the proxy does not accept the invitation for '" + Names.printable(register.name()) + "' (unknown, revoked or replaced)"));
        return answer(register.name(), register, transcript, give(register, offered, transcript, remote));
    }

    /** To whoever has proven to know the secret. */
    private Registered answer(String name, Register register, byte[] transcript, Credential credential) throws RegistrationException {
        Verifier verifier = credential.verifier();
        Kind kind = credential.kind();
        if (kind.isPeer() != Kind.of(register).isPeer()) {
            throw new RegistrationException(ErrorCode.UNAUTHORIZED, "the invitation for '" + name + "' is one for a " + kind.noun() + ", and not for a "
                    + Kind.of(register).noun());
        }
        if (credential.isExpired()) {
            throw new RegistrationException(ErrorCode.EXPIRED, "the invitation for '" + name + "' expired at " + credential.terms().expires().get());
        }
        Dial dial = dial();
        credential.use();
        if (kind == Kind.PROXY) {
            return new Registered(name, proxyName, address(dial.host()), dial.port(), "", Proof.answer(verifier, transcript), new byte[0],
                    Fields.of(Details.ROLE, Details.PROXY));
        }
        Optional<Elsewhere> assigned = assignments.assign(name, credential, register.details().first(Details.AVOID));
        if (assigned.isPresent()) {
            Announcement at = assigned.get().announcement();
            return new Registered(name, assigned.get().proxy(), at.host(), at.port(), at.url(name), Proof.answer(verifier, transcript),
                    tickets.issue(name, verifier, assigned.get(), credential.terms().peers()), Fields.of(Details.CERTIFICATE, at.certificate()));
        }
        return new Registered(name, proxyName, address(dial.host()), dial.port(), url.apply(name), Proof.answer(verifier, transcript), new byte[0]);
    }

    private record Proven(String name, Credential credential) {
    }

    /** The invitation that whoever registers knows the secret of. */
    private Optional<Proven> proven(Register register, byte[] transcript) {
        // PROTOCOL A6: the peer of a renamed name knows the old one
        Optional<Credential> own = credentials.find(register.name()); // once: it may be renamed just now
        String name = own.isPresent() ? register.name() : ledger.renamed(register.name()).orElse(register.name());
        Optional<Credential> credential = own.or(() -> credentials.find(name));
        // verify first, whoever it is: the time tells nobody which names exist
        boolean right = Proof.verify(credential.map(Credential::verifier).orElse(nobody), transcript, register.proof());
        return credential.filter(known -> right).map(known -> new Proven(name, known));
    }

    private interface Action<T> {
        T run() throws RegistrationException;
    }

    /** As the only one that writes names, and with what other registration servers wrote before. @param failed what is said when the store fails */
    private <T> T alone(String failed, Action<T> action) throws RegistrationException {
        shared.lock().lock();
        try {
            shared.catchUp(false);
            return action.run();
        } catch (SQLException e) {
            LOG.warn("the registry's store failed", e);
            throw new RegistrationException(ErrorCode.INTERNAL, failed + ": " + line(e));
        } finally {
            shared.lock().unlock();
        }
    }

    /** PROTOCOL section 17: the name is the peer's from now on, whose secret has that verifier. */
    private Credential give(Register register, Verifier verifier, byte[] transcript, String remote) throws RegistrationException {
        dial();
        try {
            return alone("not given away", () -> giveAlone(register, verifier, transcript, remote));
        } catch (RegistrationException e) {
            if (e.code() != ErrorCode.INTERNAL) {
                throw e;
            }
            // what the store says is for the log, where it is by now, and not for a stranger
            throw new RegistrationException(ErrorCode.INTERNAL, "'" + Names.printable(register.name()) + "' cannot be given away now: the proxy's store fails");
        }
    }

    private Credential giveAlone(Register register, Verifier verifier, byte[] transcript, String remote) throws RegistrationException {
        String name = register.name();
        if (!open.isOn()) { // the same for a name that there is
            throw refused("the proxy gives no names away: '" + Names.printable(name) + "' needs an invitation");
        } else if (dial().fingerprint().length == 0) { // whoever listens would know enough to register as this peer
            throw refused("the proxy gives names away over TLS only, which its tunnel does not have");
        } else if (credentials.find(name).isPresent()) {
            throw refused("the name '" + Names.printable(name) + "' is taken");
        } else if (!Proof.verify(verifier, transcript, register.proof())) {
            throw refused("the secret for '" + Names.printable(name) + "' is not proven");
        }
        try {
            if (!names.check(name).equals(name)) {
                throw refused("'" + Names.printable(name) + "' is not in lower case");
            }
            vacant(name, null);
        } catch (RegistrationException e) {
            throw refused(e.getMessage()); // for good: to come back is of no use
        }
        open.take(remote, credentials.count(Kind.OPEN));
        domains.clear(name);
        Credential credential = new Credential(Kind.OPEN, verifier, now(), true, null);
        ledger.put(name, credential);
        LOG.info("given away name={} remote={}", name, remote);
        return credential;
    }

    /** See {@link Ledger#vacant}. */
    private void vacant(String name, String owner) throws RegistrationException {
        String host = URI.create(url.apply(name)).getHost();
        if (host.startsWith(name + '.') && endpoint.get().filter(dial -> dial.host().equalsIgnoreCase(host)).isPresent()) {
            throw new RegistrationException(ErrorCode.REFUSED, "'" + name + "' is not to be had: " + host + " is where peers dial");
        }
        ledger.vacant(name, owner);
    }

    private static RegistrationException refused(String why) {
        return new RegistrationException(ErrorCode.UNAUTHORIZED, why);
    }

    /** Notes whose peers are here, of names that were given away, and takes back those that were idle for too long. Waits for the disk; call it now and then. */
    void sweep() {
        int noted = 0;
        for (Map.Entry<String, Credential> entry : credentials.sorted()) {
            if (entry.getValue().kind() == Kind.OPEN && noted < MOST_NOTED) {
                noted += sweep(entry.getKey(), entry.getValue()) ? 1 : 0;
            }
        }
    }

    /** @return whether something was written */
    private boolean sweep(String name, Credential credential) {
        shared.lock().lock();
        try {
            return sweepAlone(name, credential);
        } finally {
            shared.lock().unlock();
        }
    }

    private boolean sweepAlone(String name, Credential credential) {
        Instant now = tickets.clock().instant();
        Duration since = Duration.between(credential.invited(), now);
        boolean online = info(name, credential).peers() > 0;
        if (since.compareTo(online ? NOTED_EVERY : open.idle()) < 0 || credentials.find(name).orElse(null) != credential) {
            return false;
        }
        if (online) {
            credential.seen(now.truncatedTo(ChronoUnit.MICROS));
            try {
                ledger.put(name, credential);
            } catch (RegistrationException e) {
                LOG.warn("it is not noted that name={} is in use: {}", name, e.getMessage());
            }
        } else {
            LOG.info("idle name={} since={}", name, credential.invited());
            revoke(name);
        }
        return true;
    }

    @Override
    public Invitation invite(String text, Terms terms) throws RegistrationException {
        return invite(names.check(text), Kind.PEER, terms);
    }

    @Override
    public Terms change(String text, UnaryOperator<Terms> change) throws RegistrationException {
        String name = Names.fold(text);
        return alone("'" + Names.printable(name) + "' was not changed", () -> changeAlone(name, change));
    }

    private Terms changeAlone(String name, UnaryOperator<Terms> change) throws RegistrationException {
        Credential credential = credentials.peer(name)
                .orElseThrow(() -> new RegistrationException(ErrorCode.REFUSED, "there is no name '" + Names.printable(name) + "'"));
        Terms terms = changed(credential.terms(), change);
        ledger.change(name, credential, terms);
        LOG.info("changed name={} terms={}", name, terms);
        changed(name, credential);
        return terms;
    }

    private void changed(String name, Credential credential) {
        if (credential.isExpired()) {
            expired(name);
        } else {
            peers.limit(name);
            assignments.changed(name, credential);
        }
    }

    private static Terms changed(Terms terms, UnaryOperator<Terms> change) throws RegistrationException {
        try {
            return exact(change.apply(terms));
        } catch (IllegalArgumentException e) {
            throw new RegistrationException(ErrorCode.REFUSED, e.getMessage());
        }
    }

    /** As exact as every database keeps it. */
    private static Terms exact(Terms terms) {
        return terms.withExpires(terms.expires().map(end -> end.truncatedTo(ChronoUnit.MICROS)));
    }

    /** The name's time is over. Does not block. */
    void expired(String name) {
        if (credentials.peer(name).filter(Credential::isExpired).isPresent()) {
            LOG.info("expired name={}", name);
            assignments.ended(name, Instant.now(), ErrorCode.EXPIRED);
            peers.expire(name);
        }
    }

    @Override
    public void rename(String text, String other) throws RegistrationException {
        String from = Names.fold(text);
        alone("'" + Names.printable(from) + "' was not renamed", () -> {
            renameAlone(from, other);
            return null;
        });
    }

    private void renameAlone(String from, String other) throws RegistrationException {
        Credential credential = credentials.peer(from)
                .orElseThrow(() -> new RegistrationException(ErrorCode.REFUSED, "there is no name '" + Names.printable(from) + "'"));
        String to = names.check(other);
        if (credentials.find(to).isPresent()) {
            throw new RegistrationException(ErrorCode.REFUSED, "there is a name '" + to + "' already");
        }
        vacant(to, from);
        domains.clear(to);
        ledger.rename(from, to, credential);
        LOG.info("renamed name={} to={}", from, to);
        domains.renamed(from, to);
        renamed(from);
    }

    private void renamed(String from) {
        assignments.ended(from, Instant.now(), ErrorCode.MOVED);
        peers.retire(from);
        ledger.renamed(from).ifPresent(peers::expect);
    }

    /** {@inheritDoc} Throws IllegalStateException with one line when the store fails. */
    @Override
    public boolean release(String text) {
        String name = Names.fold(text);
        try {
            boolean was = alone("'" + Names.printable(name) + "' was not released", () -> ledger.release(name));
            if (was) {
                LOG.info("released name={}", name);
            }
            return was;
        } catch (RegistrationException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public List<Released> released() {
        return ledger.released();
    }

    @Override
    public Quota quota(String name) {
        return credentials.quota(name);
    }

    @Override
    public Invitation inviteProxy(String text) throws RegistrationException {
        String name = names.check(text);
        if (name.equals(proxyName)) {
            throw new RegistrationException(ErrorCode.REFUSED, "'" + name + "' is the name of this proxy");
        }
        return invite(name, Kind.PROXY, Terms.DEFAULT);
    }

    private Invitation invite(String name, Kind kind, Terms terms) throws RegistrationException {
        return alone("the invitation was not made", () -> inviteAlone(name, kind, terms));
    }

    private Invitation inviteAlone(String name, Kind kind, Terms terms) throws RegistrationException {
        Optional<Credential> earlier = credentials.find(name);
        if (earlier.isPresent() && earlier.get().kind().isPeer() != kind.isPeer()) {
            throw new RegistrationException(ErrorCode.REFUSED, "'" + name + "' is the name of a " + earlier.get().kind().noun());
        } else if (kind == Kind.PROXY && earlier.isEmpty() && credentials.count(Kind.PROXY) >= MOST_PROXIES) {
            throw new RegistrationException(ErrorCode.REFUSED, "there are " + MOST_PROXIES + " proxies already");
        }
        Dial dial = dial();
        if (earlier.isEmpty()) {
            vacant(name, null);
            domains.clear(name);
        }
        Invitation invitation = new Invitation(dial.host(), dial.port(), name, secret(), dial.fingerprint());
        Credential credential = new Credential(kind, Proof.verifier(invitation.secret()), now(), false, null, exact(terms));
        boolean replaces = ledger.put(name, credential);
        LOG.info("invited name={} kind={} replaces={}", name, kind.text(), replaces);
        if (replaces) {
            end(name, kind);
        }
        return invitation;
    }

    /** What other registration servers did to names is here as if it had been done here. */
    private final class Others implements Ledger.Others {

        @Override
        public void ended(String name, Kind kind) {
            end(name, kind);
        }

        @Override
        public void renamed(String name) {
            Registrations.this.renamed(name);
        }

        @Override
        public void changed(String name, Credential credential) {
            Registrations.this.changed(name, credential);
        }

        @Override
        public void domains(List<Claim> claims) {
            domains.follow(claims);
        }
    }

    /** After it is no more in the store: nobody serves under the earlier invitation any longer. */
    private void end(String name, Kind kind) {
        if (kind == Kind.PROXY) {
            assignments.endedProxy(name);
        } else {
            assignments.ended(name, Instant.now(), ErrorCode.REVOKED);
            peers.evict(name, ErrorCode.REVOKED);
        }
    }

    /** {@inheritDoc} Throws IllegalStateException with one line when the store fails; the name then stays as it is. */
    @Override
    public boolean revoke(String text) {
        String name = Names.fold(text);
        try {
            return alone("'" + Names.printable(name) + "' was not revoked", () -> revokeAlone(name));
        } catch (RegistrationException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private boolean revokeAlone(String name) throws RegistrationException {
        Optional<Credential> credential = credentials.find(name);
        if (credential.isEmpty()) {
            return false;
        }
        ledger.remove(name, credential.get().kind().isPeer());
        LOG.info("revoked name={}", name);
        domains.ended(name);
        end(name, credential.get().kind());
        return true;
    }

    @Override
    public List<NameInfo> names() {
        return credentials.sorted().stream().filter(entry -> entry.getValue().kind().isPeer()).map(entry -> info(entry.getKey(), entry.getValue())).toList();
    }

    @Override
    public Optional<NameInfo> name(String text) {
        String name = Names.fold(text);
        return credentials.peer(name).map(credential -> info(name, credential));
    }

    @Override
    public List<ProxyInfo> proxies() {
        String tunnel = endpoint.get().map(dial -> Announcement.hostPort(dial.host(), dial.port())).orElse("");
        return assignments.proxies(new ProxyInfo(proxyName, "here", started, tunnel, peers.count(), assignments.here().capacity()));
    }

    @Override
    public void move(String name, String proxy) throws RegistrationException {
        assignments.move(name, proxy);
    }

    /** Who serves the name, for those who are told; may wait for the look-up of the advertised host's addresses. */
    Presence presence(String name, PeerSession session) {
        return new Presence(name, url.apply(name), proxyName, addresses.isEmpty() ? dialled() : addresses, session.info().since(),
                credentials.peer(name).map(credential -> credential.details(session.details())).orElse(session.details()));
    }

    private List<InetAddress> dialled() {
        return addresses(endpoint.get().map(Dial::host).orElse(""));
    }

    /** All addresses of the advertised host; none where the resolver knows none. */
    static List<InetAddress> addresses(String host) {
        try {
            return host.isEmpty() ? List.of() : List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            LOG.warn("the advertised host {} has no address here: set " + Settings.PID + ":public.addresses", host);
            return List.of();
        }
    }

    private NameInfo info(String name, Credential credential) {
        Terms terms = credential.terms();
        if (terms.isExpired(Instant.now())) {
            return new NameInfo(name, "expired", terms.expires().get(), 0, 0, terms);
        }
        Optional<Place> place = elsewhere.apply(name);
        if (place.isPresent()) {
            return new NameInfo(name, place.get().online() ? "online" : "offline", place.get().since(), place.get().codec(),
                    place.get().peers(), terms);
        }
        List<PeerSession> sessions = peers.of(name);
        if (!sessions.isEmpty()) {
            SessionInfo newest = sessions.get(0).info();
            return new NameInfo(name, "online", newest.since(), newest.codec(), sessions.size(), terms);
        }
        return new NameInfo(name, "offline", peers.lostAt(name).orElse(credential.invited()), 0, 0, terms);
    }

    private Dial dial() throws RegistrationException {
        return endpoint.get().orElseThrow(() -> new RegistrationException(ErrorCode.INTERNAL,
                "the proxy has no tunnel endpoint: its acceptor does not listen (yet)"));
    }

    /** The IP address of the advertised host; the host itself where the resolver knows none, since the peer may. */
    static String address(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            LOG.debug("the advertised host {} has no address here", host, e);
            return host;
        }
    }

    private byte[] secret() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return secret;
    }

    /** As exact as every database keeps it. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    static String line(SQLException e) {
        return "the store failed: " + Names.printable(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), 300);
    }
}

package io.adit.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
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

    private final NameStore store;
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
    private final Quota quota;
    private final Instant started = now();
    private final SecureRandom random = new SecureRandom();
    /** What is in tickets besides their name. */
    record TicketOffice(TicketKey key, Duration life, InstantSource clock) {

        byte[] issue(String name, Verifier verifier, Elsewhere at) {
            Instant issued = clock.instant();
            return new Ticket(name, at.proxy(), issued, issued.plus(life), verifier, at.announcement().url(name)).sign(key.secret());
        }
    }

    /** What an unknown name is checked against, so that it takes the same time as a known one. */
    private final Verifier nobody;

    /**
     * @param endpoint where peers dial; empty while the acceptor does not listen
     * @param url a name's URL
     * @param addresses where browsers reach this proxy; empty: those of the host that peers dial
     * @param elsewhere where a name is, or was last, at a linked proxy
     * @param quota of names that have none of their own
     */
    Registrations(NameStore store, Credentials credentials, Peers peers, Names names, Supplier<Optional<Dial>> endpoint, UnaryOperator<String> url,
            List<InetAddress> addresses, Assignments assignments, Function<String, Optional<Place>> elsewhere, TicketOffice tickets, Quota quota,
            SharedNames.Limits sharing) {
        this.store = store;
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
        this.quota = quota;
        this.nobody = Proof.verifier(secret());
        this.shared = new SharedNames(store, credentials, this::end, sharing, System::nanoTime);
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
    public Registered register(Register register, byte[] transcript) throws RegistrationException {
        String name = register.name();
        Optional<Credential> credential = proven(register, transcript);
        if (credential.isEmpty() && shared.lookUp()) {
            credential = proven(register, transcript);
        }
        if (credential.isEmpty()) {
            throw new RegistrationException(ErrorCode.UNAUTHORIZED,
                    "the proxy does not accept the invitation for '" + Names.printable(name) + "' (unknown, revoked or replaced)");
        }
        Verifier verifier = credential.get().verifier();
        Kind kind = credential.get().kind();
        if (kind != Kind.of(register)) {
            throw new RegistrationException(ErrorCode.UNAUTHORIZED, "the invitation for '" + name + "' is one for a " + kind.text() + ", and not for a "
                    + Kind.of(register).text());
        }
        if (credential.get().terms().isExpired(Instant.now())) {
            throw new RegistrationException(ErrorCode.EXPIRED, "the invitation for '" + name + "' expired at " + credential.get().terms().expires().get());
        }
        Dial dial = dial();
        credential.get().use();
        if (kind == Kind.PROXY) {
            return new Registered(name, proxyName, address(dial.host()), dial.port(), "", Proof.answer(verifier, transcript), new byte[0],
                    Fields.of(Details.ROLE, Details.PROXY));
        }
        Optional<Elsewhere> assigned = assignments.assign(name, credential.get(), register.details().first(Details.AVOID));
        if (assigned.isPresent()) {
            Announcement at = assigned.get().announcement();
            return new Registered(name, assigned.get().proxy(), at.host(), at.port(), at.url(name), Proof.answer(verifier, transcript),
                    tickets.issue(name, verifier, assigned.get()), Fields.of(Details.CERTIFICATE, at.certificate()));
        }
        return new Registered(name, proxyName, address(dial.host()), dial.port(), url.apply(name), Proof.answer(verifier, transcript), new byte[0]);
    }

    /** The invitation that whoever registers knows the secret of. */
    private Optional<Credential> proven(Register register, byte[] transcript) {
        Optional<Credential> credential = credentials.find(register.name());
        // verify first, whoever it is: the time tells nobody which names exist
        boolean right = Proof.verify(credential.map(Credential::verifier).orElse(nobody), transcript, register.proof());
        return credential.filter(known -> right);
    }

    @Override
    public Invitation invite(String text, Terms terms) throws RegistrationException {
        return invite(names.check(text), Kind.PEER, terms);
    }

    @Override
    public Terms change(String text, UnaryOperator<Terms> change) throws RegistrationException {
        String name = Names.fold(text);
        return alone("'" + Names.printable(name) + "' was not changed", () -> {
            Credential credential = credentials.peer(name)
                    .orElseThrow(() -> new RegistrationException(ErrorCode.REFUSED, "there is no name '" + Names.printable(name) + "'"));
            Terms terms = change.apply(credential.terms());
            credential.change(terms);
            return terms;
        });
    }

    @Override
    public Quota quota(String name) {
        return credentials.peer(name).map(credential -> credential.terms().quota().over(quota)).orElse(Quota.UNLIMITED);
    }

    @Override
    public Invitation inviteProxy(String text) throws RegistrationException {
        String name = names.check(text);
        if (name.equals(proxyName)) {
            throw new RegistrationException(ErrorCode.REFUSED, "'" + name + "' is the name of this proxy");
        }
        return invite(name, Kind.PROXY, Terms.DEFAULT);
    }

    private interface Action<T> {
        T run() throws RegistrationException, SQLException;
    }

    /** As the only one that writes names, and with what other registration servers wrote before. @param not what did not happen when the store fails */
    private <T> T alone(String not, Action<T> action) throws RegistrationException {
        shared.lock().lock();
        try {
            shared.catchUp(false);
            return action.run();
        } catch (SQLException e) {
            LOG.warn("the registry's store failed", e);
            throw new RegistrationException(ErrorCode.INTERNAL, not + ": " + line(e));
        } finally {
            shared.lock().unlock();
        }
    }

    private Invitation invite(String name, Kind kind, Terms terms) throws RegistrationException {
        return alone("the invitation was not made", () -> inviteAlone(name, kind, terms));
    }

    private Invitation inviteAlone(String name, Kind kind, Terms terms) throws RegistrationException, SQLException {
        Optional<Credential> earlier = credentials.find(name);
        if (earlier.isPresent() && earlier.get().kind() != kind) {
            throw another(name, earlier.get().kind());
        } else if (kind == Kind.PROXY && earlier.isEmpty() && credentials.proxies() >= MOST_PROXIES) {
            throw new RegistrationException(ErrorCode.REFUSED, "there are " + MOST_PROXIES + " proxies already");
        }
        if (earlier.isEmpty()) {
            vacant(name);
        }
        Dial dial = dial();
        Invitation invitation = new Invitation(dial.host(), dial.port(), name, secret(), dial.fingerprint());
        Credential credential = new Credential(kind, Proof.verifier(invitation.secret()), now(), false, null, terms);
        Optional<Kind> other = store.put(name, credential);
        if (other.isPresent()) {
            throw another(name, other.get());
        }
        boolean replaces = credentials.put(name, credential).isPresent();
        LOG.info("invited name={} kind={} replaces={}", name, kind.text(), replaces);
        if (replaces) {
            end(name, kind);
        }
        return invitation;
    }

    private static RegistrationException another(String name, Kind kind) {
        return new RegistrationException(ErrorCode.REFUSED, "'" + name + "' is the name of a " + kind.text());
    }

    /** For a name that is given for the first time. */
    private void vacant(String name) throws RegistrationException {
        names.checkNew(name, credentials::lookAlike);
    }

    /** After it is no more in the store: nobody serves under the earlier invitation any longer. */
    private void end(String name, Kind kind) {
        if (kind == Kind.PROXY) {
            assignments.endedProxy(name);
        } else {
            assignments.ended(name, Instant.now());
            peers.evict(name, ErrorCode.REVOKED);
        }
    }

    /** {@inheritDoc} Throws IllegalStateException with one line when the store fails; the name then stays as it is. */
    @Override
    public boolean revoke(String text) {
        String name = Names.fold(text);
        shared.lock().lock();
        try {
            shared.catchUp(false);
            Optional<Credential> credential = credentials.find(name);
            if (credential.isEmpty()) {
                return false;
            }
            store.remove(name);
            credentials.remove(name);
            LOG.info("revoked name={}", name);
            end(name, credential.get().kind());
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("'" + name + "' was not revoked: " + line(e), e);
        } finally {
            shared.lock().unlock();
        }
    }

    @Override
    public List<NameInfo> names() {
        return credentials.sorted().stream().filter(entry -> entry.getValue().kind() == Kind.PEER).map(entry -> info(entry.getKey(), entry.getValue())).toList();
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
        return new Presence(name, url.apply(name), proxyName, addresses.isEmpty() ? dialled() : addresses, session.info().since(), session.details());
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
            return new NameInfo(name, "expired", terms.expires().get(), 0, terms);
        }
        Optional<Place> place = elsewhere.apply(name);
        if (place.isPresent()) {
            return new NameInfo(name, place.get().online() ? "online" : "offline", place.get().since(), place.get().codec(), terms);
        }
        Optional<PeerSession> session = peers.find(name);
        if (session.isPresent()) {
            SessionInfo info = session.get().info();
            return new NameInfo(name, "online", info.since(), info.codec(), terms);
        }
        return new NameInfo(name, "offline", peers.lostAt(name).orElse(credential.invited()), 0, terms);
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
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    static String line(SQLException e) {
        return "the store failed: " + Names.printable(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), 300);
    }
}

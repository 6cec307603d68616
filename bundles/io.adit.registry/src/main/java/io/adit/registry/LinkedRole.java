package io.adit.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.adit.api.Check;
import io.adit.api.Details;
import io.adit.api.DomainManager;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.PeerSession;
import io.adit.api.PresenceListener;
import io.adit.api.Proof;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import io.adit.api.RequestHandler;
import io.adit.api.Terms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy that is linked to a registration server: takes the peers that it assigns, and reports them. It tells no presence listener of its own:
 * the registration server knows all names. Thread-safety: thread-safe.
 */
final class LinkedRole implements Role, Link.Orders {

    private static final Logger LOG = LoggerFactory.getLogger(LinkedRole.class);
    /** How often the addresses of the advertised host are looked up. */
    private static final long LOOK_UP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Resolved(String host, String address, List<InetAddress> addresses, long at) {
    }

    private final Settings settings;
    private final Supplier<Optional<Registrations.Dial>> endpoint;
    private final Path keyFile;
    private final Assigned assigned = new Assigned();
    private final Map<String, String> domains = new ConcurrentHashMap<>();
    private final Tickets tickets;
    private final ScheduledThreadPoolExecutor thread;
    private final Peers peers;
    private final Link link;
    private final LinkedRegistrations registrations;
    /** Confined to the thread. */
    private Resolved resolved;

    /**
     * @param linked is told when the registration server has said what it says first, and where that is
     * @throws IllegalStateException when what is known of the registration server cannot be read, with one line
     */
    LinkedRole(Settings settings, Supplier<Optional<Registrations.Dial>> endpoint, Consumer<String> linked) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.keyFile = settings.registrarKey();
        this.tickets = new Tickets(settings.ticketSkew(), InstantSource.system());
        if (Files.exists(keyFile)) {
            try {
                RegistrarKey known = RegistrarKey.read(keyFile);
                tickets.accept(known.key(), known.proxy());
            } catch (IOException e) {
                LOG.error("the key of the registration server cannot be read", e);
                throw new IllegalStateException(Settings.PID + ": registrar.key=" + keyFile + " cannot be used: " + e.getMessage());
            }
        }
        this.thread = RegistrarRole.timer("adit-link");
        this.link = new Link(this, this::announcement, this::report, linked, thread);
        this.peers = new Peers(assigned, settings.limits(), System::nanoTime, link);
        this.registrations = new LinkedRegistrations(assigned, tickets, peers, endpoint, domains);
        LOG.info("registry linked proxy={}", tickets.proxy().isEmpty() ? "-" : tickets.proxy());
    }

    /** What answers the registration server, for the connector. */
    RequestHandler handler() {
        return link;
    }

    /** On the thread. */
    private Optional<Announcement> announcement() {
        return endpoint.get().map(dial -> {
            if (resolved == null || !resolved.host().equals(dial.host()) || System.nanoTime() - resolved.at() > LOOK_UP_NANOS) {
                resolved = new Resolved(dial.host(), Registrations.address(dial.host()),
                        settings.addresses().isEmpty() ? Registrations.addresses(dial.host()) : settings.addresses(), System.nanoTime());
            }
            return new Announcement(resolved.address(), dial.port(), dial.fingerprint().length == 0 ? Details.OFF : Proof.hex(dial.fingerprint()),
                    resolved.addresses(), settings.url().apply("{name}"), settings.here().capacity(), registrations.isDraining());
        });
    }

    private void report() {
        peers.report();
    }

    // ---- what the registration server says

    @Override
    public void key(PublicKey key, String proxy) {
        tickets.accept(key, proxy);
        thread.execute(() -> {
            try {
                new RegistrarKey(key, proxy).write(keyFile);
            } catch (IOException e) {
                LOG.warn("the key of the registration server is not kept: after a restart, no peer gets in until the link is back", e);
            }
        });
    }

    @Override
    public void names(Map<String, Integer> names, Instant at) {
        tickets.endAll(at);
        assigned.retain(names, at);
        for (String name : peers.connected().keySet()) {
            if (assigned.has(name)) {
                peers.limit(name);
            } else {
                peers.moveOn(name);
            }
        }
    }

    @Override
    public void name(String name, Instant at, int number) {
        assigned.add(name, at, number);
        peers.expect(name);
        peers.limit(name);
    }

    @Override
    public void ended(String name, Instant at, ErrorCode reason) {
        tickets.end(name, at);
        assigned.remove(name);
        if (reason == ErrorCode.MOVED) {
            peers.retire(name);
        } else {
            peers.evict(name, reason);
        }
    }

    @Override
    public void terms(String name, Terms terms) {
        assigned.terms(name, terms);
    }

    @Override
    public void domains(Map<String, String> all) {
        domains.putAll(all);
        domains.keySet().retainAll(all.keySet());
    }

    @Override
    public void domain(String domain, String name) {
        if (name == null) {
            domains.remove(domain);
        } else {
            domains.put(domain, name);
        }
    }

    @Override
    public void move(String name) {
        assigned.remove(name);
        peers.moveOn(name);
    }

    // ---- what the container says

    @Override
    public RegistrationManager registrations() {
        return registrations;
    }

    @Override
    public DomainManager domains() {
        return registrations;
    }

    @Override
    public ProxyManager proxies() {
        return registrations;
    }

    @Override
    public Peers peers() {
        return peers;
    }

    @Override
    public void attach(String name, PeerSession session) {
        peers.attach(name, session);
    }

    @Override
    public List<Check> conditions() {
        Check up = link.isUp() ? HealthSource.ok("link", "linked to the registration server") : HealthSource.bad("link", Check.State.WAIT, "the link to the registration server is down",
                "Peers that are here are served, and those with a ticket get in; nobody new does. The link comes back by itself: does the registration server run, and can it be reached?");
        return List.of(up, registrations.isDraining() ? RegistrarRole.DRAINS : HealthSource.ok("drain", "no drain is under way"));
    }

    /** The registration server is told first, so that the peers are not sent here again. */
    @Override
    public CompletionStage<Void> drainAll(Duration deadline) {
        registrations.drain();
        return link.announceNow().thenCompose(told -> peers.drainAll(deadline));
    }

    @Override
    public void add(PresenceListener listener) {
        LOG.info("{} hears of no names here: the registration server knows them", listener.getClass().getName());
    }

    @Override
    public void remove(PresenceListener listener) {
        // was told nothing
    }

    @Override
    public void close() {
        link.close();
        peers.close();
        thread.shutdownNow();
    }
}

package io.adit.registry;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.adit.api.Check;
import io.adit.api.DomainManager;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.PeerSession;
import io.adit.api.PresenceListener;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import io.adit.store.Database;
import io.adit.store.PostgresDatabase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registration server: the store, who is connected here, and which proxies are linked. It may be a proxy as well. Thread-safety: thread-safe.
 */
final class RegistrarRole implements Role {

    private static final long SWEEP_MINUTES = 10;
    private static final long DOMAINS_SECONDS = 5;
    /** For the first attempt at a name server. */
    private static final int RESOLVER_MILLIS = 3000;
    private static final Logger LOG = LoggerFactory.getLogger(RegistrarRole.class);

    /** Of either role. */
    static final Check DRAINS = HealthSource.bad("drain", Check.State.WAIT, "this proxy drains: it takes nothing new", "It ends when what runs has finished.");

    private final NameStore store;
    private volatile boolean draining;
    private final Credentials credentials;
    private final Duration drain;
    private final ScheduledThreadPoolExecutor timer;
    private final Presences presences;
    private final Peers peers;
    private final Directory directory;
    private final Registrations registrations;
    private final Domains domains;
    /** Looks after names that were given away and after domains; may wait for the disk and for name servers. */
    private final ScheduledThreadPoolExecutor sweeper;

    /**
     * Opens the store.
     *
     * @param drivers of PostgreSQL; asked only where the store is there
     * @throws IllegalStateException when store or key cannot be opened, with one line
     */
    RegistrarRole(Settings settings, Supplier<Optional<Registrations.Dial>> endpoint, PostgresDatabase.Drivers drivers) {
        Database database = settings.store().database(drivers);
        NameStore opened = null;
        TicketKey key;
        Quarantine quarantine;
        List<Claim> claims;
        try {
            opened = new NameStore(database);
            this.credentials = new Credentials(opened.load(), settings.quota());
            quarantine = new Quarantine(opened.loadReleased());
            claims = new DomainStore(opened).load();
            key = TicketKey.of(settings.ticketKey());
        } catch (SQLException e) {
            closeQuietly(opened, e);
            LOG.error("the registry's store cannot be opened", e);
            // without the cause: whoever shows one line of a failed activation takes that of the last cause
            throw new IllegalStateException(Settings.PID + ": store=" + database + " cannot be opened: " + Registrations.line(e));
        } catch (IOException | GeneralSecurityException e) {
            closeQuietly(opened, e);
            LOG.error("the key of the tickets cannot be used", e);
            throw new IllegalStateException(Settings.PID + ": ticket.key=" + settings.ticketKey() + " cannot be used: " + e.getMessage());
        }
        this.store = opened;
        this.drain = settings.limits().drain();
        this.timer = timer("adit-registry-links");
        this.presences = new Presences(one -> registered().presence(one.name(), one.session()), () -> mine().away(),
                credentials.names().stream().filter(credentials::admits).toList());
        Whereabouts whereabouts = new Whereabouts(presences, settings.limits().grace(), timer);
        this.peers = new Peers(credentials, settings.limits(), System::nanoTime, whereabouts);
        this.directory = new Directory(credentials, whereabouts, () -> endpoint.get().map(dial -> Announcement.hostPort(dial.host(), dial.port())).orElse("-"),
                key.openText(), settings.ticketLife().toNanos(), () -> registeredDomains().active(), System::nanoTime, timer);
        this.domains = new Domains(new DomainStore(store), claims, credentials::has, settings.domain(), settings.domains(),
                new TxtRecords(settings.resolver(), RESOLVER_MILLIS)::of, InstantSource.system(), directory::domain);
        Assignments assignments = new Assignments(store, credentials, peers, directory, settings.here());
        Names names = new Names(settings.reserved(), settings.lookAlikes());
        Expiries expiries = new Expiries(InstantSource.system(), name -> registered().expired(name));
        Ledger ledger = new Ledger(store, credentials, quarantine, expiries, names, settings.quarantine());
        this.registrations = new Registrations(ledger, credentials, peers, names, endpoint, settings.url(), settings.addresses(),
                assignments, whereabouts::find, new Registrations.TicketOffice(key, settings.ticketLife(), InstantSource.system()),
                new OpenNames(settings.open(), System::nanoTime), domains, settings.store().sharing());
        expiries.start(timer);
        this.sweeper = timer("adit-registry-sweep");
        if (settings.open().on()) {
            sweeper.scheduleWithFixedDelay(() -> now("names that were given away", registrations::sweep), SWEEP_MINUTES, SWEEP_MINUTES, TimeUnit.MINUTES);
        }
        sweeper.scheduleWithFixedDelay(() -> now("domains", domains::tick), DOMAINS_SECONDS, DOMAINS_SECONDS, TimeUnit.SECONDS);
        registrations.shared().follow();
        LOG.info("registry open store={} names={}", database, credentials.sorted().size());
    }

    private static void now(String what, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("{} are not looked after this time", what, e);
        }
    }

    static ScheduledThreadPoolExecutor timer(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy()); // what comes after the end has nothing left to do
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static void closeQuietly(NameStore store, Exception cause) {
        if (store != null) {
            try {
                store.close();
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** For what is told of after this is made. */
    private Registrations registered() {
        return registrations;
    }

    private Domains registeredDomains() {
        return domains;
    }

    private Peers mine() {
        return peers;
    }

    @Override
    public RegistrationManager registrations() {
        return registrations;
    }

    @Override
    public DomainManager domains() {
        return domains;
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
        Optional<Credential> credential = credentials.find(name);
        String at = credential.map(Credential::proxy).orElse(null);
        if (credential.isPresent() && credential.get().kind() == Kind.PROXY) {
            directory.attach(name, session);
        } else if (at != null && !at.equals(Credential.HERE)) {
            // moved since it registered, or it lingers here since before an update of this bundle
            session.drain(drain, ErrorCode.MOVED);
        } else {
            peers.attach(name, session);
        }
    }

    @Override
    public List<Check> conditions() {
        Check kept = store.failure().map(line -> HealthSource.bad("store", Check.State.FAIL, "the store of names failed: " + line,
                "Names that are known are served; no invitation can be made or revoked. Is the database there, and is there room on the disk?"))
                .orElse(HealthSource.ok("store", "the store of names works"));
        return List.of(kept, draining ? DRAINS : HealthSource.ok("drain", "no drain is under way"));
    }

    @Override
    public CompletionStage<Void> drainAll(Duration deadline) {
        draining = true;
        CompletionStage<Void> drained = peers.drainAll(deadline);
        directory.shutDown();
        return drained;
    }

    @Override
    public void add(PresenceListener listener) {
        presences.add(listener);
    }

    @Override
    public void remove(PresenceListener listener) {
        presences.remove(listener);
    }

    @Override
    public void close() {
        registrations.shared().close();
        sweeper.shutdown(); // without an interrupt: that would close the store's file under it
        directory.close();
        peers.close();
        timer.shutdownNow();
        presences.close();
        try {
            store.close();
        } catch (SQLException e) {
            LOG.warn("the registry's store did not close well; what was written is in it", e);
        }
    }
}

package io.adit.registry;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.Proof;
import io.adit.api.packet.Packet.Register;
import io.adit.store.EmbeddedDatabase;

/** What several tests build alike. */
final class Fixtures {

    static final byte[] TRANSCRIPT = Proof.transcript(new byte[] {1}, new byte[] {2}, new byte[] {3});
    static final Registrations.Dial DIAL = new Registrations.Dial("127.0.0.1", 7443, Proof.sha256(new byte[] {9}));
    static final Peers.Limits LIMITS = new Peers.Limits(Duration.ofMinutes(5), 4, Duration.ofSeconds(30), 2, Duration.ofSeconds(20));

    /** Is told, and tells nobody. */
    static final Peers.Watch NOBODY = new Peers.Watch() {
        @Override
        public void online(String name, PeerSession newest, int peers) {
            // nobody
        }

        @Override
        public void offline(String name) {
            // nobody
        }

        @Override
        public void ended(String name) {
            // nobody
        }
    };

    private Fixtures() {
    }

    static EmbeddedDatabase embedded(Path path) {
        return new EmbeddedDatabase(path, NameStore.COMPACT_FROM);
    }

    static Registrations registrations(NameStore store, Credentials credentials) {
        return registrations(store, credentials, new Peers(credentials, LIMITS, System::nanoTime, NOBODY), Optional.of(DIAL));
    }

    static Registrations registrations(NameStore store, Credentials credentials, Peers peers, Optional<Registrations.Dial> dial) {
        return registrations(store, credentials, peers, dial, new OpenNames.Bounds(false, 1, 1, Duration.ofDays(30)), InstantSource.system());
    }

    static Registrations registrations(NameStore store, Credentials credentials, Peers peers, Optional<Registrations.Dial> dial, OpenNames.Bounds open,
            InstantSource clock) {
        ScheduledExecutorService timer = RegistrarRole.timer("test");
        Whereabouts whereabouts = new Whereabouts(new Presences(one -> null, List::of, List.of()), LIMITS.grace(), timer);
        Directory directory = new Directory(credentials, whereabouts, () -> "127.0.0.1:7443", "", Duration.ofMinutes(1).toNanos(), Map::of,
                System::nanoTime, timer);
        Names names = new Names(List.of("www"), false);
        try {
            Ledger ledger = new Ledger(store, credentials, new Quarantine(store.loadReleased()), new Expiries(InstantSource.system(), name -> { }), names,
                    Duration.ofDays(30));
            return new Registrations(ledger, credentials, peers, names, () -> dial, name -> "http://" + name + ".localhost:8080/", List.of(),
                    new Assignments(store, credentials, peers, directory, new Assignments.Here("gw.example", true, 100)), whereabouts::find,
                    new Registrations.TicketOffice(null, Duration.ofMinutes(1), clock), new OpenNames(open, System::nanoTime),
                    new Domains(new DomainStore(store.tables()), List.of(), credentials::has, "localhost",
                            new Domains.Limits(1, 1, Duration.ofHours(1), Duration.ofHours(1)), name -> java.util.Set.of(), clock, (domain, name) -> { }));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Credentials under which the names are admitted. */
    static Credentials admitting(String... names) {
        Credentials credentials = new Credentials(Map.of());
        for (String name : names) {
            credentials.put(name, credential(true));
        }
        return credentials;
    }

    static Credential credential(boolean used) {
        return new Credential(Proof.verifier(new byte[] {7}), java.time.Instant.EPOCH, used);
    }

    /** What a peer with that invitation sends. */
    static Register register(Invitation invitation) {
        return new Register(invitation.name(), Proof.of(invitation.secret(), TRANSCRIPT), "test/1");
    }
}

package io.adit.registry;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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
import io.adit.store.Database;
import io.adit.store.EmbeddedDatabase;
import io.adit.store.PostgresDatabase;
import io.adit.store.PostgresServer;

/** What several tests build alike. */
final class Fixtures {

    static final byte[] TRANSCRIPT = Proof.transcript(new byte[] {1}, new byte[] {2}, new byte[] {3});
    static final Registrations.Dial DIAL = new Registrations.Dial("127.0.0.1", 7443, Proof.sha256(new byte[] {9}));
    static final Peers.Limits LIMITS = new Peers.Limits(Duration.ofMinutes(5), 4, Duration.ofSeconds(30), 2, Duration.ofSeconds(20));

    static final SharedNames.Limits SHARING = new SharedNames.Limits(Duration.ofMillis(50), 1000);

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

    private static PostgresServer server;

    private Fixtures() {
    }

    /** @param where a path, or the URL of a database of {@link PostgresServer} */
    static Database database(String where) {
        return where.startsWith(PostgresDatabase.URL) ? postgres(where) : embedded(Path.of(where));
    }

    static PostgresDatabase postgres(String url) {
        String password = URLEncoder.encode(PostgresServer.PASSWORD, StandardCharsets.UTF_8);
        return new PostgresDatabase(url + "&password=" + password, null,
                new PostgresDatabase.Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(20)), org.postgresql.Driver::new);
    }

    /** The URL of a fresh schema there. */
    static String schema(PostgresServer server) throws SQLException {
        String schema = "s" + Long.toString(System.nanoTime(), 36);
        try (Connection connection = postgres(server.url()).open(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return server.url() + "&currentSchema=" + schema;
    }

    /** A server for all tests of this process, or null, and the reason is printed. Whoever stops it starts it again. */
    static synchronized PostgresServer postgres(Class<?> test) throws Exception {
        PostgresServer.missing().ifPresent(why -> System.out.println(test.getSimpleName() + " is skipped with PostgreSQL: " + why));
        if (server == null && PostgresServer.missing().isEmpty()) {
            PostgresServer started = PostgresServer.withoutScram();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    started.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
            server = started;
        }
        return server;
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
                    new Domains(new DomainStore(store), new DomainStore(store).load(), credentials::has, "localhost",
                            new Domains.Limits(1, 1, Duration.ofHours(1), Duration.ofHours(1)), name -> java.util.Set.of(), clock, (domain, name) -> { }), SHARING);
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

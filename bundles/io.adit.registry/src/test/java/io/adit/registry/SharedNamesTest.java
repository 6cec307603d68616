package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.Proof;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.store.PostgresServer;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/** Two registration servers that share one PostgreSQL database. */
public class SharedNamesTest {

    private static final Instant INSTANT = Instant.parse("2026-03-04T05:06:07.123456Z");

    private static PostgresServer server;

    /** What is told of it is wrong. */
    private static final Ledger.Others NOTHING_NEW = new Ledger.Others() {
        @Override
        public void ended(String name, Kind kind) {
            throw new AssertionError(name);
        }

        @Override
        public void renamed(String name) {
            throw new AssertionError(name);
        }

        @Override
        public void changed(String name, Credential credential) {
            throw new AssertionError(name);
        }

        @Override
        public void domains(List<Claim> claims) {
            throw new AssertionError(claims);
        }
    };

    /** One of them. */
    private static final class Registrar implements AutoCloseable {
        private final NameStore store;
        private final Credentials credentials;
        private final Peers peers;
        private final Registrations registrations;

        /** Another one over the same memory. */
        Ledger ledger() throws SQLException {
            return new Ledger(store, credentials, new Quarantine(store.loadReleased()), new Expiries(InstantSource.system(), name -> { }), new Names(List.of(), false),
                    Duration.ofDays(30));
        }

        Registrar(String url) throws SQLException {
            store = new NameStore(Fixtures.postgres(url));
            credentials = new Credentials(store.load());
            peers = new Peers(credentials, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY);
            registrations = Fixtures.registrations(store, credentials, peers, Optional.of(Fixtures.DIAL));
        }

        void register(Invitation invitation) throws RegistrationException {
            registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT);
        }

        RegistrationException refused(Invitation invitation) {
            return assertThrows(RegistrationException.class, () -> register(invitation));
        }

        FakeSession connected(Invitation invitation) throws RegistrationException {
            register(invitation);
            FakeSession session = new FakeSession(invitation.name());
            peers.attach(invitation.name(), session);
            assertTrue(session.isOpen());
            return session;
        }

        void catchUp() throws SQLException {
            registrations.shared().lock().lock();
            try {
                registrations.shared().catchUp(false);
            } finally {
                registrations.shared().lock().unlock();
            }
        }

        /** Name -> what it has, as it is in memory. */
        Map<String, String> known() {
            Map<String, String> known = new TreeMap<>();
            credentials.sorted().forEach(entry -> known.put(entry.getKey(),
                    entry.getValue().kind() + " " + Proof.hex(entry.getValue().verifier().storedKey()) + " " + entry.getValue().proxy()));
            return known;
        }

        @Override
        public void close() throws SQLException {
            registrations.shared().close();
            peers.close();
            store.close();
        }
    }

    private String url;
    private Registrar a;
    private Registrar b;

    @BeforeClass
    public static void begin() throws Exception {
        server = Fixtures.postgres(SharedNamesTest.class);
        Assume.assumeTrue(server != null);
    }

    @Before
    public void open() throws SQLException {
        url = Fixtures.schema(server);
        a = new Registrar(url);
        b = new Registrar(url);
    }

    @After
    public void close() throws SQLException {
        a.close();
        b.close();
    }

    @Test
    public void whoWasInvitedAtOneIsAcceptedAtTheOtherAtOnce() throws Exception {
        Invitation first = a.registrations.invite("demo");
        b.register(first);
        Invitation anew = a.registrations.invite("demo");
        b.register(anew);
        assertEquals(ErrorCode.UNAUTHORIZED, b.refused(first).code());
        assertTrue(a.registrations.revoke("demo"));
        Invitation other = new Invitation("127.0.0.1", 7443, "never", new byte[32], new byte[32]);
        assertEquals(ErrorCode.UNAUTHORIZED, b.refused(other).code());
        assertEquals("that look told it too", ErrorCode.UNAUTHORIZED, b.refused(anew).code());
    }

    @Test
    public void whatOneEndsEndsAtTheOther() throws Exception {
        FakeSession revoked = b.connected(a.registrations.invite("revoked"));
        FakeSession anew = b.connected(a.registrations.invite("anew"));
        FakeSession stays = b.connected(a.registrations.invite("stays"));
        FakeSession own = b.connected(b.registrations.invite("own"));
        b.registrations.shared().follow();
        a.registrations.revoke("revoked");
        a.registrations.invite("anew");
        assertEquals(ErrorCode.REVOKED, revoked.closed().toCompletableFuture().get(30, TimeUnit.SECONDS));
        assertEquals(ErrorCode.REVOKED, anew.closed().toCompletableFuture().get(30, TimeUnit.SECONDS));
        b.catchUp();
        assertTrue(stays.isOpen());
        assertTrue(own.isOpen());
        assertFalse(b.registrations.isRegistered("revoked"));
        assertTrue("invited by nobody else", a.registrations.revoke("own"));
        assertFalse("nor there any more", b.registrations.revoke("own"));
    }

    @Test
    public void aRenameIsOneAtTheOtherToo() throws Exception {
        Invitation invitation = a.registrations.invite("old");
        FakeSession session = b.connected(invitation);
        a.registrations.rename("old", "new");
        b.catchUp();
        assertEquals(ErrorCode.MOVED, session.drained);
        assertTrue("what is under way goes on", session.isOpen());
        assertFalse(b.registrations.isRegistered("old"));
        assertEquals("with the old invitation", "new", b.registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT).name());
        a.registrations.invite("another");
        assertEquals("there is a name 'another' already", assertThrows(RegistrationException.class, () -> b.registrations.rename("new", "another")).getMessage());
    }

    @Test
    public void termsAndWhatIsInQuarantineAreShared() throws Exception {
        FakeSession session = b.connected(a.registrations.invite("demo"));
        a.registrations.change("demo", terms -> terms.withQuota(new Quota(3, 4, 100_000)));
        b.catchUp();
        assertEquals(new Quota(3, 4, 100_000), b.registrations.quota("demo"));
        assertTrue(session.isOpen());
        a.registrations.change("demo", terms -> terms.withExpires(Optional.of(Instant.now().minusSeconds(1))));
        b.catchUp();
        assertEquals(ErrorCode.EXPIRED, session.reason());
        a.registrations.revoke("demo");
        assertTrue(assertThrows(RegistrationException.class, () -> b.registrations.invite("demo")).getMessage().contains("is in quarantine until"));
        assertTrue(b.registrations.release("demo"));
        a.registrations.invite("demo");
    }

    @Test
    public void domainsAreShared() throws Exception {
        a.registrations.invite("demo");
        DomainStore store = new DomainStore(a.store);
        Claim asked = new Claim("www.example.org", "demo", "token", INSTANT, null, null);
        Claim proven = new Claim("www.example.org", "demo", "token", INSTANT, INSTANT, INSTANT);
        store.put("www.example.org", List.of(), List.of(asked));
        store.put("www.example.org", List.of(asked), List.of(proven));
        b.catchUp();
        assertEquals(Optional.of("demo"), b.registrations.nameOf("www.example.org"));
        SQLException late = assertThrows(SQLException.class, () -> new DomainStore(b.store).put("www.example.org", List.of(asked), List.of()));
        assertEquals("another registration server changed it a moment ago", late.getMessage());
        store.put("www.example.org", List.of(proven), List.of());
        b.catchUp();
        assertEquals(Optional.empty(), b.registrations.nameOf("www.example.org"));
    }

    @Test
    public void aNameThatIsGivenAwayTakesNobodysAndIsSeenByAll() throws Exception {
        a.registrations.invite("demo");
        Credential other = new Credential(Kind.OPEN, Proof.verifier(new byte[] {1}), INSTANT, true, null);
        assertEquals("both looked before either wrote", Optional.of(Kind.PEER), b.store.put("demo", other));
        assertEquals(Optional.empty(), b.store.put("given", other));
        a.catchUp();
        assertEquals(INSTANT, a.credentials.find("given").orElseThrow().invited());
        other.seen(INSTANT.plusSeconds(86_400));
        assertEquals(Optional.empty(), b.store.put("given", other));
        a.catchUp();
        assertEquals("so that it is not taken for idle", INSTANT.plusSeconds(86_400), a.credentials.find("given").orElseThrow().invited());
    }

    @Test
    public void aNameIsOfOneKind() throws Exception {
        a.registrations.invite("demo");
        assertEquals("'demo' is the name of a peer", assertThrows(RegistrationException.class, () -> b.registrations.inviteProxy("demo")).getMessage());
        // both looked before either wrote
        assertEquals(Optional.of(Kind.PEER), b.store.put("demo", new Credential(Kind.PROXY, Proof.verifier(new byte[] {1}), Instant.EPOCH, false, null)));
        b.catchUp();
        assertEquals(a.known(), b.known());
    }

    /** As it is done for a peer that registers: when the store has no turn for it soon, it is written with what comes next. */
    private static void assign(Registrar registrar, String name, String proxy) throws SQLException {
        try {
            registrar.store.assign(name, proxy);
        } catch (SQLException e) {
            if (!e.getMessage().equals("it is slow")) {
                throw e;
            }
        }
    }

    @Test
    public void whoWriteAtOnceLoseNothing() throws Exception {
        a.registrations.shared().follow();
        b.registrations.shared().follow();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Map<String, Invitation>>> all = new ArrayList<>();
            Map<String, String> assigned = new ConcurrentHashMap<>();
            for (int i = 0; i < 4; i++) {
                Registrar registrar = i % 2 == 0 ? a : b;
                int mine = i;
                Callable<Map<String, Invitation>> work = () -> {
                    Map<String, Invitation> own = new TreeMap<>();
                    for (int n = 0; n < 30; n++) {
                        String name = "t" + mine + "-" + n;
                        own.put(name, registrar.registrations.invite(name));
                        registrar.registrations.invite("both"); // all four write it
                        if (n % 3 == 0) {
                            assertTrue(registrar.registrations.revoke(name));
                            own.remove(name);
                        } else {
                            assigned.put(name, "p" + n);
                            assign(registrar, name, "p" + n);
                        }
                    }
                    return own;
                };
                all.add(threads.submit(work));
            }
            Map<String, Invitation> expected = new TreeMap<>();
            for (Future<Map<String, Invitation>> each : all) {
                expected.putAll(each.get(120, TimeUnit.SECONDS));
            }
            for (Registrar each : List.of(a, b, a, b)) { // whatever one of them writes only now is news to the other
                each.catchUp();
            }
            assertEquals(a.known(), b.known());
            expected.keySet().forEach(name -> assertEquals(name, assigned.get(name), a.credentials.find(name).orElseThrow().proxy()));
            Map<String, String> stored;
            try (Registrar fresh = new Registrar(url)) {
                stored = fresh.known();
            }
            assertEquals(stored, a.known());
            assertEquals(expected.size() + 1, stored.size());
            for (Map.Entry<String, Invitation> each : expected.entrySet()) {
                a.register(each.getValue());
                b.register(each.getValue());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    public void anAssignmentIsKnownToTheOtherAndAnOlderOneIsNoNews() throws Exception {
        a.registrations.invite("demo");
        b.catchUp();
        long older = a.store.assign("demo", "p1");
        long newer = a.store.assign("demo", "p2");
        b.catchUp();
        Credential known = b.credentials.find("demo").orElseThrow();
        assertEquals("p2", known.proxy());
        known.assign("p1", older);
        assertEquals("p2", known.proxy());
        assertEquals(newer, known.revision());
    }

    @Test
    public void whileTheDatabaseIsAwayWhatIsKnownGoesOn() throws Exception {
        Invitation known = a.registrations.invite("known");
        Invitation late = a.registrations.invite("late");
        Invitation unassigned = a.registrations.invite("unassigned");
        a.registrations.inviteProxy("p1"); // so that assignments are written
        FakeSession session = b.connected(known);
        b.catchUp();
        b.registrations.shared().follow();
        server.stop();
        try {
            b.register(known);
            b.register(unassigned);
            assertTrue(session.isOpen());
            RegistrationException e = assertThrows(RegistrationException.class, () -> b.registrations.invite("more"));
            assertTrue(e.getMessage(), e.getMessage().startsWith("the invitation was not made: the store failed: Connection to " + server.address() + " refused."));
            assertFalse(e.getMessage().contains("\n"));
            IllegalStateException revoked = assertThrows(IllegalStateException.class, () -> b.registrations.revoke("known"));
            assertTrue(revoked.getMessage(), revoked.getMessage().startsWith("'known' was not revoked: the store failed: "));
            Invitation nobody = new Invitation("127.0.0.1", 7443, "nobody", new byte[32], new byte[32]);
            assertEquals("nobody can say", ErrorCode.INTERNAL, b.refused(nobody).code());
            assertThrows("not written yet", SQLException.class, () -> b.store.assign("known", "p7"));
        } finally {
            server.open();
        }
        b.register(late);
        b.registrations.invite("more");
        assertTrue(session.isOpen());
        b.catchUp();
        a.catchUp();
        assertEquals("it was written later", "p7", a.credentials.find("known").orElseThrow().proxy());
        assertEquals("here", Credential.HERE, a.credentials.find("unassigned").orElseThrow().proxy());
        assertTrue(a.registrations.isRegistered("more"));
        assertTrue(a.registrations.revoke("known"));
        assertEquals(ErrorCode.REVOKED, session.closed().toCompletableFuture().get(30, TimeUnit.SECONDS));
    }

    @Test
    public void aDatabaseThatWasRestoredCountsAsItIs() throws Exception {
        a.registrations.invite("lost");
        a.registrations.invite("kept");
        b.catchUp();
        try (Connection connection = Fixtures.postgres(url).open(); Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM peer_name WHERE name = 'lost'");
            statement.execute("UPDATE store_revision SET revision = 1, removed = 0");
        }
        b.catchUp();
        assertFalse(b.registrations.isRegistered("lost"));
        assertTrue(b.registrations.isRegistered("kept"));
    }

    @Test
    public void guessesAskTheDatabaseSoOftenAndNoMore() throws Exception {
        AtomicLong clock = new AtomicLong();
        SharedNames names = new SharedNames(b.ledger(), NOTHING_NEW, new SharedNames.Limits(Duration.ofHours(1), 2), clock::get);
        assertTrue(names.lookUp());
        assertTrue(names.lookUp());
        assertEquals(ErrorCode.INTERNAL, assertThrows(RegistrationException.class, names::lookUp).code());
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertTrue(names.lookUp());
        assertThrows(RegistrationException.class, names::lookUp);
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertTrue(names.lookUp());
        assertTrue(names.lookUp());
        assertThrows("there is no hoard", RegistrationException.class, names::lookUp);
    }

    @Test
    public void whoAsksWaitsForNobody() throws Exception {
        CompletableFuture<Void> locked = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread slow = new Thread(() -> {
            b.registrations.shared().lock().lock();
            locked.complete(null);
            done.join();
            b.registrations.shared().lock().unlock();
        });
        slow.start();
        try {
            locked.get(30, TimeUnit.SECONDS);
            assertEquals(ErrorCode.INTERNAL, assertThrows(RegistrationException.class, () -> b.registrations.shared().lookUp()).code());
        } finally {
            done.complete(null);
            slow.join();
        }
    }

    /** Who writes many names takes the lock for each, and would have it again before one that waits has woken up. */
    @Test
    public void whoAsksHasItsTurnWhileManyNamesAreWritten() {
        assertTrue(b.registrations.shared().lock().isFair());
    }
}

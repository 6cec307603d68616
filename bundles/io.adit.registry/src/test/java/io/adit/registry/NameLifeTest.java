package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager.Released;
import io.adit.api.Terms;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Names with terms: they end, are changed, renamed, given up and given again. */
public class NameLifeTest {

    private static final Terms SOON = Terms.DEFAULT.withExpires(Optional.of(Instant.now().plusSeconds(3600)));
    private static final Optional<Instant> PAST = Optional.of(Instant.now().minusSeconds(1));
    private static final Quota QUOTA = new Quota(3, Quota.NONE, 50_000);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private NameStore store;
    private Credentials credentials;
    private Peers peers;
    private Registrations registrations;

    @Before
    public void open() throws SQLException {
        store = new NameStore(Fixtures.embedded(folder.getRoot().toPath().resolve("registry")));
        credentials = new Credentials(store.load(), new Quota(10, 20, Quota.NONE));
        peers = new Peers(credentials, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY);
        registrations = Fixtures.registrations(store, credentials, peers, Optional.of(Fixtures.DIAL));
    }

    @After
    public void close() throws SQLException {
        peers.close();
        store.close();
    }

    private void reopen() throws SQLException {
        close();
        open();
    }

    private FakeSession connected(Invitation invitation) throws RegistrationException {
        Registered answer = registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT);
        FakeSession session = new FakeSession(answer.name());
        peers.attach(answer.name(), session);
        return session;
    }

    private String refused(ErrorCode code, Register register) {
        RegistrationException e = assertThrows(RegistrationException.class, () -> registrations.register(register, Fixtures.TRANSCRIPT));
        assertEquals(code, e.code());
        return e.getMessage();
    }

    private interface Asked {
        void run() throws RegistrationException;
    }

    private static String refused(Asked asked) {
        RegistrationException e = assertThrows(RegistrationException.class, asked::run);
        assertEquals(ErrorCode.REFUSED, e.code());
        return e.getMessage();
    }

    private String state(String name) {
        return registrations.name(name).orElseThrow().state();
    }

    @Test
    public void termsAreKept() throws Exception {
        Terms terms = new Terms(Optional.of(Instant.parse("2099-01-02T03:04:05.123456789Z")), QUOTA, List.of("a@example.org", "b@example.org"), 4);
        registrations.invite("demo", terms);
        registrations.invite("plain");
        reopen();
        Terms kept = terms.withExpires(Optional.of(Instant.parse("2099-01-02T03:04:05.123456Z")));
        assertEquals("as exact as the store has it", kept, registrations.name("demo").orElseThrow().terms());
        assertEquals(Terms.DEFAULT, registrations.name("plain").orElseThrow().terms());
        assertEquals("with what is configured", new Quota(3, Quota.NONE, 50_000), registrations.quota("demo"));
        assertEquals(new Quota(10, 20, Quota.NONE), registrations.quota("plain"));
        assertEquals(Quota.UNLIMITED, registrations.quota("nobody"));
        assertEquals(new Quota(10, 20, Quota.NONE), credentials.terms("plain").quota());
    }

    @Test
    public void anExpiredInvitationIsRefusedAndSaidToBe() throws Exception {
        Invitation invitation = registrations.invite("demo", Terms.DEFAULT.withExpires(PAST));
        assertEquals("the invitation for 'demo' expired at " + PAST.get().truncatedTo(ChronoUnit.MICROS), refused(ErrorCode.EXPIRED, Fixtures.register(invitation)));
        refused(ErrorCode.UNAUTHORIZED, new Register("demo", new byte[32], "")); // nobody else is told
        assertFalse("to a visitor it is not there", registrations.isRegistered("demo"));
        assertEquals("expired", state("demo"));
        assertEquals(PAST.get().truncatedTo(ChronoUnit.MICROS), registrations.name("demo").orElseThrow().since());
        assertTrue(connected(registrations.invite("demo", SOON)).isOpen());
        assertEquals("online", state("demo"));
    }

    @Test
    public void theSessionEndsWithTheTimeUnlessItWasRenewed() throws Exception {
        FakeSession session = connected(registrations.invite("demo", SOON));
        registrations.expired("demo");
        assertTrue("it has time yet", session.isOpen());
        registrations.change("demo", terms -> terms.withExpires(PAST));
        assertEquals(ErrorCode.EXPIRED, session.reason());
        assertEquals("expired", state("demo"));
        FakeSession late = new FakeSession("late");
        peers.attach("demo", late);
        assertEquals(ErrorCode.EXPIRED, late.reason());
        assertEquals("names that are over are not away", List.of(), peers.away());
    }

    @Test
    public void aRenewalNeedsNoNewSecret() throws Exception {
        Invitation invitation = registrations.invite("demo", Terms.DEFAULT.withExpires(PAST));
        reopen();
        assertEquals(SOON.expires().get().truncatedTo(ChronoUnit.MICROS),
                registrations.change("demo", terms -> terms.withExpires(SOON.expires())).expires().orElseThrow());
        reopen();
        assertTrue(connected(invitation).isOpen());
    }

    @Test
    public void aChangeKeepsTheSessionAndIsCheckedFirst() throws Exception {
        FakeSession session = connected(registrations.invite("demo"));
        registrations.change("Demo", terms -> terms.withQuota(QUOTA).withNotified(List.of("a@example.org")));
        assertTrue(session.isOpen());
        assertEquals(3, registrations.quota("demo").streams());
        assertEquals(List.of("a@example.org"), registrations.presence("demo", session).details().all(Details.NOTIFY));
        assertEquals("what the peer says itself", "demo", registrations.presence("demo", session).details().first(Details.TITLE));
        assertEquals("peers must be in 1..64, not 0", refused(() -> registrations.change("demo", terms -> terms.withPeers(0))));
        assertEquals("there is no name 'nobody'", refused(() -> registrations.change("nobody", terms -> terms)));
        store.close();
        assertThrows(RegistrationException.class, () -> registrations.change("demo", terms -> Terms.DEFAULT));
        assertEquals("what the store does not take did not happen", 3, registrations.quota("demo").streams());
    }

    @Test
    public void aNameThatWasGivenUpIsInQuarantine() throws Exception {
        registrations.invite("demo");
        assertTrue(registrations.revoke("demo"));
        for (int i = 0; i < 2; i++) {
            Released released = registrations.released().get(0);
            assertEquals("demo", released.name());
            assertEquals(released.since().plus(30, ChronoUnit.DAYS), released.until());
            String message = refused(() -> registrations.invite("demo"));
            assertTrue(message, message.startsWith("'demo' was given up at ") && message.endsWith(": release it first"));
            reopen();
        }
        assertTrue(registrations.release("DEMO"));
        assertFalse(registrations.release("demo"));
        assertEquals(List.of(), registrations.released());
        registrations.invite("demo");
        reopen();
        assertTrue(connected(registrations.invite("demo")).isOpen());
    }

    @Test
    public void aProxysNameIsNotInQuarantine() throws Exception {
        registrations.inviteProxy("p1");
        registrations.revoke("p1");
        registrations.inviteProxy("p1");
        assertEquals(List.of(), registrations.released());
    }

    @Test
    public void thePeerOfARenamedNameComesBackUnderTheNewOne() throws Exception {
        Invitation invitation = registrations.invite("old", Terms.DEFAULT.withQuota(QUOTA));
        FakeSession session = connected(invitation);
        registrations.rename("Old", "New");
        assertEquals("it finishes what it has, and asks where to go", ErrorCode.MOVED, session.drained);
        assertTrue(session.isOpen());
        assertTrue(peers.find("old").isEmpty());
        assertFalse(registrations.isRegistered("old"));
        assertTrue("visitors of the new name wait for it", peers.lostAt("new").isPresent());
        for (int i = 0; i < 2; i++) {
            Registered answer = registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT);
            assertEquals("new", answer.name());
            assertEquals("http://new.localhost:8080/", answer.url());
            assertEquals(QUOTA, registrations.name("new").orElseThrow().terms().quota());
            assertEquals("new", registrations.released().get(0).renamed());
            refused(() -> registrations.invite("old"));
            reopen();
        }
        registrations.rename("new", "newest");
        assertEquals("newest", registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT).name());
        reopen();
        assertEquals("newest", registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT).name());
        assertEquals(Set.of("newest"), store.load().keySet());
    }

    @Test
    public void aNameMayGoBackAndMayLookLikeItself() throws Exception {
        Invitation invitation = registrations.invite("my-shop");
        registrations.rename("my-shop", "myshop");
        registrations.rename("myshop", "my-shop");
        assertEquals("my-shop", connected(invitation).details().first(Details.TITLE));
        assertEquals(List.of("myshop"), registrations.released().stream().map(Released::name).toList());
        registrations.invite("other");
        assertTrue(refused(() -> registrations.rename("other", "myshop")).contains("in quarantine"));
        assertEquals("'0ther' looks like 'other', which somebody else has", refused(() -> registrations.rename("my-shop", "0ther")));
        assertEquals("there is a name 'other' already", refused(() -> registrations.rename("my-shop", "other")));
        assertEquals("there is no name 'nobody'", refused(() -> registrations.rename("nobody", "x")));
        assertEquals("'www' is a reserved name", refused(() -> registrations.rename("other", "www")));
    }

    @Test
    public void theOldNameOfARevokedOneAdmitsNobody() throws Exception {
        Invitation invitation = registrations.invite("old");
        registrations.rename("old", "new");
        registrations.revoke("new");
        refused(ErrorCode.UNAUTHORIZED, Fixtures.register(invitation));
        reopen();
        refused(ErrorCode.UNAUTHORIZED, Fixtures.register(invitation));
        assertEquals(List.of("new", "old"), registrations.released().stream().map(Released::name).toList());
        registrations.release("new");
        Invitation other = registrations.invite("new");
        refused(ErrorCode.UNAUTHORIZED, Fixtures.register(invitation));
        assertTrue(connected(other).isOpen());
    }

    @Test
    public void aReleasedOldNameIsSomebodyElses() throws Exception {
        Invitation first = registrations.invite("old");
        registrations.rename("old", "new");
        registrations.release("old");
        Invitation second = registrations.invite("old");
        assertEquals("old", registrations.register(Fixtures.register(second), Fixtures.TRANSCRIPT).name());
        refused(ErrorCode.UNAUTHORIZED, Fixtures.register(first));
    }

    @Test
    public void whoRegisteredJustBeforeTheRenamingComesAgainUnderTheNewName() throws Exception {
        Invitation invitation = registrations.invite("before");
        String name = registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT).name();
        registrations.rename("before", "after");
        FakeSession late = new FakeSession(name);
        peers.attach(name, late);
        assertTrue("it is not told that its invitation is no good", late.isOpen());
        assertEquals(ErrorCode.MOVED, late.drained);
        assertEquals(Optional.empty(), peers.find(name));
        assertTrue(connected(invitation).isOpen());
        assertEquals("online", state("after"));
        registrations.revoke("after");
        FakeSession revoked = new FakeSession(name);
        peers.attach(name, revoked);
        assertEquals(ErrorCode.REVOKED, revoked.reason());
    }
}

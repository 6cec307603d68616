package io.adit.registry;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.Proof;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RegistrationsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private NameStore store;
    private Credentials credentials;
    private Peers peers;
    private Registrations registrations;

    @Before
    public void open() throws SQLException {
        store = new NameStore(Fixtures.embedded(folder.getRoot().toPath().resolve("registry")));
        credentials = new Credentials(store.load());
        peers = new Peers(credentials, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY);
        registrations = Fixtures.registrations(store, credentials, peers, Optional.of(Fixtures.DIAL));
    }

    @After
    public void close() throws SQLException {
        peers.close();
        store.close();
    }

    private FakeSession connected(Invitation invitation, String id) throws RegistrationException {
        registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT);
        FakeSession session = new FakeSession(id);
        peers.attach(invitation.name(), session);
        return session;
    }

    private RegistrationException refused(Register register) {
        return assertThrows(RegistrationException.class, () -> registrations.register(register, Fixtures.TRANSCRIPT));
    }

    @Test
    public void anInvitationIsAllThatAPeerNeeds() throws RegistrationException {
        Invitation invitation = registrations.invite("Demo");
        assertEquals("demo", invitation.name());
        assertEquals("127.0.0.1", invitation.host());
        assertEquals(7443, invitation.port());
        assertArrayEquals(Fixtures.DIAL.fingerprint(), invitation.fingerprint());
        assertTrue(registrations.isRegistered("demo"));

        Registered answer = registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT);
        assertEquals("demo", answer.name());
        assertEquals("gw.example", answer.proxyName());
        assertEquals("127.0.0.1", answer.proxyAddress());
        assertEquals(7443, answer.proxyPort());
        assertEquals("http://demo.localhost:8080/", answer.url());
        assertTrue(Proof.verifyAnswer(invitation.secret(), Fixtures.TRANSCRIPT, answer.proof()));
        assertEquals(0, answer.ticket().length);
    }

    @Test
    public void everyInvitationHasASecretOfItsOwn() throws RegistrationException {
        assertNotEquals(Proof.hex(registrations.invite("a").secret()), Proof.hex(registrations.invite("b").secret()));
    }

    @Test
    public void unknownAndWrongGetTheSameAnswer() throws RegistrationException {
        Invitation invitation = registrations.invite("demo");
        byte[] proof = Proof.of(new byte[32], Fixtures.TRANSCRIPT);
        RegistrationException wrong = refused(new Register("demo", proof, "test/1"));
        RegistrationException unknown = refused(new Register("nobody", proof, "test/1"));
        assertEquals(ErrorCode.UNAUTHORIZED, wrong.code());
        assertEquals(ErrorCode.UNAUTHORIZED, unknown.code());
        assertEquals("the proxy does not accept the invitation for 'demo' (unknown, revoked or replaced)", wrong.getMessage());
        assertEquals(wrong.getMessage().replace("demo", "nobody"), unknown.getMessage());
        assertEquals(ErrorCode.UNAUTHORIZED, refused(new Register("demo", new byte[3], "")).code());
        assertEquals("names are matched as they are stored", ErrorCode.UNAUTHORIZED,
                refused(new Register("DEMO", Proof.of(invitation.secret(), Fixtures.TRANSCRIPT), "")).code());
        assertFalse(credentials.admits("demo"));
    }

    @Test
    public void aHostileNameDoesNotReachALogAsItIs() {
        assertTrue(refused(new Register("a\r\nINFO all is well\u001b[2J" + "x".repeat(9000), new byte[32], "")).getMessage().matches("[\\x20-\\x7e]{1,250}"));
    }

    @Test
    public void aProofOfAnotherConnectionIsRefused() throws RegistrationException {
        Invitation invitation = registrations.invite("demo");
        byte[] other = Proof.transcript(new byte[] {4}, new byte[] {5}, new byte[] {6});
        refused(new Register("demo", Proof.of(invitation.secret(), other), ""));
    }

    @Test
    public void aSecondInvitationEndsTheFirstAndItsSession() throws RegistrationException {
        Invitation first = registrations.invite("demo");
        FakeSession session = connected(first, "s1");
        Invitation second = registrations.invite("demo");
        assertEquals(ErrorCode.REVOKED, session.reason());
        assertTrue(peers.find("demo").isEmpty());
        assertEquals(ErrorCode.UNAUTHORIZED, refused(Fixtures.register(first)).code());
        assertTrue(connected(second, "s2").isOpen());
    }

    @Test
    public void aSessionThatRegisteredBeforeAReinvitationDoesNotGetIn() throws RegistrationException {
        registrations.register(Fixtures.register(registrations.invite("demo")), Fixtures.TRANSCRIPT);
        registrations.invite("demo");
        FakeSession late = new FakeSession("s1");
        peers.attach("demo", late);
        assertEquals(ErrorCode.REVOKED, late.reason());
    }

    @Test
    public void revokeEndsNameAndSession() throws Exception {
        Invitation invitation = registrations.invite("demo");
        FakeSession session = connected(invitation, "s1");
        assertTrue(registrations.revoke("DEMO"));
        assertEquals(ErrorCode.REVOKED, session.reason());
        assertFalse(registrations.isRegistered("demo"));
        assertEquals(Map.of(), store.load());
        refused(Fixtures.register(invitation));
        assertFalse("there is no such name any more", registrations.revoke("demo"));
        assertFalse(registrations.revoke("never-there"));
    }

    @Test
    public void namesAreSortedAndTellTheirState() throws RegistrationException {
        Instant before = Instant.now().minusSeconds(1);
        registrations.invite("charlie");
        Invitation bravo = registrations.invite("bravo");
        Invitation alpha = registrations.invite("alpha");
        connected(bravo, "s1");
        connected(alpha, "s2").close(ErrorCode.SESSION_LOST, "");
        List<NameInfo> names = registrations.names();
        assertEquals(List.of("alpha", "bravo", "charlie"), names.stream().map(NameInfo::name).toList());
        assertEquals(List.of("offline", "online", "offline"), names.stream().map(NameInfo::state).toList());
        assertEquals(List.of(0, 1, 0), names.stream().map(NameInfo::codec).toList());
        assertEquals(FakeSession.SINCE, names.get(1).since());
        assertEquals(peers.lostAt("alpha").orElseThrow(), names.get(0).since());
        assertTrue(names.get(2).since().isAfter(before));
    }

    @Test
    public void reservedNamesAreRefused() {
        assertEquals(ErrorCode.REFUSED, assertThrows(RegistrationException.class, () -> registrations.invite("www")).code());
    }

    @Test
    public void withoutATunnelEndpointNobodyIsInvited() throws SQLException {
        Registrations early = Fixtures.registrations(store, credentials, peers, Optional.empty());
        RegistrationException e = assertThrows(RegistrationException.class, () -> early.invite("demo"));
        assertEquals("the proxy has no tunnel endpoint: its acceptor does not listen (yet)", e.getMessage());
        assertEquals(Map.of(), store.load());
    }

    @Test
    public void whatTheStoreDoesNotTakeDidNotHappen() throws Exception {
        Invitation invitation = registrations.invite("demo");
        FakeSession session = connected(invitation, "s1");
        store.close();
        RegistrationException e = assertThrows(RegistrationException.class, () -> registrations.invite("other"));
        assertEquals(ErrorCode.INTERNAL, e.code());
        assertTrue(e.getMessage(), e.getMessage().startsWith("the invitation was not made: the store failed"));
        assertFalse(registrations.isRegistered("other"));
        assertThrows(RegistrationException.class, () -> registrations.invite("demo"));
        assertThrows(IllegalStateException.class, () -> registrations.revoke("demo"));
        assertTrue(session.isOpen());
        registrations.register(Fixtures.register(invitation), Fixtures.TRANSCRIPT);
    }
}

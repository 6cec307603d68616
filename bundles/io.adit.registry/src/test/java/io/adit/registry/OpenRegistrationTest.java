package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.Proof;
import io.adit.api.RegistrationException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Names for peers without an invitation (PROTOCOL section 17). */
public class OpenRegistrationTest {

    private static final byte[] MINE = Proof.sha256(new byte[] {1});
    private static final byte[] OTHERS = Proof.sha256(new byte[] {2});
    private static final String HERE = "192.0.2.1:4711";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private FlakyDatabase database;
    private NameStore store;
    private Credentials credentials;
    private Peers peers;
    private Registrations registrations;
    private Instant now = Instant.now();

    @Before
    public void open() throws SQLException {
        open(true, Fixtures.DIAL);
    }

    private void open(boolean on, Registrations.Dial dial) throws SQLException {
        database = new FlakyDatabase(Fixtures.embedded(folder.getRoot().toPath().resolve("registry")));
        store = new NameStore(database);
        credentials = new Credentials(store.load());
        peers = new Peers(credentials, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY);
        registrations = Fixtures.registrations(store, credentials, peers, Optional.of(dial), new OpenNames.Bounds(on, 3, 2, Duration.ofDays(30)), () -> now);
    }

    @After
    public void close() throws SQLException {
        peers.close();
        store.close();
    }

    private static Register register(String name, byte[] secret, byte[] proven) {
        Proof.Verifier verifier = Proof.verifier(secret);
        return new Register(name, Proof.of(proven, Fixtures.TRANSCRIPT), "test/1", new byte[0],
                Fields.of(Details.VERIFIER, Proof.hex(verifier.storedKey()) + Proof.hex(verifier.serverKey()), Details.NOTIFY, "a@b.example", Details.TITLE, "t"));
    }

    private Registered take(String name, byte[] secret) throws RegistrationException {
        return registrations.register(register(name, secret, secret), Fixtures.TRANSCRIPT, HERE);
    }

    private void refused(ErrorCode code, String why, Register register, String remote) {
        RegistrationException e = assertThrows(RegistrationException.class, () -> registrations.register(register, Fixtures.TRANSCRIPT, remote));
        assertEquals(code + " " + why, e.code() + " " + e.getMessage());
    }

    private void refused(String why, String name, byte[] secret) {
        refused(ErrorCode.UNAUTHORIZED, why, register(name, secret, secret), HERE);
    }

    @Test
    public void O2_whoComesFirstHasTheNameAndNobodyElse() throws Exception {
        Registered answer = take("demo", MINE);
        assertEquals("http://demo.localhost:8080/", answer.url());
        assertTrue("and knows that it is this proxy which keeps it", Proof.verifyAnswer(MINE, Fixtures.TRANSCRIPT, answer.proof()));
        assertEquals("again", "demo", take("demo", MINE).name());
        refused("the name 'demo' is taken", "demo", OTHERS);
        assertTrue(registrations.isRegistered("demo"));

        close();
        open();
        refused("the name 'demo' is taken", "demo", OTHERS);
        Register plain = new Register("demo", Proof.of(MINE, Fixtures.TRANSCRIPT), "test/1");
        assertEquals("it is in the store, and needs no verifier any more", "demo", registrations.register(plain, Fixtures.TRANSCRIPT, HERE).name());
        assertTrue(peersOf("demo").isOpen());
    }

    private FakeSession peersOf(String name) {
        FakeSession session = new FakeSession("s");
        peers.attach(name, session);
        return session;
    }

    @Test
    public void namesOfInvitationsAreTakenAndOnesThatNobodyGetsAreRefused() throws Exception {
        registrations.invite("invited");
        refused("the name 'invited' is taken", "invited", OTHERS);
        refused("'www' is a reserved name", "www", MINE);
        refused("'xn--demo' is not a name: a hyphen in both the third and the fourth place is reserved for encoded names", "xn--demo", MINE);
        refused("'Demo' is not in lower case", "Demo", MINE);
        refused("'a b' is not a name: letters, digits and inner hyphens, 1 to 63 of them", "a b", MINE);
        refused(ErrorCode.UNAUTHORIZED, "the secret for 'demo' is not proven", register("demo", MINE, OTHERS), HERE);
        assertFalse(registrations.isRegistered("demo"));
        assertEquals("an operator may", "demo", registrations.invite("demo").name());
    }

    @Test
    public void O3_bounds() throws Exception {
        take("a", MINE);
        take("b", MINE);
        refused(ErrorCode.REFUSED, "the network 192.0.2.0/24 has got 2 names within the last hour already", register("c", MINE, MINE), "192.0.2.200:1");
        registrations.register(register("c", MINE, MINE), Fixtures.TRANSCRIPT, "198.51.100.1:1");
        refused(ErrorCode.REFUSED, "there are 3 names without an invitation already", register("d", MINE, MINE), "203.0.113.1:1");
        assertEquals("who has one is not counted again", "a", take("a", MINE).name());
        registrations.revoke("a");
        registrations.register(register("d", MINE, MINE), Fixtures.TRANSCRIPT, "203.0.113.1:1");
    }

    @Test
    public void O4_whereItIsOffNobodyLearnsWhichNamesThereAre() throws Exception {
        close();
        open(false, Fixtures.DIAL);
        registrations.invite("invited");
        refused("the proxy gives no names away: 'invited' needs an invitation", "invited", MINE);
        refused("the proxy gives no names away: 'free' needs an invitation", "free", MINE);
    }

    @Test
    public void O5_notWithoutTls() throws Exception {
        close();
        open(true, new Registrations.Dial("127.0.0.1", 7443, new byte[0]));
        refused("the proxy gives names away over TLS only, which its tunnel does not have", "demo", MINE);
    }

    @Test
    public void whoHasNoInvitationHasNoMailSent() throws Exception {
        take("demo", MINE);
        Fields said = register("demo", MINE, MINE).details();
        assertEquals(Fields.of(Details.TITLE, "t"), credentials.find("demo").orElseThrow().details(said));
        registrations.invite("invited");
        assertEquals(Fields.of(Details.NOTIFY, "a@b.example", Details.TITLE, "t"), credentials.find("invited").orElseThrow().details(said));
    }

    @Test
    public void anIdleNameIsTakenBack() throws Exception {
        now = Instant.now();
        take("idle", MINE);
        take("used", MINE);
        registrations.invite("invited");
        FakeSession used = peersOf("used");
        now = now.plus(Duration.ofDays(29));
        registrations.sweep();
        assertEquals(3, registrations.names().size());
        now = now.plus(Duration.ofDays(2));
        registrations.sweep();
        assertFalse(registrations.isRegistered("idle"));
        assertTrue(registrations.isRegistered("used"));
        used.close(ErrorCode.SESSION_LOST, "");
        now = now.plus(Duration.ofDays(28));
        close();
        open();
        registrations.sweep();
        assertTrue("what was noted is in the store", registrations.isRegistered("used"));
        now = now.plus(Duration.ofDays(4));
        registrations.sweep();
        assertFalse(registrations.isRegistered("used"));
        assertTrue(registrations.isRegistered("invited"));
        RegistrationException quarantine = assertThrows(RegistrationException.class, () -> take("idle", OTHERS));
        assertTrue(quarantine.getMessage(), quarantine.code() == ErrorCode.UNAUTHORIZED && quarantine.getMessage().contains("in quarantine"));
        registrations.release("idle");
        assertEquals("idle", take("idle", OTHERS).name());
    }

    @Test
    public void aStrangerIsNotToldWhatTheStoreSays() {
        database.failing = true;
        refused(ErrorCode.INTERNAL, "'demo' cannot be given away now: the proxy's store fails", register("demo", MINE, MINE), HERE);
        assertFalse(registrations.isRegistered("demo"));
    }

    @Test
    public void nobodyGetsTheNameOfTheHostThatPeersDial() throws Exception {
        close();
        open(true, new Registrations.Dial("Gate.localhost", 7443, Fixtures.DIAL.fingerprint()));
        refused("'gate' is not to be had: gate.localhost is where peers dial", "gate", MINE);
        RegistrationException e = assertThrows(RegistrationException.class, () -> registrations.invite("gate"));
        assertEquals("'gate' is not to be had: gate.localhost is where peers dial", e.getMessage());
        registrations.invite("other");
        assertThrows(RegistrationException.class, () -> registrations.rename("other", "gate"));
    }

    /** As it is when the store fails after the name was revoked. */
    private void leave(String domain, String name) throws Exception {
        new DomainStore(store).put(domain, List.of(), List.of(new Claim(domain, name, "t", now, now, now)));
        close();
        open();
        assertEquals(Optional.of(name), registrations.nameOf(domain));
    }

    @Test
    public void theDomainOfAnEarlierOwnerLeadsToNobodyElse() throws Exception {
        now = now.truncatedTo(ChronoUnit.MICROS);
        leave("www.example.org", "given");
        take("given", MINE);
        assertEquals(Optional.empty(), registrations.nameOf("www.example.org"));
        leave("www.example.org", "invited");
        registrations.invite("invited");
        assertEquals(Optional.empty(), registrations.nameOf("www.example.org"));
        leave("www.example.org", "renamed");
        registrations.rename("invited", "renamed");
        assertEquals(Optional.empty(), registrations.nameOf("www.example.org"));
        close();
        open();
        assertEquals(Optional.empty(), registrations.nameOf("www.example.org"));
    }
}

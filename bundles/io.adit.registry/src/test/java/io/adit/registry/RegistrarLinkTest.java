package io.adit.registry;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import io.adit.api.Proof;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.Terms;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.Terms;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A registration server and two linked proxies, each as a container has it but for the sockets: sessions are fakes, their streams go across. */
public class RegistrarLinkTest {

    private static final byte[] FINGERPRINT = Proof.sha256(new byte[] {1});

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private RegistrarRole registrar;
    private Proxy p1;
    private Proxy p2;

    /** One linked proxy, and its session with the registration server. */
    private final class Proxy {
        final String name;
        final int port;
        Invitation invitation;
        LinkedRole role;
        FakeSession session;

        Proxy(String name, int port) throws RegistrationException {
            this.name = name;
            this.port = port;
            this.invitation = registrar.proxies().inviteProxy(name);
            start();
        }

        void start() {
            Registrations.Dial dial = new Registrations.Dial("127.0.0." + port, port, FINGERPRINT);
            role = new LinkedRole(settings(name, "linked", true, "public_url", "http://{name}.x:" + port + "/"), () -> Optional.of(dial), at -> { });
        }

        void link() throws Exception {
            Fields details = Fields.of("role", "proxy");
            Registered answer = registrar.registrations().register(
                    new Register(name, Proof.of(invitation.secret(), Fixtures.TRANSCRIPT), "test", new byte[0], details), Fixtures.TRANSCRIPT);
            assertEquals("proxy", answer.details().first("role"));
            session = new FakeSession("link-" + name);
            session.answers = role.handler();
            registrar.attach(name, session);
            await(name + " is linked", () -> info(name).state().equals("linked"));
        }

        FakeSession register(Invitation peer, byte[] ticket) throws RegistrationException {
            role.registrations().register(new Register(peer.name(), Proof.of(peer.secret(), Fixtures.TRANSCRIPT), "test", ticket, Fields.EMPTY),
                    Fixtures.TRANSCRIPT);
            return attach(peer, "");
        }

        /** Of a peer that registered, and calls itself so. */
        FakeSession attach(Invitation peer, String instance) {
            FakeSession session = new FakeSession("s-" + peer.name() + "-" + name + instance);
            session.instance = instance;
            role.attach(peer.name(), session);
            return session;
        }

        ErrorCode refused(Invitation peer, byte[] ticket) {
            return assertThrows(RegistrationException.class, () -> register(peer, ticket)).code();
        }
    }

    private Settings settings(String home, Object... changes) {
        Path base = folder.getRoot().toPath().resolve(home);
        return Settings.of(Configurations.with(changes), base::resolve);
    }

    private RegistrarRole registrar(boolean here) {
        RegistrarRole role = new RegistrarRole(settings("registrar", "assign_here", here, "grace_millis", 200L, "proxy_name", "main"),
                () -> Optional.of(Fixtures.DIAL), org.postgresql.Driver::new);
        role.add(new PresenceListener() {
            @Override
            public void online(Presence presence) {
                told.add("online " + presence.name() + " " + presence.url() + " " + presence.addresses().get(0).getHostAddress() + " "
                        + presence.details().first("title"));
            }

            @Override
            public void offline(String name) {
                told.add("offline " + name);
            }

            @Override
            public void ended(String name) {
                told.add("ended " + name);
            }
        });
        return role;
    }

    @Before
    public void start() throws Exception {
        registrar = registrar(false);
        p1 = new Proxy("p1", 1);
        p2 = new Proxy("p2", 2);
    }

    @After
    public void stop() {
        p1.role.close();
        p2.role.close();
        registrar.close();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < end);
            TimeUnit.MILLISECONDS.sleep(5); // between looks
        }
    }

    private String next(String start) throws InterruptedException {
        for (String one = told.poll(60, TimeUnit.SECONDS); one != null; one = told.poll(60, TimeUnit.SECONDS)) {
            if (one.startsWith(start)) {
                return one;
            }
        }
        throw new AssertionError("was not told " + start);
    }

    private ProxyInfo info(String proxy) {
        return registrar.proxies().proxies().stream().filter(each -> each.name().equals(proxy)).findFirst().orElseThrow();
    }

    private String state(String name) {
        NameInfo info = registrar.registrations().names().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        return info.state() + " " + info.codec();
    }

    private Registered ask(Invitation peer, String... details) throws RegistrationException {
        return registrar.registrations().register(
                new Register(peer.name(), Proof.of(peer.secret(), Fixtures.TRANSCRIPT), "test", new byte[0], Fields.of(details)), Fixtures.TRANSCRIPT);
    }

    @Test
    public void R4_thePeerIsToldTheOtherProxysNameAndAddress() throws Exception {
        Invitation demo = registrar.registrations().invite("demo");
        RegistrationException nobody = assertThrows(RegistrationException.class, () -> ask(demo));
        assertEquals(ErrorCode.REFUSED, nobody.code());
        assertEquals("no proxy can take 'demo' now: none is linked to this registration server", nobody.getMessage());
        p1.link();
        Registered answer = ask(demo);
        assertEquals("p1", answer.proxyName());
        assertEquals("127.0.0.1", answer.proxyAddress());
        assertEquals(1, answer.proxyPort());
        assertEquals("http://demo.x:1/", answer.url());
        assertEquals(Proof.hex(FINGERPRINT), answer.details().first("cert"));
        assertTrue(Proof.verifyAnswer(demo.secret(), Fixtures.TRANSCRIPT, answer.proof()));

        p1.register(demo, answer.ticket());
        assertEquals("online demo http://demo.x:1/ 127.0.0.1 s-demo-p1", next("online"));
        await("known", () -> state("demo").equals("online 1"));
        assertEquals(1, info("p1").peers());
    }

    @Test
    public void loadIsSharedAndANameStays() throws Exception {
        p1.link();
        p2.link();
        for (String name : List.of("a", "b", "c", "d")) {
            ask(registrar.registrations().invite(name));
        }
        assertEquals(2, info("p1").peers());
        assertEquals(2, info("p2").peers());
        Invitation demo = registrar.registrations().invite("demo");
        String first = ask(demo).proxyName();
        for (int i = 0; i < 5; i++) {
            assertEquals(first, ask(demo).proxyName());
        }
        assertFalse(first.equals(ask(demo, "avoid", first).proxyName()));
    }

    @Test
    public void T6_theTicketAloneIsWorthNothing() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        byte[] ticket = ask(demo).ticket();
        Invitation thief = new Invitation("127.0.0.1", 1, "demo", new byte[32], FINGERPRINT);
        assertEquals(ErrorCode.UNAUTHORIZED, p1.refused(thief, ticket));
        assertEquals("no ticket", ErrorCode.TICKET, p1.refused(demo, new byte[0]));
        assertEquals("never linked", ErrorCode.TICKET, p2.refused(demo, ticket));
        p2.link();
        assertEquals("another's", ErrorCode.TICKET, p2.refused(demo, ticket));
        p1.register(demo, ticket);
    }

    @Test
    public void oneKindOfInvitationIsNeverTakenForTheOther() throws Exception {
        Invitation demo = registrar.registrations().invite("demo");
        RegistrationException e = assertThrows(RegistrationException.class, () -> ask(demo, "role", "proxy"));
        assertEquals(ErrorCode.UNAUTHORIZED, e.code());
        assertEquals("the invitation for 'demo' is one for a peer, and not for a proxy", e.getMessage());
        e = assertThrows(RegistrationException.class, () -> ask(p1.invitation));
        assertEquals("the invitation for 'p1' is one for a proxy, and not for a peer", e.getMessage());
        assertEquals("'demo' is the name of a peer", assertThrows(RegistrationException.class, () -> registrar.proxies().inviteProxy("demo")).getMessage());
        assertEquals("'p1' is the name of a proxy", assertThrows(RegistrationException.class, () -> registrar.registrations().invite("p1")).getMessage());
        assertFalse("no visitor finds a proxy", registrar.registrations().isRegistered("p1"));
        assertEquals(List.of("demo"), registrar.registrations().names().stream().map(NameInfo::name).toList());
    }

    /** A proxy that reads nothing and speaks of long names would have the answers wait in the memory of the registration server. */
    @Test
    public void R3_whatIsNoNameEndsTheLink() throws Exception {
        Fields details = Fields.of("role", "proxy");
        registrar.registrations().register(new Register("p1", Proof.of(p1.invitation.secret(), Fixtures.TRANSCRIPT), "test", new byte[0], details),
                Fixtures.TRANSCRIPT);
        FakeSession session = new FakeSession("hostile");
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        session.answers = (head, last, stream) -> {
            stream.onReset(cause -> ended.add(cause.code() + " " + cause.getMessage()));
            stream.head(new ResponseHead(200, "OK", Fields.EMPTY, "", -1), null, false, Completion.NONE);
            StreamPair.send(stream, "announce host=127.0.0.1&port=1&cert=off&url=http%3A%2F%2F%7Bname%7D.x%2F&capacity=1&draining=no\n");
            StreamPair.send(stream, "online name=" + "x".repeat(64) + "&since=1&codec=1\n");
        };
        registrar.attach("p1", session);
        String reason = ended.poll(60, TimeUnit.SECONDS);
        assertTrue(reason, reason.startsWith("PROTOCOL ") && reason.endsWith(": online: name is no name"));
    }

    @Test
    public void R6_aProxyIsNotBelievedOfNamesThatAreNotItsOwn() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        p1.register(demo, ask(demo).ticket());
        next("online demo");
        p2.link();
        FakeSession stolen = new FakeSession("stolen");
        p2.role.name("demo", java.time.Instant.now(), 1); // as if it had been told
        p2.role.attach("demo", stolen);
        await("it is told to let it go", () -> stolen.moved);
        assertEquals("online 1", state("demo"));
        assertEquals(0, info("p2").peers());
    }

    @Test
    public void aMoveIsToldToTheOldProxyAndTheNameIsNeverAway() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        FakeSession old = p1.register(demo, ask(demo).ticket());
        next("online demo http://demo.x:1/");
        p2.link();
        registrar.proxies().move("demo", "p2");
        await("told", () -> old.moved);
        assertTrue("visitors that do not know of it yet are served", p1.role.peers().find("demo").isPresent());
        Registered answer = ask(demo);
        assertEquals("p2", answer.proxyName());
        p2.register(demo, answer.ticket());
        assertEquals("online demo http://demo.x:2/ 127.0.0.2 s-demo-p2", next("o"));
        old.close(ErrorCode.MOVED, "");
        await("p1 has none", () -> info("p1").peers() == 0);
        assertEquals("online 1", state("demo"));
        assertEquals("'demo' cannot move to 'p3': it is no proxy that is linked now",
                assertThrows(RegistrationException.class, () -> registrar.proxies().move("demo", "p3")).getMessage());
        assertEquals("there is no name 'x'", assertThrows(RegistrationException.class, () -> registrar.proxies().move("x", "p1")).getMessage());
        assertEquals("nobody was told that it was away", null, told.poll());
    }

    private int peers(String name) {
        return registrar.registrations().name(name).orElseThrow().peers();
    }

    @Test
    public void severalPeersOfANameAreAtOneProxyAndMoveTogether() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo", Terms.DEFAULT.withPeers(2));
        byte[] ticket = ask(demo).ticket();
        p1.role.registrations().register(new Register("demo", Proof.of(demo.secret(), Fixtures.TRANSCRIPT), "test", ticket, Fields.EMPTY), Fixtures.TRANSCRIPT);
        FakeSession a = p1.attach(demo, "a");
        FakeSession b = p1.attach(demo, "b");
        await("both are known", () -> peers("demo") == 2);
        assertEquals(2, info("p1").peers());
        assertEquals(2, p1.role.registrations().name("demo").orElseThrow().peers());
        p2.link();
        assertEquals("that one of them does not reach it moves none", "p1", ask(demo, "avoid", "p1").proxyName());

        // the registration server is told of both again after the link was lost, and of each that goes
        assertEquals("OK link: linked to the registration server", p1.role.conditions().get(0).toString());
        p1.session.close(ErrorCode.SESSION_LOST, "");
        assertEquals(0, peers("demo"));
        await("the link's end is told", () -> p1.role.conditions().get(0).toString().startsWith("WAIT link: the link to the registration server is down. Peers that are here are served"));
        p1.link();
        await("both are known again", () -> peers("demo") == 2);
        assertEquals("OK drain: no drain is under way", p1.role.conditions().get(1).toString());
        assertTrue("none was replaced", a.drained == ErrorCode.NONE && b.drained == ErrorCode.NONE);
        told.clear();
        b.close(ErrorCode.SESSION_LOST, "");
        assertEquals("the other one speaks for the name", "online demo http://demo.x:1/ 127.0.0.1 s-demo-p1a", next("o"));
        assertEquals(1, peers("demo"));
        FakeSession again = p1.attach(demo, "b");
        await("it is back", () -> peers("demo") == 2);

        registrar.proxies().move("demo", "p2");
        await("both are told", () -> a.moved && again.moved);
        assertEquals("p2", ask(demo).proxyName());
    }

    @Test
    public void R12_proxiesKnowTheDomainsThatLeadToNames() throws Exception {
        registrar.registrations().invite("demo");
        registrar.close();
        try (NameStore store = new NameStore(Fixtures.embedded(folder.getRoot().toPath().resolve("registrar/data/registry")))) {
            java.time.Instant now = Registrations.now();
            for (String domain : List.of("www.example.org", "example.net")) {
                new DomainStore(store).put(domain, List.of(), List.of(new Claim(domain, "demo", "0123", now, now, now)));
            }
        }
        registrar = registrar(false);
        p1.link();
        await("all are told", () -> p1.role.registrations().nameOf("www.example.org").isPresent());
        assertEquals(Optional.of("demo"), p1.role.registrations().nameOf("example.net"));
        assertEquals(Optional.empty(), p1.role.registrations().nameOf("example.org"));
        assertTrue(registrar.domains().remove("demo", "example.net"));
        await("one that is gone", () -> p1.role.registrations().nameOf("example.net").isEmpty());
        // one that is gone while there is no link
        p1.session.close(ErrorCode.SESSION_LOST, "");
        registrar.registrations().rename("demo", "other");
        assertEquals(Optional.of("demo"), p1.role.registrations().nameOf("www.example.org"));
        p1.link();
        await("as it is now", () -> p1.role.registrations().nameOf("www.example.org").equals(Optional.of("other")));
        registrar.registrations().revoke("other");
        await("it went with its name", () -> p1.role.registrations().nameOf("www.example.org").isEmpty());
        assertEquals("this proxy has no names of its own: ask its registration server",
                assertThrows(RegistrationException.class, () -> p1.role.domains().add("demo", "www.example.org")).getMessage());
    }

    @Test
    public void aSmallerNumberOfPeersIsToldToTheProxy() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo", Terms.DEFAULT.withPeers(3));
        ask(demo);
        // not whether it may be one: before the list of names each may
        await("it is told", () -> p1.role.registrations().names().stream().anyMatch(each -> each.name().equals("demo")));
        FakeSession a = p1.attach(demo, "a");
        FakeSession b = p1.attach(demo, "b");
        await("both are known", () -> peers("demo") == 2);
        registrar.registrations().change("demo", terms -> terms.withPeers(1));
        await("one is left", () -> peers("demo") == 1);
        await("in the same moment, the one that came first", () -> a.drained == ErrorCode.REPLACED);
        assertEquals(ErrorCode.NONE, b.drained);
        // a proxy that starts knows no name: nobody has to go until it does
        p1.role.close();
        p1.session.close(ErrorCode.SESSION_LOST, "");
        p1.start();
        FakeSession x = p1.attach(demo, "x");
        FakeSession y = p1.attach(demo, "y");
        assertEquals(ErrorCode.NONE, x.drained);
        p1.link();
        await("by the list of names", () -> x.drained == ErrorCode.REPLACED);
        assertEquals(ErrorCode.NONE, y.drained);
    }

    @Test
    public void aProxyThatDiesHasNoNamesAndTheirPeersGoElsewhere() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        p1.register(demo, ask(demo).ticket());
        next("online demo");
        p2.link();
        p1.session.close(ErrorCode.SESSION_LOST, "");
        assertEquals("away", info("p1").state());
        assertEquals("offline 0", state("demo"));
        next("offline demo");
        Registered answer = ask(demo);
        assertEquals("p2", answer.proxyName());
        p2.register(demo, answer.ticket());
        next("online demo http://demo.x:2/");
        // it was not dead after all
        FakeSession late = (FakeSession) p1.role.peers().find("demo").orElseThrow();
        p1.link();
        await("its session is told to move", () -> late.moved);
        assertEquals("online 1", state("demo"));
    }

    @Test
    public void revokedIsRevokedEverywhere() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        byte[] ticket = ask(demo).ticket();
        FakeSession session = p1.register(demo, ticket);
        next("online demo");
        assertTrue(registrar.registrations().revoke("demo"));
        next("ended demo");
        await("ended", () -> session.reason() == ErrorCode.REVOKED);
        assertEquals("older tickets too", ErrorCode.TICKET, p1.refused(demo, ticket));
        assertFalse(p1.role.registrations().isRegistered("demo"));
        assertTrue(registrar.registrations().release("demo"));
        Invitation again = registrar.registrations().invite("demo");
        assertEquals("offline 0", state("demo"));
        await("a ticket of later", () -> {
            try {
                return p1.register(again, ask(again).ticket()).isOpen();
            } catch (RegistrationException e) {
                return false; // in the same millisecond
            }
        });
    }

    private Quota quotaAt(Proxy proxy, String name) {
        return proxy.role.registrations().quota(name);
    }

    @Test
    public void R11_theTermsOfItsNamesAreKnownAtALinkedProxy() throws Exception {
        p1.link();
        Terms terms = Terms.DEFAULT.withQuota(new Quota(3, 0, 50_000)).withPeers(2).withNotified(List.of("a@example.org"));
        Invitation demo = registrar.registrations().invite("demo", terms);
        p1.register(demo, ask(demo).ticket());
        next("online demo");
        Quota resolved = new Quota(3, Quota.NONE, 50_000);
        await("with the name", () -> quotaAt(p1, "demo").equals(resolved));
        assertEquals(2, p1.role.registrations().name("demo").orElseThrow().terms().peers());
        p1.session.close(ErrorCode.SESSION_LOST, "");
        await("the link is lost", () -> info("p1").state().equals("away"));
        assertEquals("it is still so", resolved, quotaAt(p1, "demo"));
        registrar.registrations().change("demo", each -> each.withQuota(new Quota(4, 5, 0)));
        p1.link();
        await("with the link", () -> quotaAt(p1, "demo").equals(new Quota(4, 5, Quota.NONE)));
        registrar.registrations().change("demo", each -> each.withQuota(Quota.DEFAULTS));
        await("when it changes", () -> quotaAt(p1, "demo").isUnlimited());
    }

    @Test
    public void R11_termsOfManyNamesGoTogether() throws Exception {
        p1.link();
        int many = 250;
        for (int i = 0; i < many; i++) {
            ask(registrar.registrations().invite("n-" + i, Terms.DEFAULT.withQuota(new Quota(i + 1, 0, 0))));
        }
        p1.session.close(ErrorCode.SESSION_LOST, "");
        await("the link is lost", () -> info("p1").state().equals("away"));
        p1.role.close();
        p1.start();
        assertTrue(quotaAt(p1, "n-0").isUnlimited());
        p1.link();
        for (int i = 0; i < many; i++) {
            Quota own = new Quota(i + 1, Quota.NONE, Quota.NONE);
            String name = "n-" + i;
            await(name, () -> quotaAt(p1, name).equals(own));
        }
    }

    @Test
    public void R3_termsThatAreNoneEndTheLink() throws Exception {
        for (String bad : new String[] {"terms name=a", "terms name=a&terms=1", "terms name=a&terms=1+2", "terms name=a&terms=1+2+5",
                "terms name=a&terms=-1+2+20000", "terms name=a&terms=1000001+2+20000"}) {
            Message message = Message.parse(bad);
            assertThrows(bad, Message.MalformedException.class, () -> TermsMessage.read(message));
        }
        assertEquals(new Quota(1, 2, 20_000), TermsMessage.read(Message.parse("terms name=a&terms=1+2+20000")).get("a").quota());
    }

    @Test
    public void R9_theEndSaysWhy() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        FakeSession session = p1.register(demo, ask(demo).ticket());
        next("online demo");
        registrar.registrations().rename("demo", "shop");
        next("ended demo");
        await("it is told to come back", () -> session.drained == ErrorCode.MOVED);
        Registered again = ask(demo);
        assertEquals("shop", again.name());
        Invitation shop = new Invitation("127.0.0.1", 1, "shop", demo.secret(), FINGERPRINT);
        FakeSession next = p1.register(shop, again.ticket());
        next("online shop");
        registrar.registrations().change("shop", each -> each.withExpires(Optional.of(Instant.now().plusMillis(300))));
        next("ended shop");
        await("it is told that it expired", () -> next.reason() == ErrorCode.EXPIRED);
        assertEquals("expired 0", state("shop"));
    }

    @Test
    public void aProxysInvitationEndsWithItsLink() throws Exception {
        p1.link();
        assertTrue(registrar.registrations().revoke("p1"));
        assertEquals(ErrorCode.REVOKED, p1.session.reason());
        assertEquals(List.of("p2"), registrar.proxies().proxies().stream().map(ProxyInfo::name).toList());
        FakeSession late = new FakeSession("late");
        late.answers = p1.role.handler();
        registrar.attach("p1", late);
        assertEquals(ErrorCode.REVOKED, late.reason());
    }

    @Test
    public void theRegistrationServerIsStartedAgainAndKnowsAll() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        Invitation other = registrar.registrations().invite("other");
        FakeSession session = p1.register(demo, ask(demo).ticket());
        FakeSession moved = p1.register(other, ask(other).ticket());
        next("online other");
        registrar.close();
        p1.session.close(ErrorCode.SESSION_LOST, "");
        registrar = registrar(false);
        told.clear();
        p1.link();
        next("online");
        next("online");
        assertEquals("online 1", state("demo"));
        assertEquals("online 1", state("other"));
        assertTrue(session.isOpen() && moved.isOpen() && !session.moved && !moved.moved);
        assertEquals("p1", ask(demo).proxyName());
    }

    @Test
    public void T7_aProxyIsStartedAgainWhileTheRegistrationServerIsAway() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        Path kept = folder.getRoot().toPath().resolve("p1/data/registrar.key");
        await("the key is kept", () -> kept.toFile().exists());
        byte[] ticket = ask(demo).ticket();
        p1.role.close();
        p1.start();
        p1.register(demo, ticket);
        assertEquals(List.of("demo"), p1.role.registrations().names().stream().map(NameInfo::name).toList());
        assertArrayEquals(new String[] {"p1"}, new String[] {RegistrarKey.read(kept).proxy()});
    }

    @Test
    public void R1_noVisitorsRequestOpensALink() throws Exception {
        p1.link();
        StreamPair pair = new StreamPair();
        p1.role.handler().handle(new io.adit.api.packet.Packet.RequestHead("LINK", "http", "demo.x", "/", "HTTP/1.1", Fields.EMPTY, "192.0.2.1:5", "", -1),
                false, pair.peer());
        assertTrue(pair.proxy().read() instanceof io.adit.api.Inbound.Failure);
        assertEquals("linked", info("p1").state());
    }

    @Test
    public void aProxyThatDrainsGetsNoMorePeers() throws Exception {
        p1.link();
        p2.link();
        p1.role.drainAll(java.time.Duration.ofSeconds(1));
        await("it says so", () -> info("p1").state().equals("draining"));
        for (String name : List.of("a", "b", "c")) {
            assertEquals("p2", ask(registrar.registrations().invite(name)).proxyName());
        }
    }

    @Test
    public void aProxyThatDrainsTakesNobodyBackByATicket() throws Exception {
        p1.link();
        Invitation demo = registrar.registrations().invite("demo");
        byte[] ticket = ask(demo).ticket();
        p1.register(demo, ticket);
        p1.role.drainAll(java.time.Duration.ofSeconds(1));
        assertEquals(ErrorCode.SHUTDOWN, p1.refused(demo, ticket));
        Path kept = folder.getRoot().toPath().resolve("p1/data/registrar.key");
        await("its key is kept", () -> kept.toFile().exists());
        p1.role.close();
        p1.start();
        assertTrue("started again, it does, also before it is linked", p1.register(demo, ticket).isOpen());
    }

    @Test
    public void aProxyMayBeTheRegistrationServerOfOthers() throws Exception {
        registrar.close();
        registrar = registrar(true);
        Invitation demo = registrar.registrations().invite("demo");
        assertEquals(0, ask(demo).ticket().length);
        FakeSession here = new FakeSession("here");
        registrar.attach("demo", here);
        next("online demo http://demo.localhost:8080/");
        p1.link();
        assertEquals("a name stays", 0, ask(demo).ticket().length);
        assertEquals("the next goes to the one with fewer", "p1", ask(registrar.registrations().invite("next")).proxyName());
        assertEquals(List.of("main here 1", "p1 linked 1", "p2 away 0"), registrar.proxies().proxies().stream()
                .map(info -> info.name() + " " + info.state() + " " + info.peers()).toList());

        registrar.proxies().move("demo", "p1");
        assertTrue(here.moved);
        assertEquals("OK store: the store of names works", registrar.conditions().get(0).toString());
        p1.register(demo, ask(demo).ticket());
        next("online demo http://demo.x:1/");
        // an update of the registry: the acceptor tells of all sessions that are open
        registrar.attach("demo", here);
        assertEquals(ErrorCode.MOVED, here.drained);
        assertEquals("online 1", state("demo"));
        here.close(ErrorCode.MOVED, "");

        registrar.proxies().move("demo", "main");
        await("p1 is told", () -> ((FakeSession) p1.role.peers().find("demo").orElseThrow()).moved);
        assertEquals(0, ask(demo).ticket().length);
        FakeSession back = new FakeSession("back");
        registrar.attach("demo", back);
        next("online demo http://demo.localhost:8080/");
        assertEquals("online 1", state("demo"));
    }
}

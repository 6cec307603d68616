package io.adit.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import io.adit.api.Invitation;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.SessionInfo;
import io.adit.api.Terms;
import org.apache.felix.service.command.Descriptor;
import org.junit.Test;

public class CommandsTest {

    private final Commands commands = new Commands(new FakeRegistrations(), new Peers());

    private final FakeRegistrations registrations = new FakeRegistrations();
    private final InvitationCommands invitations = new InvitationCommands(registrations);

    private String invite(String name) throws RegistrationException {
        return invitations.invite("", "", "", 0, false, name);
    }

    @Test
    public void inviteReturnsTheInvitation() throws RegistrationException {
        assertEquals("my-peer", Invitation.parse(invite("my-peer")).name());
        assertThrows(RegistrationException.class, () -> invite("www"));
        assertEquals(Terms.DEFAULT, registrations.name("my-peer").orElseThrow().terms());
        assertThrows(RegistrationException.class, () -> invite("gone"));
        invitations.invite("2099-01-01", "a@example.org,b@example.org", "rate=5", 2, true, "gone");
        assertEquals(new Terms(Optional.of(Instant.parse("2099-01-01T00:00:00Z")), new Quota(0, 5, 0), List.of("a@example.org", "b@example.org"), 2),
                registrations.name("gone").orElseThrow().terms());
        assertThrows(IllegalArgumentException.class, () -> invitations.invite("soon", "", "", 0, false, "x"));
    }

    @Test
    public void whatIsNotGivenStaysAsItIs() throws RegistrationException {
        assertEquals("NAME  STATE   EXPIRES               LEFT  QUOTA      NOTIFY         PEERS\n"
                + "demo  online  2001-01-01T00:00:00Z  0s    streams=3  a@example.org  1",
                invitations.change("2001-01-01", "a@example.org", "streams=3", 0, "demo"));
        assertEquals("NAME   STATE    EXPIRES               LEFT  QUOTA                NOTIFY         PEERS\n"
                + "alpha  offline  never                 -     -                    -              1\n"
                + "demo   online   2001-01-01T00:00:00Z  0s    streams=3,rate=none  a@example.org  1",
                invitations.quota("demo", "rate=none").isEmpty() ? "" : invitations.invitations());
        invitations.change("never", "none", "", 3, "demo");
        assertEquals(new Terms(Optional.empty(), new Quota(3, Quota.NONE, 0), List.of(), 3), registrations.name("demo").orElseThrow().terms());
    }

    @Test
    public void revokeRenameAndReleaseSayWhatTheyDid() throws RegistrationException {
        assertEquals("renamed demo to other", invitations.rename("demo", "other"));
        assertEquals("revoked other", invitations.revoke("other"));
        assertEquals("there is no name 'a?b'", invitations.revoke("a\nb"));
        assertEquals("NAME  SINCE                 UNTIL                 RENAMED\n"
                + "gone  2026-01-02T03:04:05Z  2026-02-01T03:04:05Z  demo", invitations.quarantine());
        assertEquals("released gone", invitations.release("gone"));
        assertEquals("'gone' is in no quarantine", invitations.release("gone"));
    }

    @Test
    public void namesIsATable() {
        assertEquals("NAME   STATE    SINCE                 CODEC  PEERS\n"
                + "alpha  offline  2026-01-02T03:04:05Z  -      0\n"
                + "demo   online   2026-01-02T03:04:06Z  v2     3", commands.names());
    }

    @Test
    public void peersIsATable() {
        assertEquals("NAME  SESSION  STATE  REMOTE          SINCE                 CODEC  RTT-MICROS  STREAMS  TOTAL  BYTES-IN  BYTES-OUT\n"
                + "demo  s7       open   192.0.2.1:4711  2026-01-02T03:04:06Z  v2     250         3        17     1000      2000", commands.peers());
    }

    @Test
    public void proxiesIsATableAndMoveSaysWhatItDid() throws RegistrationException {
        ProxyCommands proxies = new ProxyCommands(new FakeRegistrations());
        assertEquals("PROXY  STATE  SINCE                 TUNNEL          PEERS  CAPACITY\n"
                + "gw     here   2026-01-02T03:04:05Z  192.0.2.1:7443  3      100\n"
                + "p2     away   2026-01-02T03:04:06Z  -               0      0", proxies.proxies());
        assertEquals("moved demo to p2", proxies.move("demo", "p2"));
        assertEquals("p2", Invitation.parse(proxies.inviteproxy("p2")).name());
    }

    @Test
    public void domainsIsATableAndDomainGivesTheRecord() throws RegistrationException {
        DomainCommands domains = new DomainCommands(new FakeRegistrations());
        assertEquals("_adit.new.example. TXT \"adit-domain=0123\"", domains.domain("demo", "new.example"));
        assertEquals("DOMAIN       NAME  STATE    SINCE                 PROBLEM\n"
                + "new.example  demo  waiting  2026-01-02T03:04:05Z  -\n"
                + "www.example  demo  active   2026-01-02T03:04:05Z  -", domains.domains());
        assertEquals("DOMAIN       NAME  STATE   SINCE                 PROBLEM\n"
                + "www.example  demo  active  2026-01-02T03:04:05Z  -", domains.checkdomain("www.example"));
        assertEquals("removed www.example", domains.removedomain("demo", "www.example"));
        assertEquals("'demo' does not want the domain 'a?b'", domains.removedomain("demo", "a\nb"));
    }

    private static final class Peers implements PeerManager {

        @Override
        public Map<String, List<PeerSession>> connected() {
            SessionInfo info = new SessionInfo("s7", "192.0.2.1:4711", Instant.parse("2026-01-02T03:04:06Z"), 2, 250, 3, 17, 1000, 2000, "open");
            return Map.of("demo", List.of((PeerSession) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PeerSession.class},
                    (proxy, method, args) -> method.getName().equals("info") ? info : null)));
        }

        @Override
        public void attach(String name, PeerSession session) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<PeerSession> find(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<PeerSession> other(String name, PeerSession than) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Optional<PeerSession>> await(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> drainAll(Duration deadline) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    public void helpSaysWhatEachCommandDoes() {
        List<String> without = Stream.of(Commands.class, CodecCommands.class, DomainCommands.class, InvitationCommands.class, ProxyCommands.class, SwapCommand.class)
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == String.class && !method.isAnnotationPresent(Descriptor.class))
                .filter(method -> method.getParameterCount() == 0 || method.getParameterTypes()[0] != Path.class) // for programs
                .map(Method::getName).toList();
        assertEquals(List.of(), without);
    }
}

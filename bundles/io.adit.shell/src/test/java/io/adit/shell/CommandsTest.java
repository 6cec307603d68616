package io.adit.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.adit.api.Invitation;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.Terms;
import io.adit.call.FakeRegistrations;
import org.apache.felix.service.command.Descriptor;
import org.junit.Test;

/** What the commands do, and that each says what it is for. */
public class CommandsTest {

    private final NameCommands commands = new NameCommands(new FakeRegistrations());
    private final FakeRegistrations registrations = new FakeRegistrations();
    private final InvitationCommands invitations = new InvitationCommands(registrations);

    private String invite(String name) throws RegistrationException {
        return invitations.invite("", "", "", 0, false, name).invitation();
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
        assertEquals("demo  online  2001-01-01T00:00:00Z  0s  streams=3  a@example.org  1",
                invitations.change("2001-01-01", "a@example.org", "streams=3", 0, "demo").toString());
        invitations.quota("demo", "rate=none");
        assertEquals("NAME   STATE    EXPIRES               LEFT  QUOTA                NOTIFIED       PEERS\n"
                + "alpha  offline  never                 -     -                    -              1\n"
                + "demo   online   2001-01-01T00:00:00Z  0s    streams=3,rate=none  a@example.org  1",
                invitations.invitations().toString());
        invitations.change("never", "none", "", 3, "demo");
        assertEquals(new Terms(Optional.empty(), new Quota(3, Quota.NONE, 0), List.of(), 3), registrations.name("demo").orElseThrow().terms());
    }

    @Test
    public void revokeRenameAndReleaseSayWhatTheyDid() throws RegistrationException {
        assertEquals("renamed demo to other", invitations.rename("demo", "other"));
        assertEquals("revoked other", invitations.revoke("other"));
        assertEquals("there is no name 'a?b'", invitations.revoke("a\nb"));
        assertEquals("NAME  SINCE                 UNTIL                 RENAMED\n"
                + "gone  2026-01-02T03:04:05Z  2026-02-01T03:04:05Z  demo", invitations.quarantine().toString());
        assertEquals("released gone", invitations.release("gone"));
        assertEquals("'gone' is in no quarantine", invitations.release("gone"));
    }

    @Test
    public void namesIsATable() {
        assertEquals("NAME   STATE    SINCE                 CODEC  PEERS\n"
                + "alpha  offline  2026-01-02T03:04:05Z  -      0\n"
                + "demo   online   2026-01-02T03:04:06Z  v2     3", commands.names().toString());
    }

    @Test
    public void proxiesIsATableAndMoveSaysWhatItDid() throws RegistrationException {
        ProxyCommands proxies = new ProxyCommands(new FakeRegistrations());
        assertEquals("PROXY  STATE  SINCE                 TUNNEL          PEERS  CAPACITY\n"
                + "gw     here   2026-01-02T03:04:05Z  192.0.2.1:7443  3      100\n"
                + "p2     away   2026-01-02T03:04:06Z  -               0      0", proxies.proxies().toString());
        assertEquals("moved demo to p2", proxies.move("demo", "p2"));
        assertEquals("p2", Invitation.parse(proxies.inviteproxy("p2").invitation()).name());
    }

    @Test
    public void domainsIsATableAndDomainGivesTheRecord() throws RegistrationException {
        DomainCommands domains = new DomainCommands(new FakeRegistrations());
        assertEquals("_adit.new.example. TXT \"adit-domain=0123\"", domains.domain("demo", "new.example"));
        assertEquals("DOMAIN       NAME  STATE    SINCE                 PROBLEM\n"
                + "new.example  demo  waiting  2026-01-02T03:04:05Z  -\n"
                + "www.example  demo  active   2026-01-02T03:04:05Z  -", domains.domains().toString());
        assertEquals("DOMAIN       NAME  STATE   SINCE                 PROBLEM\n"
                + "www.example  demo  active  2026-01-02T03:04:05Z  -", domains.checkdomain("www.example").toString());
        assertEquals("removed www.example", domains.removedomain("demo", "www.example"));
        assertEquals("'demo' does not want the domain 'a?b'", domains.removedomain("demo", "a\nb"));
    }

    @Test
    public void helpSaysWhatEachCommandAndEachParameterIsFor() {
        List<Class<?>> classes = List.of(NameCommands.class, PeerCommands.class, CodecCommands.class, DomainCommands.class, InvitationCommands.class,
                ProxyCommands.class, SwapCommands.class, ProbeCommands.class, DiagCommands.class);
        List<Method> commands = classes.stream().flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic()).toList();
        assertEquals(List.of(), commands.stream().filter(method -> !method.isAnnotationPresent(Descriptor.class)).map(Method::getName).toList());
        assertEquals(List.of(), commands.stream().flatMap(method -> Stream.of(method.getParameters()))
                .filter(parameter -> !parameter.isAnnotationPresent(Descriptor.class)).map(Parameter::toString).toList());
    }
}

package io.adit.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.adit.api.Invitation;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationException;
import io.adit.api.SessionInfo;
import org.junit.Test;

public class CommandsTest {

    private final Commands commands = new Commands(new FakeRegistrations(), new Peers());

    @Test
    public void inviteReturnsTheInvitation() throws RegistrationException {
        assertEquals("my-peer", Invitation.parse(commands.invite("my-peer")).name());
        assertThrows(RegistrationException.class, () -> commands.invite("www"));
    }

    @Test
    public void revokeSaysWhatItDid() {
        assertEquals("revoked demo", commands.revoke("demo"));
        assertEquals("there is no name 'a?b'", commands.revoke("a\nb"));
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
}

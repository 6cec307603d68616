package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A real BIND that a proxy keeps up to date by signed updates, asked by dig (claim 7). */
public class DnsUpdateIT {

    private static final String DOMAIN = Bind.ZONE;

    private Path folder;
    private Bind bind;
    private Adit proxy;
    private Origin origin;
    private Dig dig;

    @Before
    public void start() throws Exception {
        Program.assumeInstalled(DnsUpdateIT.class, "dig", "named");
        folder = Adit.folder("DnsUpdateIT");
        origin = Origin.start();
        bind = Bind.start(folder.resolve("bind"), "manual A 192.0.2.200\n");
        dig = Dig.at(folder, bind.address());
        proxy = proxy();
    }

    private Adit proxy() throws Exception {
        Adit started = Adit.start("proxy", "--home", folder.resolve("proxy").toString(), "--http-port", "0", "--tunnel-port", "0",
            "--admin-port", "0", "--domain", DOMAIN, "--set", "io.adit.registry:grace.millis=500", "--set", "io.adit.registry:proxy.name=gate." + DOMAIN,
            "--set", "io.adit.registry:public.addresses=192.0.2.10,2001:db8::10", "--set", "io.adit.dns.update:server=" + bind.address(),
            "--set", "io.adit.dns.update:domain=" + DOMAIN, "--set", "io.adit.dns.update:key.file=" + bind.key(),
            "--set", "io.adit.dns.update:owner=it", "--set", "io.adit.dns.update:retry.max.millis=1000",
            "--set", "io.adit.dns.update:reconcile.seconds=2");
        started.awaitReady();
        return started;
    }

    @After
    public void stop() {
        for (AutoCloseable each : new AutoCloseable[] {proxy, bind, origin}) {
            try (each) {
                continue;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private Adit peer(String name) throws Exception {
        return peer(name, new Control(folder.resolve("proxy")).invite(name));
    }

    private Adit peer(String name, String invitation) throws Exception {
        return Adit.start("peer", "--home", folder.resolve(name).toString(), "--invite", invitation, "--origin", origin.url());
    }

    @Test
    public void aNameIsInTheZoneWhileItsPeerIs() throws Exception {
        Control control = new Control(folder.resolve("proxy"));
        try (Relay relay = Relay.start(proxy.awaitReady().get("tunnel")); Adit alice = peer("alice", relay.through(control.invite("alice")));
                Adit manual = peer("manual")) {
            alice.awaitReady();
            dig.awaitData("registered, BIND", "alice." + DOMAIN, "A", List.of("192.0.2.10"));
            dig.awaitData("registered, BIND", "alice." + DOMAIN, "AAAA", List.of("2001:db8::10"));
            assertEquals(List.of("\"adit=it\""), dig.data("_adit.alice." + DOMAIN, "TXT"));
            dig.awaitData("the proxy's own name, BIND", "gate." + DOMAIN, "A", List.of("192.0.2.10"));
            manual.awaitReady();
            Await.until("the operator's name is left alone, and that is said", () -> log().contains("name=manual." + DOMAIN + ". is left alone"));
            assertEquals(List.of("192.0.2.200"), dig.data("manual." + DOMAIN, "A"));
            // as when it is killed: the connection ends without a word, and it does not come back
            relay.close();
            dig.awaitGone("lost, BIND", "alice." + DOMAIN);
            assertEquals(List.of("192.0.2.200"), dig.data("manual." + DOMAIN, "A"));
            control.revoke("manual");
        }
        try (Adit bob = peer("bob")) {
            bob.awaitReady();
            dig.awaitData("registered, BIND", "bob." + DOMAIN, "A", List.of("192.0.2.10"));
            control.revoke("bob");
            dig.awaitGone("revoked, BIND", "bob." + DOMAIN);
        }
        assertEquals("the operator's name is there still", List.of("192.0.2.200"), dig.data("manual." + DOMAIN, "A"));

        try (Adit carol = peer("carol")) {
            carol.awaitReady();
            dig.awaitData("registered, BIND", "carol." + DOMAIN, "A", List.of("192.0.2.10"));
            bind.close();
            try (Adit dave = peer("dave")) {
                dave.awaitReady();
                control.revoke("carol");
                Await.until("that BIND is away is said", () -> log().contains("is not updated, it is tried again"));
                bind.open();
                dig.awaitData("after BIND was away", "dave." + DOMAIN, "A", List.of("192.0.2.10"));
                dig.awaitGone("after BIND was away", "carol." + DOMAIN);
                Await.until("that it is over is said", () -> log().contains("all names are updated again"));

                bind.close();
                control.revoke("dave");
                proxy.stop();
                assertEquals(List.of(), proxy.err());
                bind.open();
                assertEquals("nobody said that it is gone", List.of("192.0.2.10"), dig.data("dave." + DOMAIN, "A"));
                proxy = proxy();
                dig.awaitGone("revoked while BIND was away, after a restart", "dave." + DOMAIN);
            }
        }
        assertTrue("no error: " + log(), log().lines().noneMatch(line -> line.contains(" ERROR ")));
    }

    private String log() throws Exception {
        return Files.readString(folder.resolve("proxy/log/adit.log"));
    }
}

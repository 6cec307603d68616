package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** The name server of a proxy, and a real BIND that the same proxy keeps up to date by signed updates, asked by dig, while peers come and go (claim 7). */
public class DnsIT {

    private static final String DOMAIN = Bind.ZONE;
    private static final String NAMED = "named";

    private static Path folder;
    private static Adit proxy;
    private static Origin origin;
    private static Bind bind;
    private static Dig dig;
    private static Dig digBind;

    @BeforeClass
    public static void start() throws Exception {
        Program.assumeInstalled(DnsIT.class, "dig");
        folder = Adit.folder("DnsIT");
        origin = Origin.start();
        if (Program.find(NAMED).isPresent()) {
            bind = Bind.start(folder.resolve("bind"), "manual A 192.0.2.200\n");
            digBind = Dig.at(folder, bind.address());
        }
        startProxy();
    }

    private static void startProxy() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("proxy", "--home", folder.resolve("proxy").toString(), "--http-port", "0", "--tunnel-port", "0",
            "--admin-port", "0", "--dns-port", "0", "--domain", DOMAIN, "--set", "io.adit.registry:grace.millis=500",
            "--set", "io.adit.registry:proxy.name=gate", "--set", "io.adit.registry:public.addresses=192.0.2.10,2001:db8::10",
            "--set", "io.adit.dns:addresses=192.0.2.1",
            "--set", "io.adit.dns:records=@ CAA 0 issue \"ca.example\"\nbig TXT " + ("\"" + "x".repeat(200) + "\" ").repeat(10)));
        if (bind != null) {
            arguments.addAll(List.of("--set", "io.adit.dns.update:server=" + bind.address(), "--set", "io.adit.dns.update:domain=" + DOMAIN,
                "--set", "io.adit.dns.update:key.file=" + bind.key(), "--set", "io.adit.dns.update:owner=it",
                "--set", "io.adit.dns.update:retry.max.millis=1000", "--set", "io.adit.dns.update:reconcile.seconds=2"));
        }
        proxy = Adit.start(Adit.HOSTED, arguments);
        dig = Dig.at(folder, proxy.awaitReady().get("dns"));
    }

    @AfterClass
    public static void stop() throws Exception {
        try (Origin shut = origin; Bind killed = bind; Adit closed = proxy) {
            if (closed != null) {
                closed.stop();
                assertEquals(List.of(), closed.err());
                assertTrue("no error: " + log(), log().lines().noneMatch(line -> line.contains(" ERROR ")));
            }
        }
    }

    private static String log() throws Exception {
        return Files.readString(folder.resolve("proxy/log/adit.log"));
    }

    private static Control control() {
        return new Control(folder.resolve("proxy"));
    }

    private static Adit peer(String name, String invitation) throws Exception {
        return Adit.start("peer", "--home", folder.resolve(name).toString(), "--invite", invitation, "--origin", origin.url());
    }

    /** In both name servers. */
    private static void awaitData(String what, String name, String type, String expected) throws Exception {
        dig.awaitData(what, name + "." + DOMAIN, type, List.of(expected));
        if (bind != null) {
            digBind.awaitData(what + ", BIND", name + "." + DOMAIN, type, List.of(expected));
        }
    }

    private static void awaitGone(String what, String name) throws Exception {
        dig.awaitGone(what, name + "." + DOMAIN);
        if (bind != null) {
            digBind.awaitGone(what + ", BIND", name + "." + DOMAIN);
        }
    }

    @Test
    public void aNameIsThereWhileItsPeerIs() throws Exception {
        assertTrue(proxy.out().get(0), proxy.out().get(0).matches("READY http=\\S+ tunnel=\\S+ dns=127\\.0\\.0\\.1:\\d+ admin=\\S+"));
        assertEquals("NXDOMAIN", dig.status("alice." + DOMAIN, "A"));
        long serial = serial();
        try (Relay relay = Relay.start(proxy.awaitReady().get("tunnel")); Adit peer = peer("alice", relay.through(control().invite("alice")))) {
            peer.awaitReady();
            awaitData("registered", "alice", "A", "192.0.2.10");
            awaitData("registered", "alice", "AAAA", "2001:db8::10");
            awaitData("the proxy's own name", "gate", "A", "192.0.2.10");
            assertTrue("the serial rises", serial() > serial);
            serial = serial();
            // as when it is killed: the connection ends without a word, and it does not come back
            relay.close();
            awaitGone("lost", "alice");
            assertTrue("the serial rises", serial() > serial);

            Connectors.add(folder.resolve("alice"), "bob", control().invite("bob"));
            awaitData("registered", "bob", "A", "192.0.2.10");
            control().revoke("bob");
            awaitGone("revoked", "bob");
            Connectors.awaitRevoked(folder.resolve("alice"), "bob");
            assertTrue("it goes on for alice", peer.isAlive());
        }
    }

    private static long serial() throws Exception {
        return Long.parseLong(dig.data(DOMAIN, "SOA").get(0).split(" ")[2]);
    }

    @Test
    public void bindKeepsTheOperatorsNamesAndCatchesUpAfterItWasAway() throws Exception {
        Program.assumeInstalled(DnsIT.class, NAMED);
        Path home = folder.resolve("carol");
        try (Relay relay = Relay.start(proxy.awaitReady().get("tunnel")); Adit peer = peer("carol", relay.through(control().invite("carol")))) {
            peer.awaitReady();
            awaitData("registered", "carol", "A", "192.0.2.10");
            assertEquals(List.of("\"adit=it\""), digBind.data("_adit.carol." + DOMAIN, "TXT"));
            Connectors.add(home, "manual", control().invite("manual"));
            Await.until("the operator's name is left alone, and that is said", () -> log().contains("name=manual." + DOMAIN + ". is left alone"));
            assertEquals(List.of("192.0.2.200"), digBind.data("manual." + DOMAIN, "A"));

            bind.close();
            Connectors.add(home, "dave", control().invite("dave"));
            dig.awaitData("registered", "dave." + DOMAIN, "A", List.of("192.0.2.10"));
            relay.close();
            dig.awaitGone("lost", "carol." + DOMAIN);
            Await.until("that BIND is away is said", () -> log().contains("is not updated, it is tried again"));
            bind.open();
            digBind.awaitData("after BIND was away", "dave." + DOMAIN, "A", List.of("192.0.2.10"));
            digBind.awaitGone("after BIND was away", "carol." + DOMAIN);
            Await.until("that it is over is said", () -> log().contains("all names are updated again"));

            bind.close();
            control().revoke("dave");
            Connectors.awaitRevoked(home, "dave");
            control().revoke("manual");
            proxy.stop();
            assertEquals(List.of(), proxy.err());
            bind.open();
            assertEquals("nobody said that it is gone", List.of("192.0.2.10"), digBind.data("dave." + DOMAIN, "A"));
            startProxy();
            digBind.awaitGone("revoked while BIND was away, after a restart", "dave." + DOMAIN);
            assertEquals("the operator's name is there still", List.of("192.0.2.200"), digBind.data("manual." + DOMAIN, "A"));
        }
    }

    @Test
    public void digIsAnsweredAsTheRulesSay() throws Exception {
        String soa = dig.ask(DOMAIN, "SOA");
        assertTrue(soa, soa.contains("flags: qr aa;") && soa.contains("status: NOERROR") && soa.contains("udp: 1232") && !soa.contains("WARNING"));
        assertEquals(List.of("ns." + DOMAIN + "."), dig.data(DOMAIN, "NS"));
        assertEquals(List.of("192.0.2.1"), dig.data("ns." + DOMAIN, "A"));
        assertEquals(List.of("0 issue \"ca.example\""), dig.data(DOMAIN, "CAA"));
        String nothing = dig.ask("nobody." + DOMAIN, "A", "+dnssec", "+ednsopt=65001:00ff", "+ednsflags=0x4000");
        assertTrue(nothing, nothing.contains("status: NXDOMAIN") && nothing.contains("AUTHORITY: 1") && nothing.contains("\tSOA\t"));
        String none = dig.ask("ns." + DOMAIN, "MX");
        assertTrue(none, none.contains("status: NOERROR") && none.contains("ANSWER: 0") && none.contains("AUTHORITY: 1"));
        assertTrue("without EDNS", !dig.ask(DOMAIN, "SOA", "+noedns").contains("EDNS"));
        assertEquals("BADVERS", dig.status(DOMAIN, "SOA", "+edns=1", "+noednsnegotiation"));
        assertEquals("REFUSED", dig.status("www.example.org", "A"));
        assertEquals("REFUSED", dig.status("version.bind", "TXT", "CH"));
        assertEquals("NOTIMP", dig.status(DOMAIN, "SOA", "+opcode=notify"));
        assertTrue(dig.ask(DOMAIN, "AXFR").contains("Transfer failed."));
        assertTrue(dig.ask("alice." + DOMAIN, "A", "+recurse").contains("recursion requested but not available"));
        String any = dig.ask(DOMAIN, "ANY", "+notcp");
        assertTrue(any, any.contains("HINFO\t\"RFC8482\""));
        String cut = dig.ask("big." + DOMAIN, "TXT", "+ignore", "+bufsize=4096");
        assertTrue(cut, cut.contains("flags: qr aa tc;") && cut.contains("ANSWER: 0"));
        String whole = dig.ask("big." + DOMAIN, "TXT");
        assertTrue(whole, whole.contains("Truncated, retrying in TCP mode.") && whole.contains("ANSWER: 1") && whole.contains("(TCP)"));
        String many = dig.ask("+tcp", "+keepopen", DOMAIN, "SOA", "ns." + DOMAIN, "A", "big." + DOMAIN, "TXT");
        assertEquals(many, 3, many.split("status: NOERROR", -1).length - 1);
        assertTrue("upper case", dig.ask("NS.Tunnel.EXAMPLE", "A").contains("NS.Tunnel.EXAMPLE."));
    }
}

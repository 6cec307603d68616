package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** The name server of a proxy, asked by dig, while peers come and go (claim 7). */
public class DnsIT {

    private static final String DOMAIN = "tunnel.example";

    private static Path folder;
    private static Adit proxy;
    private static Origin origin;
    private static Dig dig;

    @BeforeClass
    public static void start() throws Exception {
        Program.assumeInstalled(DnsIT.class, "dig");
        folder = Adit.folder("DnsIT");
        origin = Origin.start();
        proxy = Adit.start("proxy", "--home", folder.resolve("proxy").toString(), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0",
            "--dns-port", "0", "--domain", DOMAIN, "--set", "io.adit.registry:grace.millis=500", "--set", "io.adit.registry:proxy.name=gate",
            "--set", "io.adit.registry:public.addresses=192.0.2.10,2001:db8::10", "--set", "io.adit.dns:addresses=192.0.2.1",
            "--set", "io.adit.dns:records=@ CAA 0 issue \"ca.example\"\nbig TXT " + ("\"" + "x".repeat(200) + "\" ").repeat(10));
        dig = Dig.at(folder, proxy.awaitReady().get("dns"));
    }

    @AfterClass
    public static void stop() throws Exception {
        try (Origin shut = origin; Adit closed = proxy) {
            if (closed != null) {
                closed.stop();
                assertEquals(List.of(), closed.err());
            }
        }
    }

    private static String invite(String name) throws Exception {
        return new Control(folder.resolve("proxy")).invite(name);
    }

    private static Adit peer(String name, String invitation) throws Exception {
        return Adit.start("peer", "--home", folder.resolve(name).toString(), "--invite", invitation, "--origin", origin.url());
    }

    @Test
    public void aNameIsThereWhileItsPeerIs() throws Exception {
        assertTrue(proxy.out().get(0), proxy.out().get(0).matches("READY http=\\S+ tunnel=\\S+ dns=127\\.0\\.0\\.1:\\d+ admin=\\S+"));
        assertEquals("NXDOMAIN", dig.status("alice." + DOMAIN, "A"));
        long serial = serial();
        try (Relay relay = Relay.start(proxy.awaitReady().get("tunnel")); Adit alice = peer("alice", relay.through(invite("alice")))) {
            alice.awaitReady();
            dig.awaitData("registered", "alice." + DOMAIN, "A", List.of("192.0.2.10"));
            assertEquals(List.of("2001:db8::10"), dig.data("alice." + DOMAIN, "AAAA"));
            assertEquals("the proxy's own name", List.of("192.0.2.10"), dig.data("gate." + DOMAIN, "A"));
            assertTrue("the serial rises", serial() > serial);
            serial = serial();
            // as when it is killed: the connection ends without a word, and it does not come back
            relay.close();
            dig.awaitGone("lost", "alice." + DOMAIN);
            assertTrue("the serial rises", serial() > serial);
        }
        try (Adit bob = peer("bob", invite("bob"))) {
            bob.awaitReady();
            dig.awaitData("registered", "bob." + DOMAIN, "A", List.of("192.0.2.10"));
            new Control(folder.resolve("proxy")).revoke("bob");
            dig.awaitGone("revoked", "bob." + DOMAIN);
        }
    }

    private static long serial() throws Exception {
        return Long.parseLong(dig.data(DOMAIN, "SOA").get(0).split(" ")[2]);
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

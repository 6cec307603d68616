package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIG;

public class SettingsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** A configuration with its defaults, but for these keys. */
    static <T> T configuration(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object value = values.get(method.getName().replace('_', '.'));
            return value != null ? value : method.getDefaultValue() == null ? "" : method.getDefaultValue();
        }));
    }

    @Test
    public void theDefaultsAreGood() {
        Settings settings = Settings.of(configuration(DnsConfiguration.class, Map.of()));
        assertEquals("localhost.", settings.zone().domain().toString());
        assertEquals("[ns.localhost.]", settings.zone().servers().toString());
        assertEquals("hostmaster.localhost.", settings.zone().contact().toString());
        assertEquals(1232, settings.udpBytes());
    }

    @Test
    public void namesAndAddressesAreRead() {
        Settings settings = Settings.of(configuration(DnsConfiguration.class, Map.of("domain", "Tunnel.Example.", "name.servers",
            new String[] {"ns1.tunnel.example, ns2.other.example."}, "contact", "dns.admin@other.example",
            "addresses", new String[] {"192.0.2.1,2001:db8::1"},
            "records", new String[] {"@ MX 10 mail.other.example.", "; a comment\nx TXT \"a; b\"\ny 5 IN A 192.0.2.5", ""})));
        assertEquals("[ns1.tunnel.example., ns2.other.example.]", settings.zone().servers().toString());
        assertEquals("dns\\.admin.other.example.", settings.zone().contact().toString());
        assertEquals(2, settings.addresses().size());
        assertEquals(3, settings.zone().records().size());
        assertEquals("y.Tunnel.Example.", settings.zone().records().get(2).getName().toString());
        assertEquals(5, settings.zone().records().get(2).getTTL());
    }

    @Test
    public void aBadValueIsOneLineThatNamesPidKeyAndWhatIsAllowed() {
        Map<String, Object> bad = Map.ofEntries(Map.entry("domain", "a domain"), Map.entry("port", 65_536),
            Map.entry("addresses", new String[] {"www.example"}),
            Map.entry("name.servers", new String[] {"-x"}), Map.entry("contact", "nobody"), Map.entry("ttl.seconds", -1),
            Map.entry("negative.ttl.seconds", 3601), Map.entry("records.ttl.seconds", 604_801), Map.entry("udp.max.bytes", 511),
            Map.entry("rate.limit", -1), Map.entry("rate.slip", 101), Map.entry("rate.prefixes", 99), Map.entry("tcp.connections", 0),
            Map.entry("tcp.idle.timeout.millis", 99), Map.entry("settle.timeout.millis", -1));
        bad.forEach((key, value) -> {
            IllegalArgumentException refused = assertThrows(key, IllegalArgumentException.class,
                () -> Settings.of(configuration(DnsConfiguration.class, Map.of(key, value))));
            assertTrue(refused.getMessage(), refused.getMessage().startsWith("io.adit.dns: " + key + " must be ")
                && refused.getMessage().lines().count() == 1);
        });
    }

    @Test
    public void recordsThatCannotBeServedAreLeftOut() {
        for (String line : List.of("x A nowhere", "x", "www.other.example. A 192.0.2.1", "$INCLUDE /etc/passwd", "$GENERATE 1-9 x$ A 192.0.2.$",
                "x NS ns.other.example.", "@ SOA a. b. 1 2 3 4 5", "x DNAME other.example.", "x CH TXT y", "@ CNAME other.example.",
                "x DNSKEY 256 3 8 AAAA", "x TXT \"unfinished", "x MX 10", "x CNAME a\nx TXT b")) {
            Settings settings = Settings.of(configuration(DnsConfiguration.class, Map.of("records", new String[] {"a A 192.0.2.1", line, "b A 192.0.2.2"})));
            assertEquals(line, 1, settings.leftOut().size());
            String left = settings.leftOut().get(0);
            assertTrue(left, left.matches("io\\.adit\\.dns: records must be .+, not '.+'; it is left out"));
            List<String> names = settings.zone().records().stream().map(each -> each.getName().toString()).toList();
            assertTrue("the others are served: " + names, names.containsAll(List.of("a.localhost.", "b.localhost.")) && names.size() == (line.contains("\n") ? 3 : 2));
        }
    }

    @Test
    public void aKeyIsReadAsTsigKeygenWritesIt() throws Exception {
        Path key = folder.newFile("dns.key").toPath();
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 0xFF); // in Base64 it is full of what begins a comment elsewhere
        Files.writeString(key, "// made by tsig-keygen\nkey \"adit\" {\n\talgorithm hmac-sha256;\n\t# secret no;\n\tsecret \""
            + Base64.getEncoder().encodeToString(secret) + "\";\n};\n");
        UpdateSettings settings = UpdateSettings.of(configuration(UpdateConfiguration.class,
            Map.of("server", "[2001:db8::1]:5353", "domain", "tunnel.example", "zone", "example", "key.file", key.toString(), "owner", "gate-1")),
            Path.of(""));
        assertEquals("2001:db8::1", settings.host());
        assertEquals(5353, settings.port());
        assertEquals("example.", settings.zone().toString());
        assertEquals("gate-1", settings.owner());
        Message signed = Fixtures.query("tunnel.example", "SOA");
        new TSIG(TSIG.HMAC_SHA256, Fixtures.name("adit"), secret).apply(signed, null);
        byte[] wire = signed.toWire();
        assertEquals("the same key", Rcode.NOERROR, settings.key().verify(new Message(wire), wire, null));
        assertEquals(53, UpdateSettings.of(configuration(UpdateConfiguration.class, Map.of("server", "ns.example", "key.file", key.toString())),
            Path.of("")).port());
    }

    @Test
    public void aBadValueOfTheUpdatesIsOneLineWithoutTheSecret() throws Exception {
        Path good = folder.newFile("good.key").toPath();
        Files.writeString(good, "key adit { algorithm hmac-sha512; secret \"c2VjcmV0\"; };");
        Path md5 = folder.newFile("md5.key").toPath();
        Files.writeString(md5, "key adit { algorithm hmac-md5; secret \"c2VjcmV0\"; };");
        Path none = folder.newFile("none.key").toPath();
        Files.writeString(none, "secret c2VjcmV0;");
        Map<String, Object> fine = Map.of("server", "ns.example", "key.file", good.toString(), "domain", "tunnel.example");
        UpdateSettings.of(configuration(UpdateConfiguration.class, fine), Path.of(""));
        Map<String, Object> bad = Map.ofEntries(Map.entry("server", "a b"), Map.entry("domain", ""), Map.entry("zone", "other.example"),
            Map.entry("key.file", none.toString()), Map.entry("owner", "a b"), Map.entry("ttl.seconds", -1), Map.entry("timeout.millis", 1),
            Map.entry("retry.millis", 1), Map.entry("retry.max.millis", 999), Map.entry("queue.max", 1), Map.entry("state.file", " "),
            Map.entry("reconcile.seconds", 0));
        List<Map.Entry<String, Object>> rows = new ArrayList<>(bad.entrySet());
        rows.add(Map.entry("key.file", md5.toString()));
        rows.add(Map.entry("key.file", "/nowhere"));
        rows.add(Map.entry("server", "ns.example:0"));
        for (Map.Entry<String, Object> row : rows) {
            Map<String, Object> values = new HashMap<>(fine);
            values.put(row.getKey(), row.getValue());
            IllegalArgumentException refused = assertThrows(row.toString(), IllegalArgumentException.class,
                () -> UpdateSettings.of(configuration(UpdateConfiguration.class, values), Path.of("")));
            assertTrue(refused.getMessage(), refused.getMessage().startsWith("io.adit.dns.update: " + row.getKey() + " must be "));
            assertEquals(1, refused.getMessage().lines().count());
            assertFalse(refused.getMessage().contains("c2VjcmV0"));
        }
    }
}

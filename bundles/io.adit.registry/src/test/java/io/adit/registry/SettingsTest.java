package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.Test;

public class SettingsTest {

    private static Settings of(Object... changes) {
        return Settings.of(Configurations.with(changes), path -> Path.of("/home-of-adit").resolve(path));
    }

    @Test
    public void theDefaultsAreRight() {
        Settings settings = of();
        assertEquals(Path.of("/home-of-adit/data/registry"), settings.store().file());
        assertEquals("http://demo.localhost:8080/", settings.url().apply("demo"));
        assertEquals(new Peers.Limits(Duration.ofSeconds(10), 256, Duration.ofSeconds(30), 4, Duration.ofSeconds(30)), settings.limits());
        assertFalse(settings.here().name().isEmpty());
    }

    @Test
    public void theUrlIsMadeOfTheTemplate() {
        assertEquals("https://a.peers.example/", of("public_url", "https://{name}.{domain}/", "domain", "peers.example").url().apply("a"));
        assertEquals("http://a.localhost:9090/", of("public_url", "http://{name}.localhost:9090/", "domain", "other").url().apply("a"));
        assertEquals(Path.of("/var/x"), of("store", "/var/x").store().file());
        assertEquals("gw-1.example", of("proxy_name", "gw-1.example").here().name());
    }

    @Test
    public void finalDotsBlanksAndUpperCaseSchemesAreNoMistakes() {
        assertEquals("peers.example", of("domain", " peers.example. ").domain());
        assertEquals("gw-1.example", of("proxy_name", "gw-1.example.").here().name());
        assertEquals("https://a.peers.example/", of("public_url", " HTTPS://{name}.{domain}/\t", "domain", "peers.example.").url().apply("a"));
        for (String bad : List.of(".", "a..", ".a")) {
            assertThrows(bad, IllegalArgumentException.class, () -> of("domain", bad));
        }
    }

    @Test
    public void theStoreMayBeInPostgres() {
        StoreSettings store = of("store", "jdbc:postgresql://db.example:5432/adit?user=adit&sslmode=verify-full", "store_password_file", "conf/db.password").store();
        assertEquals("jdbc:postgresql://db.example:5432/adit?user=adit&sslmode=verify-full", store.url());
        assertEquals(Path.of("/home-of-adit/conf/db.password"), store.passwordFile());
        assertEquals("jdbc:postgresql://db.example:5432/adit", store.database(() -> null).toString());
        for (String bad : List.of("jdbc:postgresql://db/adit?user=adit&password=geheim", "jdbc:postgresql://db/adit?password=geheim&user=adit",
                "jdbc:postgresql://adit:geheim@db/adit", "jdbc:mysql://db/adit?x=geheim", "jdbc:postgresql:adit?x=geheim")) {
            String message = assertThrows(bad, IllegalArgumentException.class, () -> of("store", bad)).getMessage();
            assertTrue(message, message.startsWith("io.adit.registry: store must be "));
            assertFalse(message, message.contains("geheim") || message.contains("\n"));
        }
    }

    @Test
    public void publicAddressesAreAddressesAndNotNames() {
        assertEquals(List.of(), of().addresses());
        assertEquals(List.of("203.0.113.7", "2001:db8:0:0:0:0:0:1"), of("public_addresses", new String[] {"203.0.113.7, 2001:db8::1"}).addresses()
                .stream().map(InetAddress::getHostAddress).toList());
        for (String bad : List.of("gw.example", "1.2.3.256", "::g", "cafe")) {
            assertThrows(bad, IllegalArgumentException.class, () -> of("public_addresses", new String[] {bad}));
        }
    }

    @Test
    public void reservedNamesMayBeInOneText() {
        assertEquals(List.of("www", "mail", "admin"), of("reserved_names", new String[] {"www, mail,", "", "admin"}).reserved());
    }

    @Test
    public void aBadValueIsRefusedWithPidKeyAndRange() {
        Object[][] bad = {{"grace_millis", -1L, "grace.millis must be in 0..600000, not '-1'"},
            {"grace_millis", 600_001L, "grace.millis must be in 0..600000, not '600001'"}, {"grace_waiting", -1, "grace.waiting must be in 0..100000, not '-1'"},
            {"drain_timeout_millis", 3_600_001L, "drain.timeout.millis must be in 0..3600000, not '3600001'"},
            {"replaced_max", 65, "replaced.max must be in 0..64, not '65'"}, {"domain", "a b", "domain must be a host name"},
            {"domain", "", "domain must be a host name"}, {"proxy_name", "a/b", "proxy.name must be a host name"},
            {"public_url", "http://localhost/", "public.url must be an absolute http or https URL with {name}"},
            {"public_url", "ftp://{name}.x/", "public.url must be "}, {"public_url", "{name}", "public.url must be "}, {"public_url", "http://{name}.a b/", "public.url must be "},
            {"store", " ", "store must be a path"}, {"store", "a;b", "store must be a path without a semicolon, not 'a;b'"},
            {"store_poll_millis", 49L, "store.poll.millis must be in 50..600000, not '49'"}, {"store_lookups_per_second", 0, "store.lookups.per.second must be in 1..1000"},
            {"store_connect_timeout_millis", 99L, "store.connect.timeout.millis must be in 100..600000"},
            {"store_socket_timeout_millis", 0L, "store.socket.timeout.millis must be in 100..600000"},
            {"store_statement_timeout_millis", 600_001L, "store.statement.timeout.millis must be in 100..600000"},
            {"ticket_key", "", "ticket.key must be a path"}, {"ticket_life_millis", 999L, "ticket.life.millis must be in 1000..86400000, not '999'"},
            {"capacity", 0, "capacity must be in 1..10000000, not '0'"}, {"move_linger_millis", -1L, "move.linger.millis must be in 0..3600000"}};
        for (Object[] one : bad) {
            IllegalArgumentException e = assertThrows(one[2].toString(), IllegalArgumentException.class, () -> of(one[0], one[1]));
            assertTrue(e.getMessage(), e.getMessage().startsWith("io.adit.registry: " + one[2]));
            assertFalse(e.getMessage().contains("\n"));
        }
    }
}

package io.adit.acme;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.Test;

public class OptionsTest {

    private static final Path HOME = Path.of("/home");

    @Test
    public void theDefaults() {
        Options options = Config.options(HOME, Map.of());
        assertEquals(List.of("example.org"), options.domains());
        assertEquals(URI.create("https://acme-v02.api.letsencrypt.org/directory"), options.directory());
        assertEquals(HOME.resolve("conf/tls"), options.certificates());
        assertEquals(HOME.resolve("data/acme/account.key"), options.accountKey());
        assertEquals(Duration.ofDays(30), options.renewBefore());
        assertEquals(Duration.ofHours(12), options.check());
        assertEquals("", options.email());
        assertNull(options.trust());
    }

    @Test
    public void domainsInOneValueOrSeveralAsTheyAreCertified() {
        assertEquals(List.of("example.org", "www.example.org", "xn--bcher-kva.example", "localhost"), domains("Example.ORG, www.example.org.,", "b\u00fccher.example",
                "example.org", " ", "localhost"));
    }

    @Test
    public void noDomainsAndWhatIsNoneIsRefusedInOneLine() {
        for (String bad : new String[] {"", ",", "a b", "a/b", "../x", "a..b", "-a.example", "a-.example", "192.0.2.1", "[::1]", "a_b.example", "http://a.example",
                "a.example:443", "x".repeat(64) + ".example", ("x".repeat(60) + ".").repeat(5) + "example"}) {
            String message = assertThrows(bad, IllegalArgumentException.class, () -> domains(bad)).getMessage();
            assertTrue(message, message.startsWith("io.adit.acme: domains must be "));
        }
        assertThrows(IllegalArgumentException.class, () -> Config.options(HOME, Map.of("domains", new String[0])));
    }

    @Test
    public void aWildcardIsRefusedAndSaysWhy() {
        String message = assertThrows(IllegalArgumentException.class, () -> domains("*.example.org")).getMessage();
        assertEquals("io.adit.acme: domains must be host names (a wildcard needs the challenge DNS-01, which is not done here), not '*.example.org'", message);
    }

    @Test
    public void nothingIsDoneBeforeTheTermsAreAgreedTo() {
        String message = assertThrows(IllegalArgumentException.class, () -> Config.options(HOME, Map.of("terms.agreed", false))).getMessage();
        assertTrue(message, message.startsWith("io.adit.acme: terms.agreed must be true"));
    }

    @Test
    public void aBadValueNamesPidKeyAndRange() {
        Map<String, Object> bad = Map.ofEntries(Map.entry("renew.before.days", 0), Map.entry("check.hours", 169), Map.entry("retry.minutes", 0),
                Map.entry("retry.max.minutes", 14), Map.entry("timeout.seconds", 601), Map.entry("order.timeout.seconds", 4),
                Map.entry("directory.url", "http://acme.example/dir"), Map.entry("email", "nobody"), Map.entry("certificate.directory", " "),
                Map.entry("account.key.file", ""));
        bad.forEach((key, value) -> {
            String message = assertThrows(key, IllegalArgumentException.class, () -> Config.options(HOME, Map.of(key, value))).getMessage();
            assertTrue(message, message.startsWith("io.adit.acme: " + key + " must be ") && message.endsWith("not '" + value + "'"));
        });
        assertThrows(IllegalArgumentException.class, () -> Config.options(HOME, Map.of("directory.url", "not a url")));
    }

    private static List<String> domains(String... values) {
        return Config.options(HOME, Map.of("domains", values)).domains();
    }
}

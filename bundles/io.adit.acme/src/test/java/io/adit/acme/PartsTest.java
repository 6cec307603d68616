package io.adit.acme;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The small parts. */
public class PartsTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void onlyPendingTokensOfTheirDomainAreAnswered() {
        Challenges challenges = new Challenges();
        challenges.put("example.org", "token", "token.thumb");
        String path = "/.well-known/acme-challenge/token";
        assertEquals(Optional.of("token.thumb"), challenges.answer("example.org", path));
        assertEquals(Optional.empty(), challenges.answer("demo.example.org", path));
        assertEquals(Optional.empty(), challenges.answer("example.org", path + "/"));
        assertEquals(Optional.empty(), challenges.answer("example.org", "/.well-known/acme-challenge/other"));
        challenges.remove("example.org", "token");
        assertEquals(Optional.empty(), challenges.answer("example.org", path));
    }

    @Test
    public void theAccountsKeyIsMadeOnceAndKeptForItsOwner() throws Exception {
        Path file = temporary.getRoot().toPath().resolve("data/acme/account.key");
        KeyPair made = AccountKey.of(file);
        KeyPair again = AccountKey.of(file);
        assertArrayEquals(made.getPublic().getEncoded(), again.getPublic().getEncoded());
        assertEquals(((ECPrivateKey) made.getPrivate()).getS(), ((ECPrivateKey) again.getPrivate()).getS());
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    }

    @Test
    public void aBrokenAccountKeyIsSaidAndNotReplaced() throws Exception {
        Path file = temporary.getRoot().toPath().resolve("account.key");
        for (String bad : new String[] {"", "nothing\n", Pem.of("PRIVATE KEY", Certificates.pair("EC", 256).getPrivate().getEncoded()),
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"}) {
            Files.writeString(file, bad);
            assertThrows(bad, IOException.class, () -> AccountKey.of(file));
            assertEquals(bad, Files.readString(file));
        }
    }

    @Test
    public void whomToTrustIsAPemFile() throws Exception {
        Path file = temporary.getRoot().toPath().resolve("trust.pem");
        Instant now = Instant.now();
        Files.writeString(file, Pem.of("CERTIFICATE", Certificates.of(Certificates.pair("EC", 256), "ca.example", now, now.plus(Duration.ofDays(1))).getEncoded()));
        assertNotNull(Trust.of(file));
        for (String bad : new String[] {"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
            Files.writeString(file, bad);
            String message = assertThrows(IOException.class, () -> Trust.of(file)).getMessage();
            assertTrue(message, message.startsWith("io.adit.acme: trust.file must be a PEM file with certificates, not '"));
        }
        Files.delete(file);
        assertThrows(IOException.class, () -> Trust.of(file));
    }

    @Test
    public void reasonsAreOneBoundedLine() {
        assertEquals("outer: inner", Reason.of(new IOException("outer", new IOException("inner"))));
        assertEquals("java.io.IOException: inner", Reason.of(new RuntimeException(new IOException("inner"))));
        assertEquals("NullPointerException", Reason.of(new NullPointerException()));
        assertEquals("a b c", Reason.of(new IOException("a\r\nb\u2028c")));
        assertTrue(Reason.of(new IOException("x".repeat(10_000))).length() < 600);
        assertFalse(Reason.of(new IOException("\u001b[31m")).contains("\u001b"));
    }
}

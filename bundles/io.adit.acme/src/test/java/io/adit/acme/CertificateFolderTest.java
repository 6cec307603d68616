package io.adit.acme;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CertificateFolderTest {

    private static final String DOMAIN = "www.example.org";
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    /** Few: to find the primes of a usual key takes a second. */
    private static final int RSA_BITS = 1024;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path path;
    private CertificateFolder folder;
    private KeyPair pair;

    @Before
    public void start() throws Exception {
        path = temporary.getRoot().toPath().resolve("conf/tls");
        folder = new CertificateFolder(path, Duration.ofDays(30), Clock.fixed(NOW, ZoneOffset.UTC));
        pair = Certificates.pair("EC", 256);
    }

    @Test
    public void nothingIsHeldAtFirst() {
        assertEquals(CertificateFolder.Held.NOTHING, folder.held(DOMAIN));
    }

    @Test
    public void whatIsStoredIsHeldAndReadableByItsOwnerOnly() throws Exception {
        CertificateFolder.Held stored = folder.store(DOMAIN, List.of(valid(DOMAIN, 90), valid("ca.example", 900)), pair);
        assertEquals(new CertificateFolder.Held(NOW.plus(Duration.ofDays(60)), NOW.plus(Duration.ofDays(90))), stored);
        assertEquals(stored, folder.held(DOMAIN));
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(folder.keyFile(DOMAIN)));
        assertEquals(2, Files.readString(folder.certificateFile(DOMAIN)).split("BEGIN CERTIFICATE").length - 1);
        try (Stream<Path> files = Files.list(path)) {
            assertEquals(List.of("www.example.org.crt", "www.example.org.key"), files.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    public void aCertificateIsReplacedAndKeysOfAllKindsAreRead() throws Exception {
        for (KeyPair each : new KeyPair[] {pair, Certificates.pair("RSA", RSA_BITS), Certificates.pair("Ed25519", 255)}) {
            pair = each;
            CertificateFolder.Held stored = folder.store(DOMAIN, List.of(valid(DOMAIN, 90)), pair);
            assertEquals(stored, folder.held(DOMAIN));
        }
    }

    @Test
    public void aShortLifeIsRenewedInItsLastThird() throws Exception {
        assertEquals(NOW.plus(Duration.ofDays(4)), folder.store(DOMAIN, List.of(valid(DOMAIN, 6)), pair).renewAt());
        assertEquals(NOW.plus(Duration.ofDays(335)), folder.store(DOMAIN, List.of(valid(DOMAIN, 365)), pair).renewAt());
    }

    @Test
    public void aPairThatDoesNotFitIsNotHeld() throws Exception {
        folder.store(DOMAIN, List.of(valid(DOMAIN, 90)), pair);
        // a crash between the two files
        Pem.replace(folder.keyFile(DOMAIN), Pem.of("PRIVATE KEY", Certificates.pair("EC", 256).getPrivate().getEncoded()), true);
        assertEquals(CertificateFolder.Held.NOTHING, folder.held(DOMAIN));
        Pem.replace(folder.keyFile(DOMAIN), Pem.of("PRIVATE KEY", Certificates.pair("RSA", RSA_BITS).getPrivate().getEncoded()), true);
        assertEquals(CertificateFolder.Held.NOTHING, folder.held(DOMAIN));
    }

    @Test
    public void brokenFilesAreNotHeld() throws Exception {
        CertificateFolder.Held stored = folder.store(DOMAIN, List.of(valid(DOMAIN, 90)), pair);
        String key = Files.readString(folder.keyFile(DOMAIN));
        for (String bad : new String[] {"", "x", "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
            Files.writeString(folder.keyFile(DOMAIN), bad);
            assertEquals(bad, CertificateFolder.Held.NOTHING, folder.held(DOMAIN));
        }
        Files.writeString(folder.keyFile(DOMAIN), key);
        assertEquals(stored, folder.held(DOMAIN));
        Files.delete(folder.keyFile(DOMAIN));
        assertEquals(CertificateFolder.Held.NOTHING, folder.held(DOMAIN));
        Files.writeString(folder.keyFile(DOMAIN), key);
        Files.writeString(folder.certificateFile(DOMAIN), "");
        assertEquals(CertificateFolder.Held.NOTHING, folder.held(DOMAIN));
    }

    @Test
    public void theHostsOwnWildcardCounts() throws Exception {
        CertificateFolder.Held stored = folder.store(DOMAIN, List.of(valid("*.example.org", 90)), pair);
        assertEquals(stored, folder.held(DOMAIN));
    }

    @Test
    public void whatTheServerGaveIsCheckedBeforeAnythingIsTouched() throws Exception {
        CertificateFolder.Held stored = folder.store(DOMAIN, List.of(valid(DOMAIN, 90)), pair);
        KeyPair other = Certificates.pair("EC", 256);
        assertThrows(GeneralSecurityException.class, () -> folder.store(DOMAIN, List.of(), pair));
        assertThrows(GeneralSecurityException.class, () -> folder.store(DOMAIN, List.of(valid("other.example.org", 90)), pair));
        assertThrows(GeneralSecurityException.class, () -> folder.store(DOMAIN, List.of(valid(DOMAIN, 90)), other));
        assertThrows(GeneralSecurityException.class, () -> folder.store(DOMAIN, List.of(valid(DOMAIN, -1)), pair));
        assertEquals(stored, folder.held(DOMAIN));
    }

    private X509Certificate valid(String name, int days) throws Exception {
        Instant from = days < 0 ? NOW.minus(Duration.ofDays(10)) : NOW;
        return Certificates.of(pair, name, from, NOW.plus(Duration.ofDays(days)));
    }
}

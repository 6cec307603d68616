package io.adit.port;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CertificatesTest {

    private static final Duration YEAR = Duration.ofDays(365);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path directory;
    private Certificates certificates;

    @Before
    public void make() {
        directory = folder.getRoot().toPath().resolve("tls");
        certificates = new Certificates(directory);
    }

    @Test
    public void noFolderIsNoCertificate() throws Exception {
        assertFalse(certificates.haveChanged());
        assertEquals(0, certificates.load().size());
    }

    @Test
    public void keysOfAllUsualKindsAreRead() throws Exception {
        X509Certificate a = CertificateFiles.write(directory, "a", "a.example", "EC", true, YEAR);
        CertificateFiles.write(directory, "b", "b.example", "EC", false, YEAR);
        CertificateFiles.write(directory, "c", "c.example", "RSA", true, YEAR);
        CertificateFiles.write(directory, "d", "d.example", "RSA", false, YEAR);
        KeyStore store = certificates.load();
        assertEquals(List.of("a.crt", "b.crt", "c.crt", "d.crt"), Collections.list(store.aliases()).stream().sorted().toList());
        assertEquals(a.getNotAfter().toInstant(), certificates.ends().get("a.crt"));
        assertEquals(4, certificates.ends().size());
        assertArrayEquals(a.getEncoded(), store.getCertificate("a.crt").getEncoded());
    }

    @Test
    public void oneThatCannotBeUsedHarmsNoOther() throws Exception {
        CertificateFiles.write(directory, "good", "a.example", "EC", true, YEAR);
        CertificateFiles.write(directory, "expired", "b.example", "EC", true, Duration.ofDays(-1));
        CertificateFiles.write(directory, "mixed", "c.example", "EC", true, YEAR);
        Files.copy(directory.resolve("good.key"), directory.resolve("mixed.key"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        CertificateFiles.write(directory, "keyless", "d.example", "EC", true, YEAR);
        Files.delete(directory.resolve("keyless.key"));
        Files.writeString(directory.resolve("empty.crt"), "");
        Files.writeString(directory.resolve("noise.crt"), "noise");
        assertEquals(List.of("good.crt"), Collections.list(certificates.load().aliases()));
    }

    @Test
    public void halfARenewalLeavesTheOneBefore() throws Exception {
        X509Certificate old = CertificateFiles.write(directory, "a", "a.example", "EC", true, YEAR);
        assertEquals(1, certificates.load().size());
        byte[] certificate = Files.readAllBytes(directory.resolve("a.crt"));
        X509Certificate next = CertificateFiles.write(directory, "a", "a.example", "EC", true, YEAR);
        byte[] renewed = Files.readAllBytes(directory.resolve("a.crt"));
        Files.write(directory.resolve("a.crt"), certificate);
        assertArrayEquals(old.getEncoded(), certificates.load().getCertificate("a.crt").getEncoded());
        Files.write(directory.resolve("a.crt"), renewed);
        assertArrayEquals(next.getEncoded(), certificates.load().getCertificate("a.crt").getEncoded());
        Files.delete(directory.resolve("a.crt"));
        assertEquals("one that is taken away is gone", 0, certificates.load().size());
    }

    @Test
    public void changesAreSeenOnce() throws Exception {
        CertificateFiles.write(directory, "a", "a.example", "EC", true, YEAR);
        assertTrue(certificates.haveChanged());
        assertFalse(certificates.haveChanged());
        CertificateFiles.write(directory, "b", "b.example", "EC", true, YEAR);
        assertTrue(certificates.haveChanged());
        Files.delete(directory.resolve("a.key"));
        assertTrue(certificates.haveChanged());
        assertFalse(certificates.haveChanged());
    }
}

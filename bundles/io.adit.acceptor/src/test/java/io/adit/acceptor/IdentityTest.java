package io.adit.acceptor;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class IdentityTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path certificate;
    private Path key;

    @Before
    public void paths() {
        certificate = folder.getRoot().toPath().resolve("data/tunnel.crt");
        key = folder.getRoot().toPath().resolve("data/tunnel.key");
    }

    @Test
    public void madeOnceAndTheSameEverAfter() throws Exception {
        Identity first = Identity.of(certificate, key);
        Identity second = Identity.of(certificate, key);
        assertEquals(32, first.fingerprint().length);
        assertArrayEquals(first.fingerprint(), second.fingerprint());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        assertEquals("TLSv1.3", second.context().getProtocol());
        assertFalse(Files.list(key.getParent()).anyMatch(path -> path.toString().endsWith(".part")));
    }

    @Test
    public void halfAPairIsNotReplaced() throws Exception {
        Identity.of(certificate, key);
        byte[] kept = Files.readAllBytes(key);
        Files.delete(certificate);
        assertThrows(NoSuchFileException.class, () -> Identity.of(certificate, key));
        assertArrayEquals(kept, Files.readAllBytes(key));
    }

    @Test
    public void damagedFilesAreNamed() throws IOException, GeneralSecurityException {
        Identity.of(certificate, key);
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        GeneralSecurityException e = assertThrows(GeneralSecurityException.class, () -> Identity.of(certificate, key));
        assertTrue(e.getMessage(), e.getMessage().contains(key.toString()));
    }
}

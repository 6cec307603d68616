package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class TicketKeyTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void itIsMadeOnceForItsOwnerOnlyAndKept() throws Exception {
        Path file = folder.getRoot().toPath().resolve("data/ticket.key");
        TicketKey made = TicketKey.of(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(made.openText(), TicketKey.of(file).openText());
        assertEquals(made.open(), TicketKey.parse(made.openText()));
        assertFalse(made.toString().contains("Key]"));
        Path other = folder.getRoot().toPath().resolve("other.key");
        assertFalse(TicketKey.of(other).openText().equals(made.openText()));

        Files.writeString(other, Files.readString(file).replaceAll("(?s)-----BEGIN PUBLIC.*", "") + Files.readString(other).replaceAll("(?s).*(-----BEGIN PUBLIC)", "$1"));
        GeneralSecurityException e = assertThrows(GeneralSecurityException.class, () -> TicketKey.of(other));
        assertTrue(e.getMessage(), e.getMessage().startsWith(other + " does not hold an Ed25519 key pair") && e.getMessage().contains("no pair"));
        Files.writeString(other, "nothing");
        assertThrows(GeneralSecurityException.class, () -> TicketKey.of(other));
        assertThrows(IllegalArgumentException.class, () -> TicketKey.parse("zz"));
        assertThrows(IllegalArgumentException.class, () -> TicketKey.parse("0102"));
    }
}

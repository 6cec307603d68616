package io.adit.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SecretFileTest {

    private static final String SECRET = "nobody's business";

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path home() {
        return temporary.getRoot().toPath();
    }

    private String either(String value, String file) {
        return SecretFile.either("io.adit.x", "key", value, file, home());
    }

    private String refused(String value, String file) {
        return assertThrows(IllegalArgumentException.class, () -> either(value, file)).getMessage();
    }

    @Test
    public void itIsInThePropertyOrInTheFile() throws Exception {
        Files.writeString(home().resolve("secret"), " " + SECRET + " \r\nand a note\n");
        assertEquals(SECRET, either(SECRET + " ", null));
        assertEquals(SECRET, either(SECRET, " "));
        assertEquals(SECRET, either(null, "secret"));
        assertEquals(SECRET, either("", home().resolve("secret").toString()));
        assertEquals("a password may begin and end so", " " + SECRET + " ", SecretFile.read("io.adit.x", "key", home().resolve("secret")));
        assertEquals("io.adit.x: key or key.file must be set", refused(" ", null));
        assertEquals("io.adit.x: key and key.file are both set", refused(SECRET, "secret"));
    }

    @Test
    public void aFileThatCannotBeUsedIsOneLineWithoutWhatIsInIt() throws Exception {
        Path file = home().resolve("secret");
        String start = "io.adit.x: key.file: " + file + ": ";
        assertEquals(start + "there is no such file", refused("", "secret"));
        for (String empty : new String[] {"", "\n" + SECRET, "  \t\n"}) {
            Files.writeString(file, empty);
            assertEquals(start + "its first line is empty", refused("", "secret"));
        }
        Files.writeString(file, SECRET + "\n" + "x".repeat(SecretFile.MAX_BYTES));
        assertEquals(start + "it has more than 4096 bytes", refused("", "secret"));
        Files.writeString(file, "x".repeat(SecretFile.MAX_BYTES));
        assertEquals(SecretFile.MAX_BYTES, either("", "secret").length());
        assertEquals("a folder", "io.adit.x: key.file: " + home() + ": it cannot be read, Is a directory", refused("", ".").replace("/.:", ":"));
        assertEquals("one line", 1, refused("", "no\nsuch").lines().count());
    }
}

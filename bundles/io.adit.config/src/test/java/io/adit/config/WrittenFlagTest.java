package io.adit.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class WrittenFlagTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void whatIsNeitherTrueNorFalseIsFoundInTheText() {
        assertEquals(Optional.of("yes"), WrittenFlag.neitherIn("a = I\"1\"\ntls = B\"yes\"\nb = B\"no\"\n", "tls"));
        assertEquals(Optional.of(""), WrittenFlag.neitherIn("tls=b\"\"", "tls"));
        assertEquals(Optional.of("on"), WrittenFlag.neitherIn("tls = B[ \\\r\n  \"true\", \\\r\n  \"on\", \\\r\n  ]\r\n", "tls"));
    }

    @Test
    public void whatFileInstallReadsRightIsLeftToIt() {
        String text = "# tls = B\"yes\"\nmy.tls = B\"yes\"\ntls.x = B\"yes\"\ntls = B\"False\"\n";
        assertEquals(Optional.empty(), WrittenFlag.neitherIn(text, "tls"));
        assertEquals("a dot is a dot", Optional.empty(), WrittenFlag.neitherIn("aXb = B\"yes\"\n", "a.b"));
        assertEquals("replaced before", Optional.empty(), WrittenFlag.neitherIn("tls = B\"${flag}\"\n", "tls"));
        assertEquals("the last one counts", Optional.empty(), WrittenFlag.neitherIn("tls = B\"yes\"\ntls = B\"true\"\n", "tls"));
        assertEquals("a text is checked as it is", Optional.empty(), WrittenFlag.neitherIn("tls = \"yes\"\n", "tls"));
    }

    @Test
    public void theFileIsTheOneThatFileInstallNames() throws Exception {
        Path file = Files.writeString(temporary.getRoot().toPath().resolve("a b.config"), "tls = B\"yes\"\n");
        assertEquals(Optional.of("yes"), WrittenFlag.neither(file.toUri().toString(), "tls"));
        Files.delete(file);
        assertEquals(Optional.empty(), WrittenFlag.neither(file.toUri().toString(), "tls"));
        assertEquals(Optional.empty(), WrittenFlag.neither("io.adit.acceptor.config", "tls"));
        assertThrows(IOException.class, () -> WrittenFlag.neither(temporary.getRoot().toURI().toString(), "tls"));
    }
}

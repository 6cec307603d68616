package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PublishedTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void namesAreFoundAgain() throws Exception {
        Path file = folder.getRoot().toPath().resolve("data/dns.names");
        Published first = new Published(file);
        assertEquals(Set.of(), first.names());
        first.add(Fixtures.name("a.tunnel.example"));
        first.add(Fixtures.name("b.tunnel.example"));
        first.remove(Fixtures.name("a.tunnel.example"));
        assertEquals(Set.of(Fixtures.name("b.tunnel.example")), new Published(file).names());
        Files.writeString(file, Files.readString(file) + "+c.tunnel.exa");
        assertEquals("half a line", Set.of(Fixtures.name("b.tunnel.example")), new Published(file).names());
    }

    @Test
    public void theFileStaysShort() throws Exception {
        Path file = folder.getRoot().toPath().resolve("dns.names");
        Published published = new Published(file);
        published.add(Fixtures.name("stays.tunnel.example"));
        for (int i = 0; i < 5000; i++) {
            published.add(Fixtures.name("comes.tunnel.example"));
            published.remove(Fixtures.name("comes.tunnel.example"));
        }
        assertTrue(Files.readAllLines(file).size() <= 1010);
        assertEquals(Set.of(Fixtures.name("stays.tunnel.example")), new Published(file).names());
    }

    @Test
    public void aFileThatCannotBeWrittenIsNoReasonToStop() throws Exception {
        Path file = folder.newFile("file").toPath().resolve("dns.names");
        Published published = new Published(file);
        published.add(Fixtures.name("a.tunnel.example"));
        assertEquals(Set.of(Fixtures.name("a.tunnel.example")), published.names());
    }
}

package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class InstanceTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void itIsMadeOnceForEachFile() {
        Path one = folder.getRoot().toPath().resolve("data/instance/io.adit.connector~main");
        Path other = folder.getRoot().toPath().resolve("data/instance/io.adit.connector~other");
        String made = Instance.of(one);
        assertTrue(made, made.matches("[A-Za-z0-9_-]{22}"));
        assertEquals(made, Instance.of(one));
        assertNotEquals(made, Instance.of(other));
    }

    @Test
    public void whatIsNoneIsMadeAnew() throws Exception {
        Path file = folder.getRoot().toPath().resolve("instance");
        Files.writeString(file, "two words\n");
        String made = Instance.of(file);
        assertEquals(made, Files.readString(file).strip());
    }

    @Test
    public void whereNothingCanBeKeptThereIsOneAllTheSame() throws Exception {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("file"), "");
        assertEquals(22, Instance.of(file.resolve("below")).length());
    }
}

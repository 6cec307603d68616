package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ShippedBundlesTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<String> notices = new ArrayList<>();
    private Home home;
    private Path distribution;

    @Before
    public void makeFolders() throws Exception {
        home = Home.of(temporary.getRoot().toPath().resolve("home"));
        home.create();
        distribution = temporary.newFolder("bundles").toPath();
    }

    @Test
    public void aFirstStartBringsAll() throws Exception {
        ship("a.jar", "1", "b.jar", "1");
        assertEquals("1", loaded("a.jar"));
        assertEquals("1", loaded("b.jar"));
    }

    @Test
    public void whatWasRemovedStaysRemoved() throws Exception {
        ship("a.jar", "1", "b.jar", "1");
        Files.delete(home.load().resolve("a.jar"));
        ship("a.jar", "1", "b.jar", "1");
        ship("a.jar", "2", "b.jar", "1");
        assertFalse(Files.exists(home.load().resolve("a.jar")));
        assertEquals(List.of(), notices);
    }

    @Test
    public void whatIsAsShippedIsReplaced() throws Exception {
        ship("a.jar", "1");
        ship("a.jar", "2");
        ship("a.jar", "3");
        assertEquals("3", loaded("a.jar"));
        assertEquals(List.of(), notices);
    }

    @Test
    public void whatTheOwnerChangedIsKeptAndSaidOnce() throws Exception {
        ship("a.jar", "1");
        Files.writeString(home.load().resolve("a.jar"), "mine");
        ship("a.jar", "1");
        assertEquals("nothing newer, nothing to say", List.of(), notices);
        ship("a.jar", "2");
        ship("a.jar", "2");
        assertEquals("mine", loaded("a.jar"));
        assertEquals(1, notices.size());
        assertTrue(notices.get(0), notices.get(0).contains("load/a.jar"));
    }

    /** An earlier version remembered the SHA-256, here of "1". */
    @Test
    public void theRecordOfAnEarlierVersionHolds() throws Exception {
        ship("a.jar", "1", "b.jar", "1", "c.jar", "1");
        String one = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
        Files.writeString(home.data().resolve("shipped.properties"), "a.jar=" + one + "\nb.jar=" + one + "\nc.jar=" + one + "\n");
        Files.writeString(home.load().resolve("b.jar"), "mine");
        ship("a.jar", "2", "b.jar", "1", "c.jar", "1");
        assertEquals("2", loaded("a.jar"));
        assertEquals("mine", loaded("b.jar"));
        assertEquals("nothing newer than what is mine", List.of(), notices);
        assertFalse(Files.readString(home.data().resolve("shipped.properties")).contains(one));
        ship("a.jar", "2", "b.jar", "1");
        assertFalse("as it was shipped, and not shipped any more", Files.exists(home.load().resolve("c.jar")));
    }

    @Test
    public void whatTheOwnerPutThereBeforeTheFirstStartIsKept() throws Exception {
        Files.writeString(home.load().resolve("a.jar"), "mine");
        ship("a.jar", "1");
        assertEquals("mine", loaded("a.jar"));
        assertEquals(1, notices.size());
    }

    @Test
    public void aNewBundleComesAndARetiredOneGoes() throws Exception {
        ship("a.jar", "1", "b.jar", "1");
        Files.writeString(home.load().resolve("own.jar"), "the owner's");
        ship("a.jar", "1", "c.jar", "1");
        assertEquals("1", loaded("c.jar"));
        assertFalse(Files.exists(home.load().resolve("b.jar")));
        assertEquals("the owner's", loaded("own.jar"));
    }

    @Test
    public void aRetiredBundleThatWasChangedIsKept() throws Exception {
        ship("a.jar", "1");
        Files.writeString(home.load().resolve("a.jar"), "mine");
        ship();
        assertEquals("mine", loaded("a.jar"));
        assertEquals(1, notices.size());
    }

    private void ship(String... namesAndContents) throws IOException {
        Map<String, Path> wanted = new HashMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            Path file = distribution.resolve(namesAndContents[i]);
            Files.writeString(file, namesAndContents[i + 1]);
            wanted.put(namesAndContents[i], file);
        }
        new ShippedBundles(home, notices::add).bring(wanted);
    }

    private String loaded(String name) throws IOException {
        return Files.readString(home.load().resolve(name));
    }
}

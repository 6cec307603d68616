package io.adit.share;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.adit.share.Listing.Entry;
import io.adit.share.Listing.Sort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ListingTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path root;

    @Before
    public void makeFiles() throws IOException {
        root = temporary.getRoot().toPath().toRealPath();
        file("10.txt", 1, 300);
        file("2.txt", 30, 100);
        file("Alpha", 2, 200);
        file(".hidden", 9, 400);
        Files.createDirectory(root.resolve("zoo"));
        Files.createDirectory(root.resolve("Bar"));
        Files.createSymbolicLink(root.resolve("escape"), Path.of("/"));
    }

    private void file(String name, int size, long seconds) throws IOException {
        Files.write(root.resolve(name), new byte[size]);
        Files.setLastModifiedTime(root.resolve(name), FileTime.fromMillis(seconds * 1000));
    }

    private List<String> names(String sort) throws IOException {
        return Listing.read(new Folder(root, false), root, 100, Sort.of(sort)).entries().stream().map(Entry::name).toList();
    }

    @Test
    public void foldersComeFirstInAnyOrder() throws IOException {
        assertEquals(List.of("Bar", "zoo", "2.txt", "10.txt", "Alpha"), names(null));
        assertEquals(List.of("zoo", "Bar", "Alpha", "10.txt", "2.txt"), names("-name"));
        assertEquals(List.of("Bar", "zoo", "10.txt", "Alpha", "2.txt"), names("size"));
        assertEquals(List.of("Bar", "zoo", "2.txt", "Alpha", "10.txt"), names("-size"));
        assertEquals(List.of("2.txt", "Alpha", "10.txt"), names("date").subList(2, 5));
        assertEquals(List.of("10.txt", "Alpha", "2.txt"), names("-date").subList(2, 5));
        assertEquals("anything else is by name", names("name"), names("'><script>"));
    }

    @Test
    public void neverMoreThanTheLimit() throws IOException {
        Listing some = Listing.read(new Folder(root, false), root, 4, Sort.of(null));
        assertEquals(4, some.entries().size());
        assertTrue(some.more());
        Listing all = Listing.read(new Folder(root, false), root, 5, Sort.of(null));
        assertEquals(5, all.entries().size());
        assertFalse("the link that leads out and the hidden file do not count", all.more());
    }

    @Test
    public void naturalOrder() {
        List<String> ordered = List.of("", "1", "01", "2", "10", "99999999999999999999", "100000000000000000000", "a", "A2",
            "a10", "b", "img-9.jpg", "img-10.jpg",
            "ä", "😀");
        List<String> sorted = new ArrayList<>(ordered);
        java.util.Collections.reverse(sorted);
        sorted.sort(NaturalOrder.INSTANCE);
        assertEquals(List.of("", "01", "1").toString(), sorted.subList(0, 3).toString());
        assertEquals(ordered.subList(3, ordered.size()), sorted.subList(3, sorted.size()));
        for (String a : ordered) {
            for (String b : ordered) {
                assertEquals(a + " " + b, Integer.signum(NaturalOrder.INSTANCE.compare(a, b)),
                    -Integer.signum(NaturalOrder.INSTANCE.compare(b, a)));
                assertEquals(a.equals(b), NaturalOrder.INSTANCE.compare(a, b) == 0);
            }
        }
    }

    @Test
    public void sizesForPeople() {
        Object[][] table = {{0L, "0 B"}, {999L, "999 B"}, {1000L, "1.0 kB"}, {1049L, "1.0 kB"}, {9_949L, "9.9 kB"}, {9_950L,
            "10 kB"}, {999_499L, "999 kB"},
            {999_500L, "1.0 MB"}, {4_200_000_000L, "4.2 GB"}, {Long.MAX_VALUE, "9.2 EB"}};
        for (Object[] row : table) {
            assertEquals(row[1], DirectoryPage.size((Long) row[0]));
        }
    }
}

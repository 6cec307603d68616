package io.adit.share;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FolderTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path outside;
    private Path root;
    private Folder folder;

    @Before
    public void makeFolders() throws IOException {
        outside = temporary.newFolder("outside").toPath();
        root = temporary.newFolder("root").toPath();
        Files.writeString(outside.resolve("secret.txt"), "secret");
        // A neighbour whose name begins like the root's: a comparison of texts would let it in.
        Files.writeString(temporary.newFolder("root-other").toPath().resolve("secret.txt"), "secret");
        Files.createDirectories(root.resolve("sub/.git"));
        Files.writeString(root.resolve("sub/a.txt"), "a");
        Files.writeString(root.resolve(".hidden"), "h");
        Files.writeString(root.resolve("sub/.git/config"), "h");
        folder = new Folder(root, false);
    }

    private boolean found(String... segments) throws IOException {
        return folder.find(List.of(segments)).isPresent();
    }

    @Test
    public void findsFilesAndFolders() throws IOException {
        assertTrue(folder.find(List.of()).orElseThrow().isDirectory());
        assertTrue(folder.find(List.of("sub")).orElseThrow().isDirectory());
        assertFalse(folder.find(List.of("sub", "a.txt")).orElseThrow().isDirectory());
        assertFalse(found("sub", "b.txt"));
        assertFalse("a file is no folder", found("sub", "a.txt", "b"));
        assertFalse("longer than any file system takes", found("x".repeat(5000)));
    }

    @Test
    public void noSegmentLeadsOut() throws IOException {
        folder = new Folder(root, true);
        String absolute = outside.resolve("secret.txt").toString();
        for (List<String> segments : List.of(List.of("..", "outside", "secret.txt"), List.of("sub", "..", "..", "outside",
            "secret.txt"),
            List.of("../outside/secret.txt"), List.of(absolute), List.of(absolute.substring(1)), List.of("."), List.of("sub",
                "."),
            List.of("..\\outside\\secret.txt"), List.of("C:"), List.of("C:\\"), List.of("sub/a.txt"), List.of("..", "root-other",
                "secret.txt"),
            List.of("a\0b"), List.of(""), List.of("...", "outside"))) {
            assertEquals(segments.toString(), Optional.empty(), folder.find(segments));
        }
    }

    @Test
    public void linksMayStayInsideButNotLeadOut() throws IOException {
        Files.createSymbolicLink(root.resolve("inside.txt"), Path.of("sub/a.txt"));
        Files.createSymbolicLink(root.resolve("insideFolder"), root.resolve("sub"));
        Files.createSymbolicLink(root.resolve("secret.txt"), outside.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("relative.txt"), Path.of("../outside/secret.txt"));
        Files.createSymbolicLink(root.resolve("outsideFolder"), outside);
        Files.createSymbolicLink(root.resolve("neighbour"), temporary.getRoot().toPath().resolve("root-other"));
        Files.createSymbolicLink(root.resolve("twoSteps"), root.resolve("outsideFolder/secret.txt"));
        Files.createSymbolicLink(root.resolve("broken"), root.resolve("nothing"));
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        assertTrue(found("inside.txt"));
        assertTrue(found("insideFolder", "a.txt"));
        for (String name : List.of("secret.txt", "relative.txt", "outsideFolder", "neighbour", "twoSteps", "broken", "loop")) {
            assertFalse(name, found(name));
            assertTrue(name, folder.child(root.toRealPath(), Path.of(name)).isEmpty());
        }
        assertFalse(found("outsideFolder", "secret.txt"));
        assertFalse(found("neighbour", "secret.txt"));
    }

    @Test
    public void theSharedFolderItselfMayBeALinkThatIsSwitched() throws IOException {
        Path link = temporary.getRoot().toPath().resolve("current");
        Files.createSymbolicLink(link, root);
        folder = new Folder(link, false);
        assertTrue(found("sub", "a.txt"));
        Files.delete(link);
        Files.createSymbolicLink(link, outside);
        assertFalse(found("sub", "a.txt"));
        assertTrue(found("secret.txt"));
        Files.delete(link);
        assertThrows(NoSuchFileException.class, () -> found("secret.txt"));
    }

    @Test
    public void dotFilesAreHiddenUnlessAskedFor() throws IOException {
        assertFalse(found(".hidden"));
        assertFalse(found("sub", ".git", "config"));
        folder = new Folder(root, true);
        assertTrue(found(".hidden"));
        assertTrue(found("sub", ".git", "config"));
    }

    @Test
    public void specialFilesAreNotThere() throws IOException {
        Path socket = root.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertTrue(Files.exists(socket));
            assertFalse(found("s"));
        }
    }

    @Test
    public void aFileThatBecameALinkIsNotFollowed() throws IOException {
        Folder.Resource checked = folder.find(List.of("sub", "a.txt")).orElseThrow();
        Files.delete(root.resolve("sub/a.txt"));
        Files.createSymbolicLink(root.resolve("sub/a.txt"), outside.resolve("secret.txt"));
        assertThrows(IOException.class, () -> OpenFile.of(checked));
    }

    @Test
    public void aFileThatWasReplacedIsOpenedWithItsOwnAttributes() throws IOException {
        Folder.Resource checked = folder.find(List.of("sub", "a.txt")).orElseThrow();
        Files.writeString(root.resolve("sub/b.txt"), "longer");
        Files.move(root.resolve("sub/b.txt"), root.resolve("sub/a.txt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (OpenFile file = OpenFile.of(checked)) {
            assertEquals(6, file.attributes().size());
            assertEquals(6, file.channel().size());
        }
    }
}

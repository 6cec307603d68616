package io.adit.share;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared folder, and the only way to a file in it. Every answer is a real path (no link left in it) that lies inside the real
 * folder at the time of the question. Thread-safe: it has no state but the folder's name.
 */
final class Folder {

    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

    private final Path folder;
    private final boolean hidden;

    /**
     * @param folder the folder; it is resolved at each question, so a link that is switched to another folder takes effect at
     *     once
     * @param hidden whether names that begin with a dot exist for a visitor
     */
    Folder(Path folder, boolean hidden) {
        this.folder = folder;
        this.hidden = hidden;
    }

    /**
     * A regular file or a folder.
     *
     * @param path real path inside the shared folder
     * @param attributes its attributes, of the file itself
     */
    record Resource(Path path, BasicFileAttributes attributes) {
        boolean isDirectory() {
            return attributes.isDirectory();
        }
    }

    /**
     * Looks up a file or folder.
     *
     * @return empty when there is none that a visitor may see
     * @throws AccessDeniedException when the operating system denies the look
     * @throws IOException when the shared folder itself is gone
     */
    Optional<Resource> find(List<String> segments) throws IOException {
        Path root = folder.toRealPath();
        Path path = root;
        for (String segment : segments) {
            Path name = name(segment);
            if (name == null) {
                return Optional.empty();
            }
            path = path.resolve(name);
        }
        return real(root, path);
    }

    /** Looks up a child of a folder that {@link #find} gave, as a directory page shows it. */
    Optional<Resource> child(Path directory, Path name) throws IOException {
        String text = name.toString();
        // A name that does not survive the way to text and back (octets that are no UTF-8) cannot be asked for by any URL.
        if (!name.equals(name(text)) || text.indexOf('\uFFFD') >= 0) {
            return Optional.empty();
        }
        return real(folder.toRealPath(), directory.resolve(name));
    }

    private static Optional<Resource> real(Path root, Path path) throws IOException {
        try {
            Path real = path.toRealPath();
            if (!real.startsWith(root)) {
                return Optional.empty();
            }
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            // Opening a fifo would block, reading a device may never end.
            return attributes.isRegularFile() || attributes.isDirectory() ? Optional.of(new Resource(real, attributes))
                : Optional.empty();
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            // Not there, not a directory, a loop of links, a name too long: for a visitor all the same.
            LOG.debug("No file for {}", path, e);
            return Optional.empty();
        }
    }

    /** The segment as one plain name of this file system; null when it is more than that, or a name that is not shown. */
    private Path name(String segment) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.indexOf('/') >= 0
            || !hidden && segment.startsWith(".")) {
            return null;
        }
        try {
            // On Windows this is where a backslash, a drive or a stream name shows: the name is then more than one element or
            // changes.
            Path name = folder.getFileSystem().getPath(segment);
            boolean plain = name.getRoot() == null && name.getNameCount() == 1 && name.toString().equals(segment);
            return plain ? name : null;
        } catch (InvalidPathException e) {
            LOG.debug("Not a file name", e);
            return null;
        }
    }
}

package io.adit.share;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** A file that was opened, with the attributes of that very file. */
record OpenFile(FileChannel channel, BasicFileAttributes attributes) implements Closeable {

    /** A file that is replaced this often in a moment is not worth waiting for. */
    private static final int ATTEMPTS = 3;

    /**
     * Opens a checked file. The last element is not followed if it has become a link since; and when another file has taken its
     * place between the look and the opening, it is looked at again, so that one file's entity tag never goes with another's
     * bytes.
     */
    static OpenFile of(Folder.Resource file) throws IOException {
        BasicFileAttributes before = file.attributes();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            try {
                BasicFileAttributes after = Files.readAttributes(file.path(), BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
                if (after.isRegularFile() && Objects.equals(before.fileKey(), after.fileKey())) {
                    return new OpenFile(channel, after);
                }
                before = after;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            channel.close();
            if (!before.isRegularFile()) {
                break; // a fifo now: opening that would block
            }
        }
        throw new NoSuchFileException(file.path().toString(), null, "replaced while it was opened");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

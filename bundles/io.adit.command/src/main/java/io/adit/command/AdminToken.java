package io.adit.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

import io.adit.api.AdminAccess;

/**
 * The bearer token (RFC 6750) of operators, in a file that only its owner may read; it is made when there is none. The file is read every time, so that
 * an operator can change it at will. Thread-safety: immutable.
 */
final class AdminToken {

    private static final int RANDOM_BYTES = 32;

    private final Path file;

    AdminToken(Path file) {
        this.file = file;
    }

    /** Makes the file where it is missing. */
    void make() throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(part);
        }
        Files.writeString(part, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n", StandardCharsets.US_ASCII, StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        try {
            Files.move(part, file); // an operator's own that comes meanwhile stays
        } catch (FileAlreadyExistsException e) {
            Files.delete(part);
        }
    }

    /**
     * @param authorization the header's value, or null
     * @throws IOException when there is no token to compare with
     */
    boolean accepts(String authorization) throws IOException {
        return AdminAccess.bears(authorization, file);
    }
}

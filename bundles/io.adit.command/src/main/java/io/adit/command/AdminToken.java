package io.adit.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The bearer token (RFC 6750) of operators, in a file that only its owner may read; it is made when there is none. The file is read every time, so that
 * an operator can change it at will. Thread-safety: immutable.
 */
final class AdminToken {

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 4096;
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
        byte[] expected = token().getBytes(StandardCharsets.UTF_8);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        // of equal length by the hash, so that the time tells nothing of the token's
        return MessageDigest.isEqual(sha256(expected), sha256(given));
    }

    private String token() throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        }
        String token = text.lines().findFirst().orElse("").strip();
        if (token.isEmpty()) {
            throw new IOException(file + " holds no token");
        }
        return token;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package io.adit.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * Whether an Authorization header is that of the user admin. The file is read every time, so that an operator can change it at will.
 * Thread-safety: immutable.
 */
final class AdminPassword {

    private static final String SCHEME = "Basic ";
    private static final String USER = "admin:";
    private static final int LONGEST = 4096;

    private final Path file;

    AdminPassword(Path file) {
        this.file = file;
    }

    /**
     * @param authorization the header's value, or null
     * @throws IOException when there is no password to compare with
     */
    boolean accepts(String authorization) throws IOException {
        byte[] expected = (USER + password()).getBytes(StandardCharsets.UTF_8);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given;
        try {
            given = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).strip());
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        // of equal length by the hash, so that the time tells nothing of the password's
        return MessageDigest.isEqual(sha256(expected), sha256(given));
    }

    private String password() throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        }
        String password = text.lines().findFirst().orElse("").strip();
        if (password.isEmpty()) {
            throw new IOException(file + " holds no password");
        }
        return password;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

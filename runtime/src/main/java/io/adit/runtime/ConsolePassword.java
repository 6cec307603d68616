package io.adit.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A password as the Felix web console keeps it: <code>{sha-256}SALT-ITERATIONS-HASH</code> (its class Password, 5.0.x). */
final class ConsolePassword {

    private static final Pattern HASHED = Pattern.compile("\\{sha-256\\}([0-9a-f]+)-([0-9]+)-(.+)", Pattern.CASE_INSENSITIVE);
    private static final int SALT_BYTES = 8;
    private static final int ITERATIONS = 1000;

    private ConsolePassword() {
    }

    static String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return hash(password, HexFormat.of().formatHex(salt), ITERATIONS);
    }

    /** @param stored what is configured so far: a hash, a plain password, or empty */
    static boolean matches(String password, String stored) {
        Matcher hashed = HASHED.matcher(stored);
        return hashed.matches()
            && hash(password, hashed.group(1), Integer.parseInt(hashed.group(2))).equals(stored);
    }

    private static String hash(String password, String salt, int iterations) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] bytes = (salt + password).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < iterations; i++) {
                bytes = sha256.digest(bytes);
            }
            return "{sha-256}" + salt + "-" + iterations + "-" + Base64.getEncoder().encodeToString(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

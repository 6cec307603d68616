package io.adit.mail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Somebody who is told. What has to be kept for long is kept under the key, from which the address cannot be read. Immutable.
 *
 * @param address checked
 * @param key 32 hexadecimal digits of the address's SHA-256, the same whatever its case
 */
record Recipient(String address, String key) {

    static final int KEY_BYTES = 16;

    static Recipient of(String address) {
        return new Recipient(address, HexFormat.of().formatHex(Arrays.copyOf(sha256(address.toLowerCase(Locale.ROOT)), KEY_BYTES)));
    }

    /** The part that says nothing of the person, for logs. */
    String domain() {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    /** 32 hexadecimal digits for any text. */
    static String digest(String text) {
        return HexFormat.of().formatHex(Arrays.copyOf(sha256(text), KEY_BYTES));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has it", e);
        }
    }
}

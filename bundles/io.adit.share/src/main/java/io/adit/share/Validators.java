package io.adit.share;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What identifies one state of a resource (RFC 9110 section 8.8).
 *
 * @param etag a strong entity tag, with its quotes
 * @param lastModified seconds since 1970; empty when there is none
 */
record Validators(String etag, OptionalLong lastModified) {

    /**
     * Of a file: size, modification time in nanoseconds and file key (device and inode, where the file system has one), so that a
     * file that was replaced by one of the same size and date is told from the old one.
     *
     * @param now milliseconds since 1970; a date in the future must not be sent
     */
    static Validators of(BasicFileAttributes attributes, long now) {
        Object key = attributes.fileKey();
        String etag = '"' + Long.toHexString(attributes.size()) + '-'
            + Long.toHexString(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)) + '-'
            + Integer.toHexString(key == null ? 0 : key.toString().hashCode()) + '"';
        long millis = Math.min(attributes.lastModifiedTime().toMillis(), now);
        return new Validators(etag, OptionalLong.of(Math.floorDiv(millis, 1000L)));
    }

    /** Of a generated page: its hash. */
    static Validators of(byte[] page) {
        return new Validators('"' + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(page)) + '"',
            OptionalLong.empty());
    }

    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}

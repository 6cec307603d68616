package io.adit.mail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.adit.api.Invitation;

/**
 * What is in a link to unsubscribe: who (a key, not the address), from what name, and in what language to answer; signed, so that nobody can
 * unsubscribe somebody else, and nothing has to be kept to know it again.
 *
 * <p>Thread-safe; immutable.
 */
final class Tokens {

    private static final int KEY_BYTES = 32;
    private static final int MAC_BYTES = 16;
    private static final byte VERSION = 1;
    private static final byte[] PURPOSE = "adit unsubscribe".getBytes(StandardCharsets.US_ASCII);
    /** Version, language, recipient. */
    private static final int HEAD_BYTES = 1 + 2 + Recipient.KEY_BYTES;
    private static final int MOST_CHARS = 4 * (HEAD_BYTES + 63 + MAC_BYTES + 2) / 3;

    private final byte[] key;

    Tokens(byte[] key) {
        this.key = key.clone();
    }

    /** @param who a recipient's key */
    record Link(String name, String who, String language) {
    }

    /** The key of that file, which is made where it is missing, readable by its owner only. */
    static Tokens of(Path file) throws IOException {
        if (Files.notExists(file)) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            create(file, HexFormat.of().formatHex(key) + "\n");
        }
        String text = Files.readString(file).strip();
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IOException(file + " does not hold a key: 64 hexadecimal digits");
        }
        return new Tokens(HexFormat.of().parseHex(text));
    }

    private static void create(Path file, String text) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path part = folder.resolve("." + file.getFileName() + ".part");
        Files.deleteIfExists(part);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(part);
        }
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(text));
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Characters of a URL's path segment. */
    String token(Link link) {
        byte[] name = link.name().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + name.length + MAC_BYTES);
        bytes.put(VERSION).put(link.language().getBytes(StandardCharsets.US_ASCII), 0, 2).put(HexFormat.of().parseHex(link.who())).put(name);
        bytes.put(mac(bytes.array(), bytes.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Empty for one that we did not make. */
    Optional<Link> link(String token) {
        byte[] bytes;
        try {
            bytes = token.length() > MOST_CHARS ? new byte[0] : Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int signed = bytes.length - MAC_BYTES;
        if (signed <= HEAD_BYTES || bytes[0] != VERSION || !MessageDigest.isEqual(mac(bytes, signed), Arrays.copyOfRange(bytes, signed, bytes.length))) {
            return Optional.empty();
        }
        String name = new String(bytes, HEAD_BYTES, signed - HEAD_BYTES, StandardCharsets.US_ASCII);
        return Invitation.isName(name) ? Optional.of(new Link(name, HexFormat.of().formatHex(bytes, 3, HEAD_BYTES),
                new String(bytes, 1, 2, StandardCharsets.US_ASCII))) : Optional.empty();
    }

    private byte[] mac(byte[] bytes, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(PURPOSE);
            mac.update(bytes, 0, length);
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has it", e);
        }
    }
}

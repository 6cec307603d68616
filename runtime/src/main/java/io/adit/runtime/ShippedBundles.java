package io.adit.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Brings our bundles of the distribution to DIR/load and respects what the owner did there: a bundle that was removed stays
 * removed, one that was changed is kept (a notice says so when the distribution has another), one that is as shipped is
 * replaced by a newer one. {@code data/shipped.properties} remembers the checksum of each file as it was shipped: it tells what somebody changed from what
 * nobody did, and guards against nobody, so it is one that costs a start nothing.
 */
final class ShippedBundles {

    /** Hexadecimal digits. */
    private static final int SHA_256 = 64;

    private final Path load;
    private final Path record;
    private final Consumer<String> notices;

    /** @param notices gets a line for the user for each bundle that was kept as the owner changed it */
    ShippedBundles(Home home, Consumer<String> notices) {
        this.load = home.load();
        this.record = home.data().resolve("shipped.properties");
        this.notices = notices;
    }

    /** @param wanted the files of the distribution by their name in DIR/load */
    void bring(Map<String, Path> wanted) throws IOException {
        Map<String, String> shipped = readRecord();
        Map<String, String> next = new TreeMap<>(shipped);
        Set<String> names = new TreeSet<>(shipped.keySet());
        names.addAll(wanted.keySet());
        for (String name : names) {
            Path source = wanted.get(name);
            Path target = load.resolve(name);
            String was = shipped.get(name);
            if (source == null) {
                retire(target, name, was);
                next.remove(name);
                continue;
            }
            String is = checksum(source);
            if (was == null && Files.notExists(target)) {
                copy(source, target);
                next.put(name, is);
            } else if (was == null) {
                keep(name, target, is, next);
            } else if (Files.notExists(target) || is.equals(was) || isStill(was, source)) {
                next.put(name, is);
            } else if (isStill(was, target)) {
                copy(source, target);
                next.put(name, is);
            } else {
                keep(name, target, is, next);
            }
        }
        if (!next.equals(shipped)) {
            writeRecord(next);
        }
    }

    private void keep(String name, Path target, String is, Map<String, String> next) throws IOException {
        if (!isStill(is, target)) {
            notices.accept("load/" + name + " was changed: kept, although this distribution brings another one");
        }
        // Remembered, so that the notice comes once per distribution and the owner's file counts as changed from now on.
        next.put(name, is);
    }

    private void retire(Path target, String name, String was) throws IOException {
        if (Files.notExists(target)) {
            return;
        }
        if (isStill(was, target)) {
            Files.delete(target);
        } else {
            notices.accept("load/" + name + " was changed: kept, although this distribution has no such bundle any more");
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        Path next = target.resolveSibling(target.getFileName() + ".new");
        Files.copy(source, next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private Map<String, String> readRecord() throws IOException {
        Properties properties = new Properties();
        if (Files.exists(record)) {
            properties.load(new StringReader(Files.readString(record)));
        }
        Map<String, String> shipped = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> shipped.put(name, properties.getProperty(name)));
        return shipped;
    }

    private void writeRecord(Map<String, String> shipped) throws IOException {
        Properties properties = new Properties();
        properties.putAll(shipped);
        StringWriter text = new StringWriter();
        properties.store(text, "CRC-32 and length of the bundles in load/ as they were shipped");
        OwnerFiles.write(record, text.toString());
    }

    /** @param was what the record says; of earlier versions it is the file's SHA-256 */
    private static boolean isStill(String was, Path file) throws IOException {
        return (was.length() == SHA_256 ? sha256(file) : checksum(file)).equals(was);
    }

    private static String checksum(Path file) throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
            long length = in.transferTo(OutputStream.nullOutputStream());
            return Long.toHexString(in.getChecksum().getValue()) + '-' + length;
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream digesting = new DigestInputStream(in, digest)) {
                digesting.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

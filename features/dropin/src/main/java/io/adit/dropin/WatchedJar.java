package io.adit.dropin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * A jar as FileInstall can install it: that looks at the manifest, goes back by 256 KiB at most, and without a word leaves out a jar with a longer one
 * (3.7.4, DirectoryWatcher.installOrUpdateBundle). Only signatures make a manifest so long: a line for each class. Such a jar goes without. Stateless.
 */
final class WatchedJar {

    /** Compressed; with some room for what is read ahead. */
    private static final long LONGEST = 200 * 1024;

    private WatchedJar() {
    }

    static byte[] of(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            ZipEntry manifest = jar.getEntry(JarFile.MANIFEST_NAME);
            return manifest.getCompressedSize() < LONGEST ? Files.readAllBytes(file) : unsigned(jar, manifest.getTime());
        }
    }

    private static byte[] unsigned(JarFile jar, long time) throws IOException {
        Manifest manifest = new Manifest(jar.getManifest());
        manifest.getEntries().clear();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes)) {
            out.putNextEntry(entry(JarFile.MANIFEST_NAME, time));
            manifest.write(out);
            for (JarEntry each : Collections.list(jar.entries())) {
                String name = each.getName();
                if (!name.equals(JarFile.MANIFEST_NAME) && !name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)")) {
                    out.putNextEntry(entry(name, each.getTime()));
                    jar.getInputStream(each).transferTo(out);
                }
            }
        }
        return bytes.toByteArray();
    }

    private static ZipEntry entry(String name, long time) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(time);
        return entry;
    }
}

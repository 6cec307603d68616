package io.adit.dropin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An archive that is the same whenever it is made of the same. Not thread-safe. */
final class Zip implements AutoCloseable {

    private final ZipOutputStream out;
    private final Instant time;

    Zip(Path file, Instant time) throws IOException {
        this.out = new ZipOutputStream(Files.newOutputStream(file));
        out.setLevel(Deflater.NO_COMPRESSION); // what goes in is compressed already
        this.time = time;
    }

    Zip add(String name, Path file) throws IOException {
        return add(name, Files.readAllBytes(file));
    }

    Zip add(String name, String text) throws IOException {
        return add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Zip add(String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(time.toEpochMilli());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
        return this;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}

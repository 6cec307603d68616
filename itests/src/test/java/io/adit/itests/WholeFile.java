package io.adit.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes a file in one step, as a careful operator does: who looks all the time, such as FileInstall, sees the old one or the new one. Stateless. */
final class WholeFile {

    private WholeFile() {
    }

    static void write(Path file, String text) throws IOException {
        Path part = Files.writeString(file.resolveSibling("." + file.getFileName() + ".part"), text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void write(Path file, List<String> lines) throws IOException {
        write(file, String.join("\n", lines) + "\n");
    }
}

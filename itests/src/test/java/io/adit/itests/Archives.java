package io.adit.itests;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The classes of a container as the JVM has them in memory (class data sharing): an archive that a proxy leaves when it ends, once for a distribution. What a
 * peer needs is in it for the most part. With it the start of a container takes a seventh less of the processor; a JVM that it does not fit does without.
 * Thread-safe, among processes too.
 */
final class Archives {

    private static final List<String> ROLES = List.of("proxy", "peer", "registry", "demo");

    private Archives() {
    }

    /** What the JVM of a container of this role is to be told. */
    static String option(String role) throws IOException {
        if (!ROLES.contains(role) || Boolean.getBoolean("adit.archives.skip")) {
            return "";
        }
        Path archive = folder().resolve("classes.jsa");
        // in the log of the JVM, which goes to standard output, would stand why it does without
        return Files.notExists(archive) ? "" : " -XX:SharedArchiveFile=" + archive + " -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Xlog:cds*=off";
    }

    private static synchronized Path folder() throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("adit.itests"), "archives").toAbsolutePath().normalize());
        try (FileChannel file = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock lock = file.lock()) {
            Path made = folder.resolve("made");
            String of = distribution();
            if (!Files.exists(made) || !Files.readString(made).equals(of)) {
                try {
                    make(folder);
                } catch (AssertionError | Exception e) {
                    System.out.println("containers start without an archive of their classes: " + e);
                }
                Files.writeString(made, of);
            }
        }
        return folder;
    }

    /** Another text for another distribution. */
    private static String distribution() throws IOException {
        StringBuilder jars = new StringBuilder();
        for (String each : List.of("lib", "bundles")) {
            try (Stream<Path> files = Files.list(Adit.dist().resolve(each))) {
                for (Path file : files.sorted().toList()) {
                    jars.append(file).append(' ').append(Files.getLastModifiedTime(file)).append(' ').append(Files.size(file)).append('\n');
                }
            }
        }
        return jars.toString();
    }

    private static void make(Path folder) throws Exception {
        Path part = folder.resolve("part");
        Files.deleteIfExists(part);
        String options = Adit.VERIFIED + " -XX:ArchiveClassesAtExit=" + part + " -Xlog:cds*=off";
        try (Adit proxy = Adit.startWith(options, List.of("proxy", "--home", Adit.folder("archives-proxy").toString(), "--http-port", "0", "--tunnel-port", "0",
                "--admin-port", "0"), Map.of())) {
            proxy.awaitReady();
            proxy.stop();
        }
        Files.move(part, folder.resolve("classes.jsa"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

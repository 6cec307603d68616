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
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The classes of a container as the JVM has them in memory (class data sharing): an archive of a proxy's and one of a peer's, taken of a demo that runs, once
 * for a distribution. With it the start of a container takes a fifth less of the processor; a JVM that it does not fit does without. Thread-safe, among
 * processes too.
 */
final class Archives {

    private static final List<String> ROLES = List.of("proxy", "peer");

    private Archives() {
    }

    /** What the JVM of a container of this role is to be told. */
    static String option(String role) throws IOException {
        // the demo hands it on to a proxy and a peer, which have most of it in common
        String like = role.equals("registry") || role.equals("demo") ? "proxy" : role;
        if (!ROLES.contains(like) || Boolean.getBoolean("adit.archives.skip")) {
            return "";
        }
        Path archive = folder().resolve(like + ".jsa");
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
                    jars.append(file).append(' ').append(Files.getLastModifiedTime(file)).append('\n');
                }
            }
        }
        return jars.toString();
    }

    private static void make(Path folder) throws Exception {
        Path home = Adit.folder("archives-demo");
        String options = Adit.VERIFIED + " -XX:+RecordDynamicDumpInfo -Xlog:cds*=off";
        try (Adit demo = Adit.startWith(options, List.of("demo", "--home", home.toString(), "--http-port", "0"), Map.of())) {
            String url = demo.awaitReady().get("url");
            new Web(url, Site.NAME).get("/"); // what a request needs too
            for (String role : ROLES) {
                Properties running = new Properties();
                try (var file = Files.newBufferedReader(home.resolve(role).resolve("data").resolve("run.properties"))) {
                    running.load(file);
                }
                Path part = folder.resolve(role + ".part");
                Files.deleteIfExists(part);
                Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "-J-XX:TieredStopAtLevel=1",
                    running.getProperty("pid"), "VM.cds", "dynamic_dump", part.toString()).redirectErrorStream(true)
                    .redirectOutput(folder.resolve(role + ".log").toFile()).start();
                if (!jcmd.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS) || !Files.exists(part)) {
                    jcmd.destroyForcibly();
                    System.out.println("containers start without an archive of their classes: see " + folder.resolve(role + ".log"));
                    continue;
                }
                Files.move(part, folder.resolve(role + ".jsa"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}

package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Karaf as it is downloaded, with ports of its own and a user who may log in, in a process of its own. Not thread-safe. */
final class Karaf implements ForeignContainer {

    private static final String USERS = "karaf = karaf,_g_:admingroup\n_g_\\:admingroup = group,admin,manager,viewer,systembundles,ssh\n";

    private final Path folder;
    private final int admin;
    private final int ssh;
    private Program process;

    private Karaf(Path folder, int admin, int ssh) {
        this.folder = folder;
        this.admin = admin;
        this.ssh = ssh;
    }

    /** What is downloaded. */
    private static Path home() {
        return Path.of(System.getProperty("adit.karaf")).toAbsolutePath().normalize();
    }

    /** Not started yet. @param folder becomes KARAF_BASE: what is the container's own of a download */
    static Karaf prepare(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(home().resolve("etc"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(home().relativize(file)));
            }
        }
        Files.createDirectories(folder.resolve("deploy"));
        Files.createDirectories(folder.resolve("data"));
        Karaf karaf = new Karaf(folder, Ports.free(), Ports.free());
        karaf.replace("org.apache.karaf.shell.cfg", Map.of("sshPort", karaf.ssh));
        karaf.replace("org.apache.karaf.management.cfg", Map.of("rmiRegistryPort", Ports.free(), "rmiServerPort", Ports.free()));
        karaf.write("users.properties", USERS);
        karaf.write("org.apache.felix.http.cfg", "org.apache.felix.http.name=admin\norg.apache.felix.http.host=127.0.0.1\norg.osgi.service.http.port=" + karaf.admin);
        return karaf;
    }

    private void replace(String name, Map<String, Integer> ports) throws IOException {
        Path file = folder.resolve("etc").resolve(name);
        String text = Files.readString(file);
        for (var port : ports.entrySet()) {
            text = text.replaceAll("(?m)^" + port.getKey() + " *=.*$", port.getKey() + " = " + port.getValue());
        }
        Files.writeString(file, text);
    }

    /** Adds to a file in etc/. */
    void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve("etc").resolve(name), text.endsWith("\n") ? text : text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of("KARAF_BASE", folder.toString(), "KARAF_DATA", folder.resolve("data").toString(), "KARAF_ETC",
            folder.resolve("etc").toString(), "JAVA_HOME", System.getProperty("java.home"), "JAVA_MAX_MEM", "256m"));
        environment.put("EXTRA_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC " + UNVERIFIED);
        return environment;
    }

    void start() throws IOException {
        // bounded, should this JVM be killed
        process = Program.start(folder, environment(), List.of("timeout", "900", home().resolve("bin/karaf").toString(), "server"));
    }

    Path folder() {
        return folder;
    }

    /** The HTTP server for operators that the features bring. */
    String url() {
        return "http://127.0.0.1:" + admin;
    }

    /** Karaf's own client. It ends when its standard input does, so that stays open. @return what the commands print */
    String run(String commands) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(home().resolve("bin/client").toString(), "-a", Integer.toString(ssh), "-u", "karaf", "-p", "karaf", commands);
        builder.environment().putAll(environment());
        Path out = folder.resolve("client.out");
        Process started = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertTrue("still running: " + commands, started.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            return Files.readString(out, StandardCharsets.UTF_8);
        } finally {
            started.destroyForcibly();
        }
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    @Override
    public String toString() {
        try {
            Path log = folder.resolve("data/log/karaf.log");
            return process + (Files.exists(log) ? "\n" + Files.readString(log) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The shipped command {@code adit}, as a user types it: in a process of its own, by {@code bin/adit}, or in that of {@link Host}, where a start takes half as
 * much. What it prints is collected. Closing kills the process, and whatever it started, if the test did not end it. Thread-safe.
 */
final class Adit implements AutoCloseable {

    /** For containers under load, each in a process: a heap that would not hold what passes through. */
    static final String SMALL = "-Xmx256m";
    /** Only the second compiler knows AES; the first takes five times as long for it as for ChaCha20. The build says the same for the JVM of the tests. */
    static final String CIPHERS = (ciphers("jdk.tls.client.cipherSuites") + ciphers("jdk.tls.server.cipherSuites")).strip();
    /** Over before the second compiler would pay. */
    static final String VERIFIED = SMALL + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC " + CIPHERS;
    /** For most processes; the classes of each bundle are verified in those of {@link LoadIT}, which have the options that a user has. */
    static final String QUICK = VERIFIED + " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote";
    /** In place of options of a JVM: where no process of its own is needed. */
    static final String HOSTED = "hosted";

    private final String line;
    /** One of both. */
    private final Process process;
    private final Host.Guest guest;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private Adit(Process process, String line) {
        this.line = line;
        this.process = process;
        this.guest = null;
        readers.add(reader(process.inputReader(), out));
        readers.add(reader(process.errorReader(), err));
    }

    private Adit(List<String> arguments) throws IOException {
        this.line = String.join(" ", arguments);
        this.process = null;
        this.guest = Host.start(arguments, out::add, err::add);
    }

    private static String ciphers(String property) {
        return System.getProperty(property) == null ? "" : " -D" + property + "=" + System.getProperty(property);
    }

    /** The distribution under test. */
    static Path dist() {
        return Path.of(System.getProperty("adit.dist")).toAbsolutePath().normalize();
    }

    /** A fresh folder under target/ for one test's homes. */
    static Path folder(String name) throws IOException {
        Path folder = Path.of(System.getProperty("adit.itests"), name).toAbsolutePath().normalize();
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    /** For a test that does not end it with {@link #kill}, and is not about the process. */
    static Adit start(String... arguments) throws IOException {
        return start(HOSTED, List.of(arguments));
    }

    static Adit process(String... arguments) throws IOException {
        return start(QUICK, List.of(arguments));
    }

    static Adit start(String javaOptions, List<String> arguments) throws IOException {
        if (javaOptions.equals(HOSTED)) {
            Costs.started(arguments.get(0) + "/hosted");
            List<String> all = new ArrayList<>(arguments);
            all.addAll(unattended(arguments));
            return new Adit(all);
        }
        return start(javaOptions, arguments, Map.of());
    }

    static Adit start(String javaOptions, List<String> arguments, Map<String, String> environment) throws IOException {
        return start(javaOptions, arguments, environment, null);
    }

    /** @param folder where the user is, or null */
    static Adit start(String javaOptions, List<String> arguments, Map<String, String> environment, Path folder) throws IOException {
        return startWith(javaOptions + (arguments.isEmpty() ? "" : Archives.option(arguments.get(0))), arguments, environment, folder);
    }

    /** With these options of the JVM and no others. */
    static Adit startWith(String javaOptions, List<String> arguments, Map<String, String> environment) throws IOException {
        return startWith(javaOptions, arguments, environment, null);
    }

    private static Adit startWith(String javaOptions, List<String> arguments, Map<String, String> environment, Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(dist().resolve("bin").resolve("adit").toString()));
        command.addAll(arguments);
        command.addAll(unattended(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder == null ? null : folder.toFile());
        // the way to a proxy must be the test's
        builder.environment().keySet().removeIf(each -> each.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().put("JAVA_OPTS", javaOptions);
        builder.environment().putAll(environment);
        Costs.started(arguments.isEmpty() ? "" : arguments.get(0));
        return new Adit(builder.start(), String.join(" ", arguments));
    }

    /** What a user does not need: containers end with this JVM, in whatever way that ends, and a busy machine may let them start late. */
    private static List<String> unattended(List<String> arguments) {
        if (arguments.isEmpty() || !List.of("proxy", "peer", "registry", "demo").contains(arguments.get(0))) {
            return List.of();
        }
        boolean mayChoose = !arguments.get(0).equals("demo") && !arguments.contains("--start-timeout");
        return mayChoose ? List.of("--stop-on-eof", "--start-timeout", Long.toString(Await.DEADLINE.toSeconds())) : List.of("--stop-on-eof");
    }

    /** A command that ends by itself and succeeds. @return its standard output */
    static List<String> run(String... arguments) throws Exception {
        try (Adit adit = start(arguments)) {
            adit.awaitExit(0);
            return adit.out();
        }
    }

    /** The words {@code key=value} of the READY line. */
    Map<String, String> awaitReady() throws Exception {
        String ready = Await.value("READY of " + this, () -> {
            Optional<String> there = out.stream().filter(each -> each.startsWith("READY ")).findFirst();
            assertTrue("ended instead of READY: " + this, there.isPresent() || isAlive());
            return there;
        });
        Map<String, String> addresses = new HashMap<>();
        for (String word : ready.substring("READY ".length()).split(" ")) {
            int equals = word.indexOf('=');
            addresses.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return addresses;
    }

    /** Waits for the end, and checks the exit code and that no process of the family is left. */
    void awaitExit(int code) throws Exception {
        if (guest != null) {
            assertTrue("still running: " + this, guest.await(Await.DEADLINE.toSeconds()));
            assertEquals("exit code of " + this, code, guest.exitCode());
            return;
        }
        List<ProcessHandle> family = family();
        assertTrue("still running: " + this, process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        for (Thread reader : readers) {
            reader.join(Await.DEADLINE.toMillis());
        }
        assertEquals("exit code of " + this, code, process.exitValue());
        awaitGone(family);
    }

    /** The command failed with this code, and told the user why in one line that is for users. @return the line */
    String awaitRefusal(int code) throws Exception {
        awaitExit(code);
        assertEquals("lines on stderr of " + this, 1, err.size());
        String told = err.get(0);
        assertTrue(told, told.startsWith("adit: "));
        assertFalse(told, told.contains("Exception") || told.contains("\tat "));
        return told;
    }

    /** SIGTERM, and no more: {@link Process#destroy} closes the pipes too, and what is said at the end would be lost. */
    void terminate() {
        if (guest != null) {
            guest.terminate();
        } else {
            process.toHandle().destroy();
        }
    }

    /** SIGTERM, and the end that belongs to it. */
    void stop() throws Exception {
        terminate();
        awaitExit(0);
    }

    /** SIGKILL to the process that was started, and to no other. */
    void kill() throws InterruptedException {
        ownProcess().destroyForcibly().waitFor();
    }

    boolean isHosted() {
        return guest != null;
    }

    private Process ownProcess() {
        if (process == null) {
            throw new IllegalStateException("this needs a process of its own, see Adit.process and Adit.QUICK: " + this);
        }
        return process;
    }

    /** The process and all that it started. */
    List<ProcessHandle> family() {
        ownProcess();
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    }

    static void awaitGone(List<ProcessHandle> family) throws Exception {
        Await.until("processes end: " + family, () -> family.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Resident memory in KiB, as the kernel tells. */
    long residentKiB() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + ownProcess().pid() + "/status")).stream()
            .filter(each -> each.startsWith("VmRSS:"))
            .mapToLong(each -> Long.parseLong(each.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }

    boolean isAlive() {
        return guest != null ? guest.isAlive() : process.isAlive();
    }

    List<String> out() {
        return List.copyOf(out);
    }

    List<String> err() {
        return List.copyOf(err);
    }

    @Override
    public void close() {
        if (guest != null) {
            guest.cut();
            return;
        }
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(each -> each.onExit().join());
    }

    @Override
    public String toString() {
        return "adit " + line + " (" + (guest != null ? "hosted" : "pid " + process.pid()) + ") stdout " + out + " stderr " + err;
    }

    private static Thread reader(BufferedReader lines, List<String> to) {
        Thread thread = new Thread(() -> {
            try (lines) {
                lines.lines().forEach(to::add);
            } catch (IOException | UncheckedIOException e) {
                to.add("unreadable: " + e);
            }
        }, "adit-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

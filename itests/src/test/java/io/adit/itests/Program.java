package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.Assume;

/**
 * A program of this machine (curl, git, a browser) in a process of its own, for a bounded time. What it prints goes to files in
 * target/it/programs. Closing kills it, and whatever it started. Not thread-safe.
 */
final class Program implements AutoCloseable {

    private final Process process;
    private final String line;
    private final Path out;
    private final Path err;

    private Program(Process process, String line, Path out, Path err) {
        this.process = process;
        this.line = line;
        this.out = out;
        this.err = err;
    }

    /** The file of a program, or nothing where it is not installed. */
    static Optional<Path> find(String name) {
        String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator)).filter(each -> !each.isEmpty()).map(each -> Path.of(each, name))
            .filter(Files::isExecutable).findFirst();
    }

    /** Skips the test, and says why, where one of them is not installed. */
    static void assumeInstalled(Class<?> test, String... names) {
        for (String name : names) {
            if (find(name).isEmpty()) {
                String reason = test.getSimpleName() + " is skipped: there is no " + name + " on this machine";
                System.out.println(reason);
                Assume.assumeTrue(reason, false);
            }
        }
    }

    /** @param folder its working directory, and its user's home */
    static Program start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        List<String> full = new ArrayList<>(command);
        full.set(0, find(command.get(0)).orElseThrow(() -> new IOException("no program " + command.get(0))).toString());
        String name = Path.of(command.get(0)).getFileName().toString();
        Path logs = Files.createDirectories(Path.of(System.getProperty("adit.itests"), "programs"));
        Path out = Files.createTempFile(logs, name + "-", ".out");
        Path err = Files.createTempFile(logs, name + "-", ".err");
        ProcessBuilder builder = new ProcessBuilder(full).directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        // The way must be the test's: no forward proxy of the machine in between, and messages in English.
        builder.environment().keySet().removeIf(each -> each.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().putAll(Map.of("LC_ALL", "C", "HOME", folder.toString()));
        builder.environment().putAll(environment);
        return new Program(builder.start(), String.join(" ", command), out, err);
    }

    /** Runs it to its end, whatever its exit code. */
    static Program run(Path folder, Map<String, String> environment, List<String> command) throws Exception {
        try (Program program = start(folder, environment, command)) {
            program.awaitExit();
            return program;
        }
    }

    /** Runs it to its end, which is a good one. */
    static Program succeed(Path folder, Map<String, String> environment, List<String> command) throws Exception {
        Program program = run(folder, environment, command);
        assertEquals(program.toString(), 0, program.exit());
        return program;
    }

    int awaitExit() throws Exception {
        return awaitExit(Await.DEADLINE);
    }

    /** For a program that has more to do than others. */
    int awaitExit(Duration longest) throws Exception {
        assertTrue("still running: " + this, process.waitFor(longest.toSeconds(), TimeUnit.SECONDS));
        return process.exitValue();
    }

    /** The exit code of one that ended. */
    int exit() {
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it printed so far. */
    String out() throws IOException {
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    String err() throws IOException {
        return Files.readString(err, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        List<ProcessHandle> family = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(each -> each.onExit().join());
    }

    @Override
    public String toString() {
        try {
            return line + " (pid " + process.pid() + ") stdout " + out() + " stderr " + err();
        } catch (IOException e) {
            return line + " (pid " + process.pid() + "), and what it printed cannot be read: " + e;
        }
    }
}

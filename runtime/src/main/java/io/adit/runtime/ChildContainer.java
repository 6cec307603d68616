package io.adit.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A container in a process of its own. It ends in order when its standard input ends: when {@link #stop} closes it, and also when
 * this process dies in whatever way. Thread-safe.
 */
final class ChildContainer {

    private final String role;
    private final Process process;
    private final CompletableFuture<Map<String, String>> ready = new CompletableFuture<>();

    private ChildContainer(String role, Process process) {
        this.role = role;
        this.process = process;
    }

    static ChildContainer start(Distribution distribution, String role, Path home, List<String> arguments) throws CommandFailure {
        List<String> command = new ArrayList<>(List.of(distribution.root().resolve("bin").resolve("adit").toString(), role,
            "--home", home.toString(), "--stop-on-eof"));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            ChildContainer child = new ChildContainer(role, process);
            Thread reader = new Thread(child::read, "adit-" + role + "-output");
            reader.setDaemon(true);
            reader.start();
            return child;
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot start the " + role + ": " + Failures.oneLine(e), e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("READY ")) {
                    ready.complete(addresses(line));
                }
            }
            ready.completeExceptionally(new IOException("no READY line"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    private static Map<String, String> addresses(String line) {
        Map<String, String> addresses = new HashMap<>();
        for (String word : line.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                addresses.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return addresses;
    }

    /**
     * What its READY line says; empty if the wait was called off. A child that ends instead has told the user why, on standard
     * error.
     *
     * @param calledOff completes when nobody wants to wait any more
     */
    Optional<Map<String, String>> awaitReady(Duration deadline, CompletableFuture<?> calledOff)
        throws CommandFailure, InterruptedException {
        try {
            CompletableFuture.anyOf(ready, calledOff).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return ready.isDone() ? Optional.of(ready.join()) : Optional.empty();
        } catch (TimeoutException e) {
            throw CommandFailure.runTime("the " + role + " is not ready after " + deadline.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw CommandFailure.runTime("the " + role + " did not start", e);
        }
    }

    /** Calls back with a line for the user when the process has ended. */
    void whenEnded(Consumer<String> callback) {
        process.onExit().thenAccept(ended -> callback.accept("the " + role + " ended with exit code " + ended.exitValue()));
    }

    void stop(Duration deadline) throws InterruptedException {
        try {
            process.outputWriter().close();
        } catch (IOException e) {
            // It is gone already.
            e.printStackTrace();
        }
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}

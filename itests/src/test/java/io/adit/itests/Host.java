package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * The JVM beside that of the tests in which containers run that need no process of their own: a start takes half the processor time there, since the JVM, the
 * JDK, the launcher and the framework are warm. There is one for all classes of tests that this JVM runs; it ends with this JVM. Thread-safe.
 *
 * <p>There may be several of this class, since those of a test in Pax Exam are the probe's and those of {@link WithJettyClient} in a class loader of its own.
 * They ask that of the class path, which has the process, and say so in types of the JDK.
 */
final class Host {

    /** Each container takes itself for the only one, and a quarter of the heap for credit. */
    private static final List<String> OPTIONS = List.of("-Xmx1g", "-XX:MetaspaceSize=256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
        // as those of Adit.QUICK
        "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

    /** Of the class path's. */
    private static Host running;

    private final Process process;
    private final DataOutputStream asked;
    private final Map<Integer, Told> guests = new ConcurrentHashMap<>();
    private int last;

    /** Who is told what a guest does. */
    private record Told(Consumer<String> out, Consumer<String> err, IntConsumer end) {
    }

    private Host() throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(OPTIONS);
        command.addAll(Stream.of(Adit.CIPHERS.split(" ")).filter(each -> !each.isEmpty()).toList());
        command.addAll(List.of("-Dadit.dist=" + Adit.dist(), "-cp", Path.of("target", "test-classes").toAbsolutePath().toString(), Containers.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(each -> each.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().put("LC_ALL", "C.UTF-8"); // as bin/adit
        process = builder.start();
        asked = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        Thread listener = new Thread(this::listen, "adit-host");
        listener.setDaemon(true);
        listener.setContextClassLoader(null); // that of the first test would be kept
        listener.start();
    }

    static Guest start(List<String> arguments, Consumer<String> out, Consumer<String> err) throws IOException {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try {
            Method begin = Class.forName(Host.class.getName(), true, ClassLoader.getSystemClassLoader())
                .getDeclaredMethod("begin", List.class, Consumer.class, Consumer.class, IntConsumer.class);
            begin.setAccessible(true);
            return new Guest((IntConsumer) begin.invoke(null, arguments, out, err, (IntConsumer) end::complete), end);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    /** The process, if there is one. For classes of the class path. */
    static synchronized Optional<ProcessHandle> process() {
        return Optional.ofNullable(running).map(each -> each.process.toHandle());
    }

    /** @param end is told the exit code @return takes what is asked of the guest, {@code END_OF_INPUT} or {@code INTERRUPT} of {@link Containers} */
    private static synchronized IntConsumer begin(List<String> arguments, Consumer<String> out, Consumer<String> err, IntConsumer end) throws IOException {
        if (running == null || !running.process.isAlive()) {
            running = new Host();
        }
        Host host = running;
        int id = host.begin(arguments, new Told(out, err, end));
        return what -> host.ask(what, id);
    }

    private int begin(List<String> arguments, Told guest) throws IOException {
        int id = ++last;
        guests.put(id, guest);
        synchronized (asked) {
            asked.writeByte(Containers.START);
            asked.writeInt(id);
            asked.writeInt(arguments.size());
            for (String each : arguments) {
                asked.writeUTF(each);
            }
            asked.flush();
        }
        return id;
    }

    private void ask(int what, int id) {
        synchronized (asked) {
            try {
                asked.writeByte(what);
                asked.writeInt(id);
                asked.flush();
            } catch (IOException e) {
                process.destroyForcibly(); // and so it ends, which is all that is asked for
            }
        }
    }

    private void listen() {
        try (DataInputStream told = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            while (true) {
                int what = told.readByte();
                int id = told.readInt();
                Told guest = guests.get(id);
                if (what == Containers.EXIT) {
                    guests.remove(id);
                    guest.end.accept(told.readInt());
                } else {
                    (what == Containers.OUT ? guest.out : guest.err).accept(new String(told.readNBytes(told.readInt()), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            guests.values().forEach(guest -> {
                guest.err.accept("the JVM of this container and of others has ended");
                guest.end.accept(-1);
            });
        }
    }

    /**
     * A container, or a command. Thread-safe.
     *
     * @param asks takes what is asked of it, as {@link Containers} names it
     * @param end its exit code
     */
    record Guest(IntConsumer asks, CompletableFuture<Integer> end) {

        boolean isAlive() {
            return !end.isDone();
        }

        /** @return false if it still runs after so many seconds */
        boolean await(long seconds) throws InterruptedException {
            try {
                end.get(seconds, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e); // there is nobody who would say so
            }
        }

        /** Of one that ended. */
        int exitCode() {
            return end.join();
        }

        /** Does what SIGTERM does. */
        void terminate() {
            asks.accept(Containers.END_OF_INPUT);
        }

        /** Ends it without waiting for what is under way; not as abruptly as SIGKILL, since its sockets are closed by what has opened them. */
        void cut() {
            if (isAlive()) {
                asks.accept(Containers.INTERRUPT);
                asks.accept(Containers.END_OF_INPUT);
                try {
                    assertTrue("still running: " + this, await(Await.DEADLINE.toSeconds()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}

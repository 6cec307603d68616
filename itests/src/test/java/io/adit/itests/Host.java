package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The JVM beside that of the tests in which containers run that need no process of their own: a start takes half the processor time there, since the JVM, the
 * JDK, the launcher and the framework are warm. There is one for all classes of tests that this JVM runs; it ends with this JVM. Thread-safe.
 * (Public for the classes of {@link WithJettyClient}, which are in the same package and not in the same class loader.)
 */
public final class Host {

    /** Each container takes itself for the only one, and a quarter of the heap for credit. */
    private static final List<String> OPTIONS = List.of("-Xmx1g", "-XX:MetaspaceSize=256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
        // as those of Adit.QUICK
        "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

    private static Host running;

    private final Process process;
    private final DataOutputStream asked;
    private final Map<Integer, Guest> guests = new ConcurrentHashMap<>();
    private int last;

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
        listener.start();
    }

    public static synchronized Guest start(List<String> arguments, Consumer<String> out, Consumer<String> err) throws IOException {
        if (running == null || !running.process.isAlive()) {
            running = new Host();
        }
        return running.begin(arguments, out, err);
    }

    /** The process, if there is one. */
    public static synchronized Optional<ProcessHandle> process() {
        return Optional.ofNullable(running).map(each -> each.process.toHandle());
    }

    private Guest begin(List<String> arguments, Consumer<String> out, Consumer<String> err) throws IOException {
        Guest guest = new Guest(++last, out, err);
        guests.put(guest.id, guest);
        synchronized (asked) {
            asked.writeByte(Containers.START);
            asked.writeInt(guest.id);
            asked.writeInt(arguments.size());
            for (String each : arguments) {
                asked.writeUTF(each);
            }
            asked.flush();
        }
        return guest;
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
                Guest guest = guests.get(told.readInt());
                if (what == Containers.EXIT) {
                    guests.remove(guest.id);
                    guest.ended(told.readInt());
                } else {
                    (what == Containers.OUT ? guest.out : guest.err).accept(new String(told.readNBytes(told.readInt()), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            guests.values().forEach(guest -> {
                guest.err.accept("the JVM of this container and of others has ended");
                guest.ended(-1);
            });
        }
    }

    /** A container, or a command. Thread-safe. */
    public final class Guest {

        private final int id;
        private final Consumer<String> out;
        private final Consumer<String> err;
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile int code;

        private Guest(int id, Consumer<String> out, Consumer<String> err) {
            this.id = id;
            this.out = out;
            this.err = err;
        }

        private void ended(int with) {
            code = with;
            end.countDown();
        }

        public boolean isAlive() {
            return end.getCount() > 0;
        }

        /** @return false if it still runs after so many seconds */
        public boolean await(long seconds) throws InterruptedException {
            return end.await(seconds, TimeUnit.SECONDS);
        }

        public int exitCode() {
            return code;
        }

        /** Does what SIGTERM does. */
        public void terminate() {
            ask(Containers.END_OF_INPUT, id);
        }

        /** Ends it without waiting for what is under way; not as abruptly as SIGKILL, since its sockets are closed by what has opened them. */
        public void cut() {
            if (isAlive()) {
                ask(Containers.INTERRUPT, id);
                ask(Containers.END_OF_INPUT, id);
                try {
                    assertTrue("still running: " + id, await(Await.DEADLINE.toSeconds()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}

package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Runs containers and commands of the distribution side by side in this JVM, as {@link Host} asks for them: the launcher as it ships, with its arguments, its
 * output and its exit code, on a thread instead of in a process. What a process has once, each has of its own: the classes of launcher, framework and
 * bundles, standard input and output, and the property {@code adit.home}. It ends with its standard input.
 *
 * <p>A framework's classes are used for one container after the other, by which the JVM has to make them once. Never for two at a time: SPI Fly, which is an
 * extension of the framework, keeps its state in a static field, and a container whose loader another one had was without Jetty when the first one ended late.
 */
final class Containers {

    /** What is asked for. */
    static final int START = 0;
    static final int END_OF_INPUT = 1;
    static final int INTERRUPT = 2;
    /** What is told. */
    static final int OUT = 3;
    static final int ERR = 4;
    static final int EXIT = 5;

    private static final String HOME = "adit.home";
    private static final InheritableThreadLocal<Life> LIFE = new InheritableThreadLocal<>();

    private final DataOutputStream told;
    private final URL[] launcher;
    private final URL[] libraries;
    private final Map<Integer, Life> lives = new ConcurrentHashMap<>();
    private final Deque<ClassLoader> idle = new ArrayDeque<>();
    private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());

    private Containers(DataOutputStream told, Path lib) throws IOException {
        this.told = told;
        List<URL> own = new ArrayList<>();
        List<URL> others = new ArrayList<>();
        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar : jars.sorted().toList()) {
                (jar.getFileName().toString().startsWith("runtime-") ? own : others).add(url(jar));
            }
        }
        launcher = own.toArray(URL[]::new);
        libraries = others.toArray(URL[]::new);
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }

    public static void main(String[] none) throws IOException {
        DataInputStream asked = new DataInputStream(new BufferedInputStream(System.in));
        Containers containers = new Containers(new DataOutputStream(new BufferedOutputStream(System.out)), Path.of(System.getProperty("adit.dist"), "lib"));
        System.setIn(new InputOfEach());
        System.setOut(containers.nowhere);
        System.setErr(containers.nowhere);
        System.setProperties(new PropertiesOfEach(System.getProperties()));
        try {
            containers.serve(asked);
        } catch (EOFException e) {
            // whoever asked is gone
        }
        Runtime.getRuntime().halt(0);
    }

    private void serve(DataInputStream asked) throws IOException {
        while (true) {
            int what = asked.readByte();
            int id = asked.readInt();
            switch (what) {
                case START -> {
                    String[] arguments = new String[asked.readInt()];
                    for (int i = 0; i < arguments.length; i++) {
                        arguments[i] = asked.readUTF();
                    }
                    Life life = new Life(id, arguments);
                    lives.put(id, life);
                    life.begin();
                }
                case END_OF_INPUT, INTERRUPT -> {
                    Life life = lives.get(id);
                    if (life != null && what == INTERRUPT) {
                        life.interrupt();
                    } else if (life != null) {
                        life.inputEnded.countDown();
                    }
                }
                default -> throw new IOException("unknown: " + what);
            }
        }
    }

    private void tell(int what, int id, String line, int code) {
        synchronized (told) {
            try {
                told.writeByte(what);
                told.writeInt(id);
                if (line == null) {
                    told.writeInt(code);
                } else {
                    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
                    told.writeInt(bytes.length);
                    told.write(bytes);
                }
                told.flush();
            } catch (IOException e) {
                Runtime.getRuntime().halt(1); // nobody listens any more
            }
        }
    }

    /** One run of the command, from the arguments to the exit code. */
    private final class Life implements Runnable {

        private final int id;
        private final String[] arguments;
        private final CountDownLatch inputEnded = new CountDownLatch(1);
        private final Thread thread;
        private volatile String home;

        Life(int id, String[] arguments) {
            this.id = id;
            this.arguments = arguments;
            this.thread = new Thread(this, "main-" + id);
        }

        void begin() {
            thread.start();
        }

        /** Whatever it waits for, it stops now. */
        void interrupt() {
            thread.interrupt();
        }

        @Override
        public void run() {
            LIFE.set(this);
            ClassLoader shared = take();
            int code = -1;
            try (URLClassLoader own = new URLClassLoader(launcher, shared)) {
                thread.setContextClassLoader(own);
                code = execute(own);
            } catch (ReflectiveOperationException | IOException | RuntimeException | Error e) {
                tell(ERR, id, "adit: not to be hosted: " + (e instanceof InvocationTargetException thrown ? thrown.getCause() : e), 0);
            } finally {
                thread.setContextClassLoader(null);
                if (isOver(shared, code)) {
                    giveBack(shared);
                }
                lives.remove(id);
                inputEnded.countDown();
                tell(EXIT, id, null, code);
            }
        }

        private int execute(ClassLoader own) throws ReflectiveOperationException {
            synchronized (Containers.this) {
                System.setOut(lines(OUT));
                System.setErr(lines(ERR));
                // keeps what standard output and error are now
                Class.forName("io.adit.runtime.Terminal", true, own);
                System.setOut(nowhere);
                System.setErr(nowhere);
            }
            Method execute = Class.forName("io.adit.runtime.Main", true, own).getDeclaredMethod("execute", String[].class);
            execute.setAccessible(true);
            return (Integer) execute.invoke(null, (Object) arguments);
        }

        private PrintStream lines(int what) {
            return new PrintStream(new OutputStream() {

                private final ByteArrayOutputStream line = new ByteArrayOutputStream();

                @Override
                public synchronized void write(int next) {
                    if (next == '\n') {
                        tell(what, id, line.toString(StandardCharsets.UTF_8), 0);
                        line.reset();
                    } else {
                        line.write(next);
                    }
                }
            }, true, StandardCharsets.UTF_8);
        }

        private ClassLoader take() {
            synchronized (idle) {
                return idle.isEmpty() ? new URLClassLoader(libraries, ClassLoader.getPlatformClassLoader()) : idle.pop();
            }
        }

        /** Whether its framework has ended; one that failed in the midst of its start may end later, and would take SPI Fly's state from the next one. */
        private static boolean isOver(ClassLoader shared, int code) {
            try {
                return code != 1 && Class.forName("org.apache.aries.spifly.BaseActivator", false, shared).getField("activator").get(null) == null;
            } catch (ClassNotFoundException e) {
                return true; // there was none
            } catch (ReflectiveOperationException e) {
                return false;
            }
        }

        private void giveBack(ClassLoader shared) {
            synchronized (idle) {
                idle.push(shared);
            }
        }
    }

    /** Standard input: nothing, until it ends. */
    private static final class InputOfEach extends InputStream {
        @Override
        public int read() throws IOException {
            Life life = LIFE.get();
            try {
                if (life != null) {
                    life.inputEnded.await();
                }
                return -1;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** The system's properties, of which one differs. */
    private static final class PropertiesOfEach extends Properties {

        private static final long serialVersionUID = 1;

        PropertiesOfEach(Properties all) {
            super();
            putAll(all);
        }

        @Override
        public String getProperty(String key) {
            Life life = key.equals(HOME) ? LIFE.get() : null;
            return life == null ? super.getProperty(key) : life.home;
        }

        @Override
        public synchronized Object setProperty(String key, String value) {
            Life life = key.equals(HOME) ? LIFE.get() : null;
            if (life != null) {
                life.home = value;
                return null;
            }
            return super.setProperty(key, value);
        }
    }
}

package io.adit.mail;

import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A process that is killed at any moment, in the middle of a write too: no letter that was made is lost, and none that was sent comes back. */
public class QueueDurabilityTest {

    private static final int KILLS = 3;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void noLetterIsLostOrComesBackAfterAKill() throws Exception {
        Path path = folder.getRoot().toPath();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> told = new HashSet<>();
        Set<String> sent = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(path, "run" + kill, 1 + random.nextInt(60), random.nextInt(2_000_000), told, sent);
            Set<String> before = Set.copyOf(sent);
            Set<String> taken = Set.copyOf(Files.readAllLines(path.resolve("taken")));
            try (MailStore database = Fixtures.database(path)) {
                List<Letter> left = database.run(tables -> tables.lettersBefore(Clock.systemUTC().instant().plusSeconds(3600)));
                Set<String> waiting = new HashSet<>();
                left.forEach(each -> waiting.add(each.recipient().address()));
                for (String address : told) {
                    assertTrue(address + " is lost, seed " + seed, waiting.contains(address) || taken.contains(address));
                }
                for (String address : before) {
                    assertTrue(address + " came back, seed " + seed, !waiting.contains(address));
                }
                // what one is told of is an event until it is a letter, never both; the child makes the one of the other before it goes on
                long events = database.run(tables -> tables.waiting()) - waiting.size();
                assertTrue(events + " events, seed " + seed, events == 0 || events == 1);
            }
        }
        assertTrue("the children did something", told.size() >= KILLS && !sent.isEmpty());
    }

    private static void runAndKill(Path path, String run, int lines, int nanos, Set<String> told, Set<String> sent) throws Exception {
        Process child = start(path, run);
        try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
            for (int i = 0; i < lines; i++) {
                String line = out.readLine();
                assertNotNull("the child ended by itself: " + Files.readString(path.resolve("child.err")), line);
                note(line, told, sent);
            }
            LockSupport.parkNanos(nanos);
            // by its handle: Process.destroyForcibly would also close the pipe that we still read
            child.toHandle().destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
            StringBuilder rest = new StringBuilder();
            for (int c = out.read(); c >= 0; c = out.read()) {
                rest.append((char) c);
            }
            rest.substring(0, rest.lastIndexOf("\n") + 1).lines().forEach(line -> note(line, told, sent));
        } finally {
            child.destroyForcibly();
        }
    }

    private static void note(String line, Set<String> told, Set<String> sent) {
        (line.startsWith("TOLD ") ? told : sent).add(line.substring(5));
    }

    private static Process start(Path path, String run) throws Exception {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path")).orElse(System.getProperty("java.class.path"));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", classPath, Child.class.getName(), path.toString(), run)
                .redirectError(ProcessBuilder.Redirect.appendTo(new File(path.toFile(), "child.err"))).start();
    }

    /** Tells one person after the other, printing each that is in the queue and each that was sent, until it is killed. */
    public static final class Child {

        private Child() {
        }

        public static void main(String[] args) throws Exception {
            Options options = Fixtures.options(Map.of("announce.after.seconds", 0, "max.per.hour", 100_000, "queue.max", 1_000_000));
            MailStore database = Fixtures.database(Path.of(args[0]));
            Clock clock = Clock.systemUTC();
            Announcer announcer = new Announcer(database, Fixtures.composer(options), options, clock);
            Sender sender = new Sender() {
                private final FileChannel taken = FileChannel.open(Path.of(args[0], "taken"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                private String before;

                @Override
                public Outcome send(Letter letter) {
                    if (before != null) {
                        System.out.println("SENT " + before); // it is gone from the queue by now
                    }
                    before = letter.recipient().address();
                    try {
                        taken.write(StandardCharsets.US_ASCII.encode(before + "\n"));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return new Outcome(Result.SENT, "");
                }

                @Override
                public void rest() {
                    // the next one says it
                }
            };
            Delivery delivery = new Delivery(database, sender, options, clock, () -> 0);
            for (int i = 0;; i++) {
                String address = args[1] + "-" + i + "@example.org";
                announcer.online(Fixtures.presence("peer" + i + args[1], "notify", address));
                announcer.compose();
                System.out.println("TOLD " + address);
                delivery.send(() -> true);
            }
        }
    }
}

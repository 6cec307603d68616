package io.adit.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.adit.api.Invitation;
import io.adit.api.RegistrationException;
import io.adit.store.Store;

/** A process of its own that uses a store, so that a test can kill it. */
public final class ChildProcess {

    private ChildProcess() {
    }

    private static final long PAUSE_NANOS = 5_000_000;

    private interface Attempt<T> {
        T make() throws RegistrationException;
    }

    /**
     * Says where its code is. Then invites PREFIX0, PREFIX1, ... and revokes every third, printing each line once the call has returned. With a store that may be away it tries again.
     * Runs until it is killed.
     */
    public static void main(String[] args) throws Exception {
        NameStore store;
        try {
            store = new NameStore(Fixtures.database(args[0]));
        } catch (SQLException e) {
            System.out.println("FAILED " + Registrations.line(e));
            return;
        }
        if (args.length == 1) {
            System.out.println("OPENED");
            store.close();
            return;
        }
        System.out.println("CODE " + code());
        Registrations registrations = Fixtures.registrations(store, new Credentials(store.load()));
        for (int i = 0;; i++) {
            String name = args[1] + i;
            Invitation invitation = insist(store, () -> registrations.invite(name));
            System.out.println("INVITED " + invitation.text());
            if (i % 3 == 2) {
                String before = args[1] + (i - 1);
                insist(store, () -> registrations.revoke(before));
                System.out.println("REVOKED " + before);
            }
        }
    }

    /** Where what is tested comes from: both processes have to have the same. */
    static String code() {
        return Stream.of(Store.class, NameStore.class, ChildProcess.class).map(type -> type.getProtectionDomain().getCodeSource().getLocation().toString())
                .collect(Collectors.joining(" "));
    }

    private static <T> T insist(NameStore store, Attempt<T> attempt) throws RegistrationException {
        while (true) {
            try {
                return attempt.make();
            } catch (RegistrationException | IllegalStateException e) {
                if (!store.isShared()) {
                    throw e;
                }
                System.out.println("AWAY " + e.getMessage());
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    static Process start(Path store, String... more) throws IOException {
        return start(store.toString(), Path.of(store + "-child.err"), more);
    }

    /** @param store a path, or the URL of a database */
    static Process start(String store, Path err, String... more) throws IOException {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path")).orElse(System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", classPath, ChildProcess.class.getName(), store);
        builder.command().addAll(java.util.List.of(more));
        return builder.redirectError(ProcessBuilder.Redirect.appendTo(err.toFile())).start();
    }

    /** @throws SQLException with what the other process says when it cannot open the store */
    static void openInAnother(Path store) throws Exception {
        Process process = start(store);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            process.waitFor(30, TimeUnit.SECONDS);
            if (line == null || line.startsWith("FAILED")) {
                throw new SQLException(String.valueOf(line));
            }
        } finally {
            process.destroyForcibly();
        }
    }
}

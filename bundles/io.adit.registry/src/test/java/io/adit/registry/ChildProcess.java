package io.adit.registry;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.adit.api.Invitation;

/** A process of its own that uses a store, so that a test can kill it. */
public final class ChildProcess {

    private ChildProcess() {
    }

    /** Invites PREFIX0, PREFIX1, ... and revokes every third, printing each line once the call has returned. Runs until it is killed. */
    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[0]);
        NameStore store;
        try {
            store = new NameStore(Fixtures.embedded(path));
        } catch (SQLException e) {
            System.out.println("FAILED " + Registrations.line(e));
            return;
        }
        if (args.length == 1) {
            System.out.println("OPENED");
            store.close();
            return;
        }
        Registrations registrations = Fixtures.registrations(store, new Credentials(store.load()));
        for (int i = 0;; i++) {
            Invitation invitation = registrations.invite(args[1] + i);
            System.out.println("INVITED " + invitation.text());
            if (i % 3 == 2) {
                registrations.revoke(args[1] + (i - 1));
                System.out.println("REVOKED " + args[1] + (i - 1));
            }
        }
    }

    static Process start(Path store, String... more) throws IOException {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path")).orElse(System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", classPath, ChildProcess.class.getName(),
                store.toString());
        builder.command().addAll(java.util.List.of(more));
        return builder.redirectError(ProcessBuilder.Redirect.appendTo(new File(store + "-child.err"))).start();
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

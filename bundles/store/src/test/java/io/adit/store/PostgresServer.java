package io.adit.store;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A PostgreSQL server, as a child of this process at a loopback port, with a folder of its own; root's child runs as somebody else, since PostgreSQL does not
 * run as root. What it acknowledged is with the operating system, so it survives a kill, but need not survive the loss of power. Not thread-safe.
 */
public final class PostgresServer implements AutoCloseable {

    public static final String USER = "adit";
    public static final String PASSWORD = "correct horse";

    private static final String SCRAM = "scram-sha-256";
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path folder;
    private final Path programs;
    private final String account;
    private final int port;
    private Process process;

    private PostgresServer(Path folder, Path programs, String account, int port) {
        this.folder = folder;
        this.programs = programs;
        this.account = account;
        this.port = port;
    }

    /** Where the server's programs are; Debian has them outside of PATH, by version. */
    public static Optional<Path> programs() {
        List<Path> folders = new ArrayList<>();
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.map(each -> each.resolve("bin")).sorted(Comparator.reverseOrder()).forEach(folders::add);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        Stream.of(System.getenv("PATH").split(File.pathSeparator)).filter(each -> !each.isEmpty()).map(Path::of).forEach(folders::add);
        return folders.stream().filter(each -> Files.isExecutable(each.resolve("initdb")) && Files.isExecutable(each.resolve("postgres"))).findFirst();
    }

    /** @return why there can be none here; empty when there can */
    public static Optional<String> missing() {
        return programs().isPresent() ? Optional.empty() : Optional.of("there is no PostgreSQL server (initdb, postgres) on this machine");
    }

    /** One without TLS. */
    public static PostgresServer start() throws Exception {
        return start(SCRAM, null, null);
    }

    /** One without TLS to which clients send the password as it is: SCRAM derives a key for each connection, the most of what tests with many of them cost. */
    public static PostgresServer withoutScram() throws Exception {
        return start("password", null, null);
    }

    /** @param certificate and its key, in PEM */
    public static PostgresServer start(Path certificate, Path key) throws Exception {
        return start(SCRAM, certificate, key);
    }

    private static PostgresServer start(String authentication, Path certificate, Path key) throws Exception {
        Path folder = Files.createTempDirectory("adit-postgres-");
        String account = ROOT ? exists("postgres") ? "postgres" : "nobody" : System.getProperty("user.name");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        PostgresServer server = new PostgresServer(folder, programs().orElseThrow(), account, port);
        try {
            server.own(folder, "rwx------");
            server.own(Files.writeString(folder.resolve("password"), PASSWORD + "\n"), "rw-------");
            Process made = server.run("initdb", "-D", folder.resolve("data").toString(), "-U", USER, "--auth=" + authentication, "--pwfile", folder.resolve("password").toString(),
                    "-E", "UTF8", "--locale=C", "--no-sync");
            if (!made.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS) || made.exitValue() != 0) {
                throw new IOException("initdb: " + server.log());
            }
            String tls = "";
            if (certificate != null) {
                server.own(Files.copy(certificate, folder.resolve("tls.crt")), "rw-------");
                server.own(Files.copy(key, folder.resolve("tls.key")), "rw-------");
                tls = "ssl = on\nssl_cert_file = '" + folder.resolve("tls.crt") + "'\nssl_key_file = '" + folder.resolve("tls.key") + "'\n";
            }
            Files.writeString(folder.resolve("data/postgresql.conf"), "listen_addresses = '127.0.0.1'\nport = " + port + "\nunix_socket_directories = '" + folder
                    + "'\nfsync = off\nfull_page_writes = off\nshared_buffers = 16MB\nmax_connections = 40\nmax_wal_size = 64MB\nautovacuum = off\n" + tls);
            server.open();
            return server;
        } catch (Exception | AssertionError e) {
            server.close();
            throw e;
        }
    }

    private static boolean exists(String account) throws IOException {
        try {
            return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(account) != null;
        } catch (UserPrincipalNotFoundException e) {
            return false;
        }
    }

    private void own(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        if (ROOT) {
            UserPrincipal owner = FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(account);
            Files.setOwner(path, owner);
        }
    }

    private Process run(String program, String... arguments) throws IOException {
        // the program itself and no shell around it, so that a signal comes to it
        List<String> command = new ArrayList<>(ROOT ? List.of("setpriv", "--reuid", account, "--regid", group(), "--clear-groups") : List.of());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("LC_ALL", "C");
        builder.environment().keySet().removeIf(each -> each.startsWith("PG"));
        return builder.start();
    }

    private String group() {
        return account.equals("nobody") ? "nogroup" : account;
    }

    /** Starts it, with what it had. */
    public void open() throws Exception {
        int before = log().length();
        process = run("postgres", "-D", folder.resolve("data").toString());
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!log().substring(before).contains("ready to accept connections")) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("PostgreSQL does not serve: " + log());
            } else if (!process.isAlive()) {
                if (!log().substring(before).contains("still in use")) {
                    throw new AssertionError("PostgreSQL ended: " + log());
                }
                // of before the kill, and about to notice it
                before = log().length();
                process = run("postgres", "-D", folder.resolve("data").toString());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Ends it in an orderly way, and its clients' connections at once. */
    public void stop() throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();
        awaitEnd();
    }

    /** SIGKILL to the server, and to every process of it. */
    public void kill() throws Exception {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        awaitEnd();
        for (ProcessHandle each : family) {
            each.onExit().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void awaitEnd() throws InterruptedException {
        if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("PostgreSQL goes on");
        }
    }

    /** HOST:PORT. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Of the database that is there at first; the password is not in it. */
    public String url() {
        return "jdbc:postgresql://" + address() + "/postgres?user=" + USER;
    }

    /** What its processes printed so far. */
    public String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** Kills it, where it runs, and removes its folder. */
    @Override
    public void close() throws Exception {
        if (process != null && process.isAlive()) {
            kill();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

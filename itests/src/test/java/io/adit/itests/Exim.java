package io.adit.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Debian's mail server, as a child of this process at a loopback port: it wants TLS and a login, keeps what is for example.test in a folder, and
 * knows no "nobody". As root it runs as Debian's user for it, since it delivers nothing as root. Not thread-safe.
 */
final class Exim implements AutoCloseable {

    static final String PROGRAM = "exim4";
    static final String USER = "adit";
    static final String PASSWORD = "correct horse";

    private final Path folder;
    private final int port;
    private final Program program;

    private Exim(Path folder, int port, Program program) {
        this.folder = folder;
        this.port = port;
        this.program = program;
    }

    /** @param folder under target/, for all that it writes */
    static Exim start(Path folder) throws Exception {
        int port = Ports.free();
        for (String each : List.of("spool", "log", "mail")) {
            Files.createDirectories(folder.resolve(each));
        }
        TlsFiles.writeRsa(folder, "tls", "localhost");
        String me = System.getProperty("user.name");
        boolean root = me.equals("root");
        String user = root ? "Debian-exim" : me;
        Path config = Files.writeString(folder.resolve("exim.conf"), """
            primary_hostname = mail.example.test
            spool_directory = FOLDER/spool
            log_file_path = FOLDER/log/%slog
            pid_file_path = FOLDER/spool/exim.pid
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = PORT
            exim_user = USER
            deliver_drop_privilege = true
            keep_environment =
            rfc1413_query_timeout = 0s
            tls_certificate = FOLDER/tls.crt
            tls_privatekey = FOLDER/tls.key
            tls_advertise_hosts = *
            acl_smtp_rcpt = rcpt
            begin acl
            rcpt:
              deny message = log in first
                !authenticated = *
              deny message = no such user
                local_parts = nobody
              accept domains = example.test
            begin routers
            all:
              driver = accept
              transport = folder
            begin transports
            folder:
              driver = appendfile
              directory = FOLDER/mail
              maildir_format
              return_path_add
            begin retry
            * * F,2h,1m
            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_condition = ${if and{{eq{$auth2}{LOGIN}}{eq{$auth3}{PASSWORD}}}}
              server_set_id = $auth2
              server_advertise_condition = ${if def:tls_in_cipher}
            """.replace("FOLDER", folder.toString()).replace("PORT", Integer.toString(port)).replace("USER", user).replace("LOGIN", USER)
            .replace("PASSWORD", PASSWORD));
        if (root) {
            own(folder, user);
            Files.setOwner(config, config.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root"));
        }
        Exim exim = new Exim(folder, port, Program.start(folder, Map.of(), List.of(PROGRAM, "-C", config.toString(), "-bdf", "-q1m")));
        try {
            Await.until("exim listens: " + exim.program, exim::listens);
        } catch (Throwable e) {
            try (exim) {
                throw e;
            }
        }
        return exim;
    }

    private static void own(Path folder, String user) throws IOException {
        UserPrincipal owner = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                Files.setOwner(each, owner);
            }
        }
    }

    int port() {
        return port;
    }

    /** Its certificate, for "localhost". */
    Path trust() {
        return folder.resolve("tls.crt");
    }

    /** The mails that it has delivered, in the order of their names, which begin with the time. */
    List<Path> delivered() throws IOException {
        Path arrived = folder.resolve("mail/new");
        if (Files.notExists(arrived)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(arrived)) {
            return files.sorted().toList();
        }
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log/mainlog"));
    }

    private boolean listens() {
        if (!program.isAlive()) {
            throw new AssertionError("exim ended: " + program);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet; the deadline judges
        }
    }

    @Override
    public void close() {
        program.close();
    }
}

package io.adit.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** BIND, a real name server, with one zone on a loopback port and a key that may update it. Not thread-safe. */
final class Bind implements AutoCloseable {

    static final String ZONE = "tunnel.example";

    private final Path folder;
    private final int port;
    private Process process;

    private Bind(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** @param records further lines of the zone */
    static Bind start(Path folder, String records) throws Exception {
        Bind bind = new Bind(Files.createDirectories(folder), Ports.free());
        byte[] secret = new byte[32];
        new java.security.SecureRandom().nextBytes(secret);
        Files.writeString(bind.key(), "key \"adit\" {\n\talgorithm hmac-sha256;\n\tsecret \"" + Base64.getEncoder().encodeToString(secret)
            + "\";\n};\n");
        Files.writeString(folder.resolve("zone.db"), """
            $TTL 60
            @ SOA ns hostmaster 1 7200 1800 1209600 5
            @ NS ns
            ns A 127.0.0.1
            """ + records);
        Files.writeString(folder.resolve("named.conf"), """
            include "%s";
            options { directory "%s"; pid-file "named.pid"; session-keyfile "session.key"; managed-keys-directory "."; listen-on port %d { 127.0.0.1; };
              listen-on-v6 { none; }; recursion no; dnssec-validation no; allow-transfer { none; }; notify no; };
            controls { };
            zone "%s" { type primary; file "zone.db"; update-policy { grant adit zonesub A AAAA TXT; }; };
            """.formatted(bind.key(), folder, bind.port, ZONE));
        // from its own place it might be confined to the system's folders (AppArmor)
        Files.copy(Program.find("named").orElseThrow(), folder.resolve("named"), StandardCopyOption.COPY_ATTRIBUTES);
        bind.open();
        return bind;
    }

    Path key() {
        return folder.resolve("adit.key");
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Starts it, with what it had. */
    void open() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(folder.resolve("named").toString(), "-g", "-4", "-c", folder.resolve("named.conf").toString())
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("named.log").toFile()));
        builder.environment().putAll(Map.of("LC_ALL", "C"));
        process = builder.start();
        Dig dig = Dig.at(folder, address());
        Await.until("BIND serves, its log is in " + folder, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("BIND ended: " + log());
            }
            return dig.data("ns." + ZONE, "A").equals(List.of("127.0.0.1"));
        });
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("named.log"));
    }

    /** Kills it. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}

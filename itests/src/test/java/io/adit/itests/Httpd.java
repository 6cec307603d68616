package io.adit.itests;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Apache httpd as an origin: files at {@code /}, WebDAV at {@code /dav/}, git repositories over smart HTTP at {@code /git/}, scripts at
 * {@code /cgi/}, and {@code /closed/} to nobody. Its folder is not under target/: started by root, it serves as another user, who may not get there. Not thread-safe.
 */
final class Httpd implements AutoCloseable {

    /** The program's name, for {@link Program#assumeInstalled}. */
    static final String PROGRAM = "apache2";

    private static final List<String> MODULES = List.of("mpm_prefork", "authz_core", "alias", "env", "dir", "mime", "filter", "deflate",
        "cgi", "dav", "dav_fs");
    private static final Path MODULE_FOLDER = Path.of("/usr/lib/apache2/modules");
    private static final Path GIT_HTTP_BACKEND = Path.of("/usr/lib/git-core/git-http-backend");

    private final Path folder;
    private final int port;
    private Program process;

    private Httpd(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static Httpd start() throws Exception {
        Httpd httpd = new Httpd(Files.createTempDirectory("adit-httpd"), Ports.free());
        try {
            httpd.prepare();
            httpd.open();
            return httpd;
        } catch (Throwable e) {
            try (httpd) {
                throw e;
            }
        }
    }

    private void prepare() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String each : List.of("files", "dav", "git", "cgi", "run")) {
            Files.setPosixFilePermissions(Files.createDirectory(folder.resolve(each)), PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        List<String> lines = new ArrayList<>();
        for (String module : MODULES) {
            lines.add("LoadModule " + module + "_module " + MODULE_FOLDER.resolve("mod_" + module + ".so"));
        }
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to serve as root.
            lines.addAll(List.of("User www-data", "Group www-data"));
        }
        lines.add("""
            ServerName localhost
            StartServers 10
            Listen 127.0.0.1:%2$d
            PidFile %1$s/run/pid
            ErrorLog %1$s/error.log
            CustomLog %1$s/access.log "%%r %%>s Host=%%{Host}i Destination=%%{Destination}i Transfer-Encoding=%%{Transfer-Encoding}i Content-Encoding=%%{Content-Encoding}i Expect=%%{Expect}i"
            TypesConfig /dev/null
            AddType text/html .html
            DocumentRoot %1$s/files
            DirectoryIndex index.html
            AddOutputFilterByType DEFLATE text/html
            Redirect 301 /old/ /new/
            DAVLockDB %1$s/run/locks
            Alias /dav/ %1$s/dav/
            ScriptAlias /cgi/ %1$s/cgi/
            # a length that a script gives is its response's, whenever how much of that comes
            <Location /cgi/>
              SetEnv ap_trust_cgilike_cl 1
            </Location>
            ScriptAlias /git/ %3$s/
            SetEnv GIT_PROJECT_ROOT %1$s/git
            SetEnv GIT_HTTP_EXPORT_ALL 1
            SetEnv GIT_CONFIG_COUNT 2
            SetEnv GIT_CONFIG_KEY_0 safe.directory
            SetEnv GIT_CONFIG_VALUE_0 *
            SetEnv GIT_CONFIG_KEY_1 core.compression
            SetEnv GIT_CONFIG_VALUE_1 0
            <Location /dav/>
              Dav On
            </Location>
            <Location /closed/>
              Require all denied
            </Location>
            """.formatted(folder, port, GIT_HTTP_BACKEND));
        Files.write(folder.resolve("httpd.conf"), lines);
    }

    private void open() throws Exception {
        process = Program.start(folder, Map.of(), List.of(PROGRAM, "-DFOREGROUND", "-d", folder.toString(), "-f",
            folder.resolve("httpd.conf").toString()));
        Await.until("httpd listens", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended: " + process);
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (ConnectException e) {
                // Not yet; the deadline judges.
                return false;
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The folder that is served at {@code /NAME/}; {@code files} at {@code /}. */
    Path folder(String name) {
        return folder.resolve(name);
    }

    /** A shell script that is served at {@code /cgi/NAME}; with a name that begins with nph- it writes the whole response itself. */
    void script(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("cgi").resolve(name), "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** One line a request that is over: request line, status, and some of the fields that came. */
    List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("access.log"), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            // Killed, since on SIGTERM it ends its whole process group, which is also that of this JVM and of Maven.
            process.close();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

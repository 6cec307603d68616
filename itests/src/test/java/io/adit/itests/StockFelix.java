package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.apache.felix.utils.json.JSONParser;

/**
 * A Felix container as its users have it, in a process of its own and with nothing of ours: the framework by its own launcher, SCR, ConfigAdmin, FileInstall
 * that watches load/, a log, Felix HTTP on one port, and the web console. Not thread-safe.
 */
final class StockFelix implements ForeignContainer {

    /** Of the two jars of Felix HTTP. */
    enum Http {
        /** With Jetty inside. */
        FULL,
        /** With Jetty's own bundles beside it. */
        LIGHT
    }

    /** The rest of our distribution's bundles that are not ours would be help. */
    private static final List<String> COMMON = List.of("org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component",
        "org.apache.felix.configadmin", "org.apache.felix.metatype", "org.apache.felix.scr", "org.apache.felix.fileinstall", "org.apache.felix.gogo.runtime",
        "org.apache.felix.http.servlet-api", "commons-io", "commons-fileupload", "org.apache.felix.inventory", "encoder", "org.apache.felix.webconsole");
    private static final List<String> LIGHT = List.of("jetty-util", "jetty-io", "jetty-http", "jetty-server", "jetty-security", "jetty-session", "jetty-jmx",
        "jetty-alpn-server", "jetty-http2-hpack", "jetty-http2-common", "jetty-http2-server", "jetty-ee10-servlet");
    private static final String LOG = """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder></appender>
          <root level="INFO"><appender-ref ref="out"/></root>
        </configuration>
        """;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();
    private final Path folder;
    private final int port;
    private final Program process;

    private StockFelix(Path folder, int port, Program process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** As its users have it. */
    static StockFelix start(Path folder, Http http) throws Exception {
        List<Path> bundles = new ArrayList<>();
        for (String each : COMMON) {
            bundles.add(shipped(each + "-\\d[^-]*"));
        }
        try (var extra = Files.newDirectoryStream(containers())) {
            for (Path jar : extra) {
                String name = jar.getFileName().toString();
                if (!name.contains(".main") && (http == Http.FULL || !name.contains("jetty12"))) {
                    bundles.add(jar);
                }
            }
        }
        if (http == Http.LIGHT) {
            for (String each : LIGHT) {
                bundles.add(shipped(each + "-\\d[^-]*"));
            }
            bundles.add(shipped("org.apache.felix.http.jetty12-.*-light"));
        }
        // the Jetty inside is another one than that which our bundles are verified with
        return start(folder, bundles, http == Http.FULL ? List.of() : List.of(UNVERIFIED.split(" ")));
    }

    /** With these, a web console among them. Returns when that answers. */
    static StockFelix start(Path folder, List<Path> bundles) throws Exception {
        return start(folder, bundles, List.of(UNVERIFIED.split(" ")));
    }

    private static StockFelix start(Path folder, List<Path> bundles, List<String> options) throws Exception {
        Path bundle = Files.createDirectories(folder.resolve("bundle"));
        Files.createDirectories(folder.resolve("load"));
        for (Path jar : bundles) {
            Files.copy(jar, bundle.resolve(jar.getFileName()));
        }
        int port = Ports.free();
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(conf.resolve("config.properties"), "felix.auto.deploy.action=install,start\nfelix.fileinstall.dir=./load\nfelix.fileinstall.poll=500\n"
            + "org.apache.felix.http.host=127.0.0.1\norg.osgi.service.http.port=" + port + "\n");
        Files.writeString(conf.resolve("logback.xml"), LOG);
        // bounded, should this JVM be killed
        List<String> command = new ArrayList<>(List.of("timeout", "900", "java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-Dlogback.configurationFile=conf/logback.xml", "-jar", containers().resolve("org.apache.felix.main.jar").toString()));
        Program process = Program.start(folder, Map.of(), command);
        StockFelix felix = new StockFelix(folder, port, process);
        try {
            felix.bundles();
            return felix;
        } catch (Throwable e) {
            try (felix) {
                throw e;
            }
        }
    }

    private static Path containers() {
        return Path.of(System.getProperty("adit.containers"), "felix").toAbsolutePath().normalize();
    }

    private static Path shipped(String pattern) throws IOException {
        try (var jars = Files.newDirectoryStream(Adit.dist().resolve("bundles"), file -> file.getFileName().toString().matches(pattern + "\\.jar"))) {
            return jars.iterator().next();
        }
    }

    Path folder() {
        return folder;
    }

    /** The folder that is watched. */
    Path load() {
        return folder.resolve("load");
    }

    /** Its one HTTP server. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** By symbolic name: what the web console says that they are. It is away for as long as FileInstall restarts Jetty because of a fragment that is new. */
    Map<String, String> bundles() throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (Object each : (List<?>) new JSONParser(Await.value("the web console", this::list)).getParsed().get("data")) {
            Map<?, ?> bundle = (Map<?, ?>) each;
            states.put((String) bundle.get("symbolicName"), (String) bundle.get("state"));
        }
        return states;
    }

    private Optional<String> list() throws InterruptedException {
        String login = Base64.getEncoder().encodeToString("admin:admin".getBytes(StandardCharsets.US_ASCII));
        try {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(url() + "/system/console/bundles.json")).timeout(Duration.ofSeconds(30))
                .header("Authorization", "Basic " + login).build(), HttpResponse.BodyHandlers.ofString());
            return Optional.of(answer.body()).filter(body -> answer.statusCode() == 200);
        } catch (IOException e) {
            assertTrue("it ended: " + process, process.isAlive());
            return Optional.empty();
        }
    }

    /** What it printed, its log among it. */
    String out() throws IOException {
        return process.out();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        return process.toString();
    }
}

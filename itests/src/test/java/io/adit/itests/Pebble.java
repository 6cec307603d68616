package io.adit.itests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Let's Encrypt's test server for ACME, on loopback ports, with a DNS server for which every name is this machine. Not thread-safe. */
final class Pebble implements AutoCloseable {

    private final Path folder;
    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private final int dnsPort = Ports.free();
    private final int dnsManagementPort = Ports.free();
    private final List<Process> processes = new ArrayList<>();
    private HttpClient client;

    private Pebble(Path folder) throws IOException {
        this.folder = folder;
    }

    /** Whether this machine has it. */
    static boolean isInstalled() {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, "pebble")) && Files.isExecutable(Path.of(folder, "pebble-challtestsrv"))) {
                return true;
            }
        }
        return false;
    }

    /** @param httpPort where it looks for the answers to its challenges, instead of 80 */
    static Pebble start(Path folder, int httpPort, Duration life) throws Exception {
        Pebble pebble = new Pebble(Files.createDirectories(folder));
        try {
            pebble.identity();
            int dns = pebble.dnsPort;
            pebble.run(Map.of(), "pebble-challtestsrv", "-dns01", "127.0.0.1:" + dns, "-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", "",
                "-management", "127.0.0.1:" + pebble.dnsManagementPort);
            Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d", "certificate": "tls.crt", "privateKey": "tls.key",
                 "httpPort": %d, "tlsPort": %d, "certificateValidityPeriod": %d}}
                """.formatted(pebble.port, pebble.managementPort, httpPort, Ports.free(), life.toSeconds()));
            // every order is checked anew, and at once
            pebble.run(Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_AUTHZREUSE", "0"), "pebble", "-config", "pebble.json", "-dnsserver", "127.0.0.1:" + dns);
            for (int each : new int[] {dns, pebble.port, pebble.managementPort, pebble.dnsManagementPort}) {
                Await.until("pebble listens at " + each + ": " + folder, () -> pebble.listens(each));
            }
            return pebble;
        } catch (Throwable e) {
            try (pebble) {
                throw e;
            }
        }
    }

    String directory() {
        return "https://127.0.0.1:" + port + "/dir";
    }

    /** The certificate of its own HTTPS port, signed by itself. */
    Path trust() {
        return folder.resolve("tls.crt");
    }

    /** The authority that its certificates lead to. */
    X509Certificate root() throws Exception {
        HttpResponse<byte[]> response = client.send(HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + managementPort + "/roots/0"))
            .timeout(Await.DEADLINE).build(), HttpResponse.BodyHandlers.ofByteArray());
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(response.body()));
    }

    /** The DNS server that it asks: every name leads to 127.0.0.1. */
    String dns() {
        return "127.0.0.1:" + dnsPort;
    }

    /** From now on this name leads to an address at which nobody listens. */
    void lose(String name) throws Exception {
        tell("add-a", "{\"host\": \"" + name + ".\", \"addresses\": [\"127.0.0.99\"]}");
    }

    /** From now on there is that TXT record. */
    void txt(String name, String value) throws Exception {
        tell("set-txt", "{\"host\": \"" + name + ".\", \"value\": \"" + value + "\"}");
    }

    private void tell(String what, String json) throws Exception {
        HttpResponse<Void> response = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dnsManagementPort + "/" + what))
            .timeout(Await.DEADLINE).POST(HttpRequest.BodyPublishers.ofString(json)).build(), HttpResponse.BodyHandlers.discarding());
        if (response.statusCode() != 200) {
            throw new AssertionError("the DNS server answers " + response.statusCode());
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(each -> each.onExit().join());
    }

    private void identity() throws Exception {
        X509Certificate certificate = TlsFiles.write(folder, "tls", "127.0.0.1");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("tls", certificate);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        client = HttpClient.newBuilder().sslContext(context).proxy(HttpClient.Builder.NO_PROXY).connectTimeout(Await.DEADLINE).build();
    }

    private void run(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
            .redirectOutput(folder.resolve(command[0] + ".log").toFile());
        builder.environment().putAll(environment);
        processes.add(builder.start());
    }

    private boolean listens(int at) {
        if (!processes.stream().allMatch(Process::isAlive)) {
            throw new AssertionError("pebble ended, see its log in " + folder);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), at)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet; the deadline judges
        }
    }
}

package io.adit.connector;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.adit.api.Proof;

/** The tunnel port of a proxy, as far as dialling goes: TLS, and an echo behind it. Thread-safe. */
final class TunnelServer implements AutoCloseable {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final ServerSocket server;
    private final byte[] fingerprint;
    /** The host names that were asked for by TLS (SNI). */
    final BlockingQueue<List<String>> names = new LinkedBlockingQueue<>();

    private TunnelServer(ServerSocket server, byte[] fingerprint) {
        this.server = server;
        this.fingerprint = fingerprint;
    }

    /** @param folder for its certificate */
    static TunnelServer start(Path folder) throws Exception {
        Path store = folder.resolve("tunnel.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1", "-genkeypair",
                "-keyalg", "EC", "-alias", "a", "-dname", "CN=tunnel", "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore", store.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile()).start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new AssertionError(Files.readString(folder.resolve("keytool.log")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), null, null);
        TunnelServer made = new TunnelServer(context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                Proof.sha256(keys.getCertificate("a").getEncoded()));
        FakeProxy.run(made::accept);
        return made;
    }

    int port() {
        return server.getLocalPort();
    }

    byte[] fingerprint() {
        return fingerprint.clone();
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            FakeProxy.run(() -> {
                try (SSLSocket tls = (SSLSocket) socket) {
                    tls.startHandshake();
                    names.add(((ExtendedSSLSession) tls.getSession()).getRequestedServerNames().stream().map(SNIServerName::getEncoded).map(String::new).toList());
                    tls.getInputStream().transferTo(tls.getOutputStream());
                }
            });
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

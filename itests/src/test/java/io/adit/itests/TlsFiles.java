package io.adit.itests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Self-signed certificates as the HTTPS port wants them, made with the JDK's keytool. */
final class TlsFiles {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private TlsFiles() {
    }

    /** Writes NAME.key and NAME.crt for the host; gives the certificate's serial number. */
    static String write(Path directory, String name, String host) throws Exception {
        return write(directory, name, host, "-keyalg", "EC", "-groupname", "secp256r1");
    }

    /** The same with an RSA key: what the JDK makes of an EC key has no public half, and GnuTLS does not read it. */
    static String writeRsa(Path directory, String name, String host) throws Exception {
        return write(directory, name, host, "-keyalg", "RSA", "-keysize", "2048");
    }

    private static String write(Path directory, String name, String host, String... algorithm) throws Exception {
        Files.createDirectories(directory);
        KeyStore keys = keys("dns:" + host, algorithm);
        put(directory.resolve(name + ".key"), pem("PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded()));
        put(directory.resolve(name + ".crt"), pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
        return ((java.security.cert.X509Certificate) keys.getCertificate("a")).getSerialNumber().toString();
    }

    /** For a server of the test itself, on a loopback address. */
    static SSLContext server() throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys("ip:127.0.0.1", "-keyalg", "EC", "-groupname", "secp256r1"), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** @param subject as keytool has it: dns:NAME or ip:ADDRESS */
    private static KeyStore keys(String subject, String... algorithm) throws Exception {
        Path store = Files.createTempFile("adit-tls", ".p12");
        Files.delete(store);
        try {
            ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", "a",
                "-dname", "CN=" + subject.substring(subject.indexOf(':') + 1), "-ext", "san=" + subject, "-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
                new String(PASSWORD)).redirectErrorStream(true);
            builder.command().addAll(List.of(algorithm));
            Process keytool = builder.start();
            String said = new String(keytool.getInputStream().readAllBytes());
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool: " + said);
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD);
            }
            return keys;
        } finally {
            Files.deleteIfExists(store);
        }
    }

    private static void put(Path file, String text) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }
}

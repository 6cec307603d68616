package io.adit.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Self-signed certificates as the HTTPS port wants them. */
final class TlsFiles {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private TlsFiles() {
    }

    /** Writes NAME.key and NAME.crt for the host. */
    static X509Certificate write(Path directory, String name, String host) throws Exception {
        return write(directory, name, SelfSigned.ec(host));
    }

    /** The same with an RSA key: what the JDK makes of an EC key has no public half, and GnuTLS does not read it. */
    static X509Certificate writeRsa(Path directory, String name, String host) throws Exception {
        return write(directory, name, SelfSigned.rsa(host));
    }

    private static X509Certificate write(Path directory, String name, SelfSigned identity) throws Exception {
        Files.createDirectories(directory);
        WholeFile.write(directory.resolve(name + ".key"), pem("PRIVATE KEY", identity.key().getEncoded()));
        WholeFile.write(directory.resolve(name + ".crt"), pem("CERTIFICATE", identity.certificate().getEncoded()));
        return identity.certificate();
    }

    /** For a server of the test itself, on a loopback address. */
    static SSLContext server() throws Exception {
        SelfSigned identity = SelfSigned.ec("127.0.0.1");
        KeyStore keys = KeyStore.getInstance("JKS");
        keys.load(null, null);
        keys.setKeyEntry("a", identity.key(), PASSWORD, new Certificate[] {identity.certificate()});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }
}

package io.adit.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A mail server that answers as it is told to: the reply to a command, by its first word ("." for the end of a message), is 250 or what was set;
 * without TLS, with STARTTLS, or with TLS from the first byte, for one certificate of its own.
 */
final class ScriptedSmtp implements AutoCloseable {

    enum Tls { NONE, STARTTLS, IMPLICIT }

    /** A reply that goes on and on, as slowly as a server that is at its limits. */
    static final String ENDLESS = "250-and so on";

    /** What came: commands, and messages as one entry each. */
    final List<String> seen = new CopyOnWriteArrayList<>();
    /** First word of a command -> reply; an empty one closes the connection instead. */
    final Map<String, String> replies = new ConcurrentHashMap<>();
    /** Some lines of an endless reply are sent. */
    final CountDownLatch goesOn = new CountDownLatch(1);

    private final ServerSocket server;
    private final Tls tls;
    private final SSLContext context;
    private final X509Certificate certificate;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param names what the certificate is for */
    ScriptedSmtp(Tls tls, GeneralName... names) throws Exception {
        this.tls = tls;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=mail");
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, Date.from(Instant.now().minusSeconds(3600)),
                Date.from(Instant.now().plusSeconds(3600)), name, pair.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names.length > 0 ? names
                : new GeneralName[] {new GeneralName(GeneralName.iPAddress, "127.0.0.1")}));
        certificate = new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        // never written; PKCS12 would derive keys from the password, twice, which takes longer than a letter
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        store.setKeyEntry("mail", pair.getPrivate(), new char[0], new X509Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "scripted-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Its certificate as a PEM file. */
    Path trust(Path folder) throws Exception {
        return Files.writeString(folder.resolve("trust.pem"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()) + "\n-----END CERTIFICATE-----\n");
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                open.add(socket);
                talk(tls == Tls.IMPLICIT ? secure(socket) : socket, tls == Tls.IMPLICIT);
            } catch (IOException e) {
                seen.add("(" + e.getClass().getSimpleName() + ")");
            }
        }
    }

    private Socket secure(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, null, false);
        secured.setUseClientMode(false);
        secured.startHandshake();
        return secured;
    }

    private void talk(Socket socket, boolean secured) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        if (!secured || tls == Tls.IMPLICIT) {
            say(socket, replies.getOrDefault("CONNECT", "220 scripted"));
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String word = line.split("[ :]")[0];
            seen.add((secured ? "TLS " : "") + line);
            String reply = replies.get(word);
            if (reply == null) {
                reply = switch (word) {
                    case "EHLO" -> "250-scripted\r\n" + (tls == Tls.STARTTLS && !secured ? "250-STARTTLS\r\n" : "") + "250 AUTH PLAIN";
                    case "STARTTLS" -> "220 go on";
                    case "AUTH" -> "235 hello";
                    case "DATA" -> "354 go on";
                    case "QUIT" -> "221 bye";
                    default -> "250 ok";
                };
            }
            if (reply.isEmpty()) {
                return;
            }
            say(socket, reply);
            if (word.equals("DATA") && reply.startsWith("354")) {
                StringBuilder message = new StringBuilder();
                for (String each = in.readLine(); each != null && !each.equals("."); each = in.readLine()) {
                    message.append(each).append('\n');
                }
                seen.add(message.toString());
                String end = replies.getOrDefault(".", "250 taken");
                if (end.isEmpty()) {
                    return;
                }
                say(socket, end);
            } else if (word.equals("STARTTLS")) {
                talk(secure(socket), true);
                return;
            } else if (word.equals("QUIT")) {
                return;
            }
        }
    }

    private void say(Socket socket, String reply) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int i = 0; reply.equals(ENDLESS); i++) { // until the client has had enough
            out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            if (i == 2) {
                goesOn.countDown();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        out.write((reply + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

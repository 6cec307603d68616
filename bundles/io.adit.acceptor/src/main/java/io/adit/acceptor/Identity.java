package io.adit.acceptor;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The proxy's certificate and key. Peers know it by its fingerprint, so it is made once, signed by itself, and kept; an operator may put
 * files of their own instead (and then the invitations change).
 *
 * <p>Thread-safety: immutable.
 *
 * @param certificates leaf first
 */
record Identity(PrivateKey key, Certificate[] certificates) {

    private static final Duration LIFE = Duration.ofDays(3650);

    /** The files' identity; both are made when both are missing. */
    static Identity of(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
        if (Files.notExists(certificateFile) && Files.notExists(keyFile)) {
            make(certificateFile, keyFile);
        }
        Collection<? extends Certificate> chain;
        try (InputStream in = Files.newInputStream(certificateFile)) {
            chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("no certificate in " + certificateFile);
        }
        return new Identity(readKey(keyFile), chain.toArray(Certificate[]::new));
    }

    /** SHA-256 of the leaf's DER. */
    byte[] fingerprint() throws GeneralSecurityException {
        return io.adit.api.Proof.sha256(certificates[0].getEncoded());
    }

    /** When the leaf ends. */
    Instant end() {
        return ((X509Certificate) certificates[0]).getNotAfter().toInstant();
    }

    SSLContext context() throws GeneralSecurityException, IOException {
        char[] none = new char[0];
        // never written; PKCS12 would derive keys from the empty password, twice, which is a tenth of a container's start
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        store.setKeyEntry("tunnel", key, none, certificates);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, none);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", ""));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("no PKCS#8 private key in " + file, e);
        }
        for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                continue; // of another algorithm
            }
        }
        throw new GeneralSecurityException("no EC, RSA or EdDSA key in PKCS#8 form in " + file);
    }

    private static void make(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=Adit tunnel");
        Instant now = Instant.now();
        X509Certificate certificate;
        try {
            certificate = new JcaX509CertificateConverter().getCertificate(new JcaX509v3CertificateBuilder(name,
                    new BigInteger(120, new SecureRandom()).setBit(119), Date.from(now.minus(Duration.ofDays(1))), Date.from(now.plus(LIFE)), name,
                    pair.getPublic()).build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("no certificate could be made", e);
        }
        Files.createDirectories(keyFile.toAbsolutePath().getParent());
        Files.createDirectories(certificateFile.toAbsolutePath().getParent());
        // the key first: a crash between the two leaves a key without a certificate, which is said at the next start, and no wrong pair
        write(keyFile, pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");
        write(certificateFile, pem("CERTIFICATE", certificate.getEncoded()), "rw-r--r--");
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        } else {
            Files.createFile(part);
        }
        Files.writeString(part, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }
}

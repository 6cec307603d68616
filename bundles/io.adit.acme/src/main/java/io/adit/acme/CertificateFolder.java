package io.adit.acme;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder from which the public port takes its certificates: for each domain DOMAIN.crt, the chain with the leaf first, and DOMAIN.key.
 *
 * <p>Thread-safety: one thread.
 */
final class CertificateFolder {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFolder.class);
    private static final byte[] SAMPLE = new byte[32];

    private final Path folder;
    private final Duration renewBefore;
    private final Clock clock;

    CertificateFolder(Path folder, Duration renewBefore, Clock clock) {
        this.folder = folder;
        this.renewBefore = renewBefore;
        this.clock = clock;
    }

    /** What the folder holds for a domain. */
    record Held(Instant renewAt, Instant until) {
        /** Nothing that could be served. */
        static final Held NOTHING = new Held(Instant.EPOCH, Instant.EPOCH);
    }

    /** What is there, and usable: a certificate for this domain and the key that belongs to it; valid or not. */
    Held held(String domain) {
        Path file = certificateFile(domain);
        if (Files.notExists(file)) {
            return Held.NOTHING;
        }
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new GeneralSecurityException("no certificate in it");
            }
            X509Certificate leaf = (X509Certificate) chain.iterator().next();
            check(domain, leaf, Pem.privateKey(keyFile(domain)));
            return new Held(renewAt(leaf), leaf.getNotAfter().toInstant());
        } catch (IOException | GeneralSecurityException e) {
            LOG.warn("certificate domain={} file={} cannot be used: {}", domain, file, Reason.of(e));
            return Held.NOTHING;
        }
    }

    /**
     * Checks and stores. The key comes first: whoever sees the new certificate finds its key, and a crash in between is noticed at the
     * next look, since the pair does not fit.
     */
    Held store(String domain, List<X509Certificate> chain, KeyPair pair) throws IOException, GeneralSecurityException {
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("the chain from the ACME server is empty");
        }
        X509Certificate leaf = chain.get(0);
        // that it may not be valid yet is no matter: whose clock is right?
        if (!leaf.getNotAfter().toInstant().isAfter(clock.instant())) {
            throw new GeneralSecurityException("the certificate from the ACME server ended at " + leaf.getNotAfter().toInstant());
        }
        check(domain, leaf, pair.getPrivate());
        StringBuilder text = new StringBuilder();
        for (X509Certificate each : chain) {
            text.append(Pem.of("CERTIFICATE", each.getEncoded()));
        }
        Pem.replace(keyFile(domain), Pem.of("PRIVATE KEY", pair.getPrivate().getEncoded()), true);
        Pem.replace(certificateFile(domain), text.toString(), false);
        return new Held(renewAt(leaf), leaf.getNotAfter().toInstant());
    }

    Path certificateFile(String domain) {
        return folder.resolve(domain + ".crt");
    }

    Path keyFile(String domain) {
        return folder.resolve(domain + ".key");
    }

    /** The configured time before its end, but in the last third of its life: a certificate of six days is not renewed at every look. */
    private Instant renewAt(X509Certificate leaf) {
        Instant end = leaf.getNotAfter().toInstant();
        Duration third = Duration.between(leaf.getNotBefore().toInstant(), end).dividedBy(3);
        return end.minus(renewBefore.compareTo(third) < 0 ? renewBefore : third);
    }

    private static void check(String domain, X509Certificate leaf, PrivateKey key) throws GeneralSecurityException {
        if (!names(leaf, domain)) {
            throw new GeneralSecurityException("the certificate is not for " + domain);
        }
        if (!fits(leaf.getPublicKey(), key)) {
            throw new GeneralSecurityException("the key does not belong to the certificate");
        }
    }

    private static boolean names(X509Certificate leaf, String domain) throws GeneralSecurityException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            if (name.get(1) instanceof String text && name.get(0).equals(2)) {
                String lower = text.toLowerCase(Locale.ROOT);
                if (lower.equals(domain) || lower.startsWith("*.") && domain.indexOf('.') > 0 && lower.substring(1).equals(domain.substring(domain.indexOf('.')))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean fits(PublicKey certified, PrivateKey key) throws GeneralSecurityException {
        if (!certified.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        });
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }
}

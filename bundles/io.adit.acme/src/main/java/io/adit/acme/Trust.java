package io.adit.acme;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whom to believe that it is the ACME server. Stateless. */
final class Trust {

    private Trust() {
    }

    /** Trusts the certificates of a PEM file, and what they signed, and nothing else. */
    static SSLContext of(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted" + store.size(), each);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(message(file), e);
        }
        if (store.size() == 0) {
            throw new IOException(message(file));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static String message(Path file) {
        return Options.PID + ": trust.file must be a PEM file with certificates, not '" + file + "'";
    }
}

package io.adit.connector;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import io.adit.api.Proof;

/**
 * Trusts one certificate: that of the invitation's fingerprint, whoever signed it and whatever host it names. Remembers a mismatch, since
 * TLS tells the other side and not our own connector why it failed (MINA even keeps such a connection open). Thread-safety: thread-safe.
 */
final class PinnedTrust extends X509ExtendedTrustManager {

    private final byte[] fingerprint;
    private final Runnable onMismatch;
    private volatile boolean mismatch;

    /** @param onMismatch called, on a thread of TLS, when the proxy shows another certificate */
    PinnedTrust(byte[] fingerprint, Runnable onMismatch) {
        this.fingerprint = fingerprint;
        this.onMismatch = onMismatch;
    }

    /** True when the proxy showed another certificate. */
    boolean mismatch() {
        return mismatch;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (!MessageDigest.isEqual(Proof.sha256(chain[0].getEncoded()), fingerprint)) {
            mismatch = true;
            onMismatch.run();
            throw new CertificateException("the certificate is not the one that the invitation names");
        }
        mismatch = false;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a connector is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}

package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.Proof;
import org.junit.Test;

public class PinnedTrustTest {

    /** Any certificate does: self-signed, CN=pinned. */
    private static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBeTCCAR+gAwIBAgIUB28P28Z9+IxnLug/dP8BGk/BNOswCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGcGlubmVkMCAXDTI2MTEyMjIxNDcwMVoYDzIxMjYxMDI5MjE0
            NzAxWjARMQ8wDQYDVQQDDAZwaW5uZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
            AATULQi8eXMvf5GxP8A6MqQLWJ2JPChjQ0pkIyuiPHsiIufoRBxx3gp3mglKtOqO
            gkgY9G0MOM8AJEfyLC3ey+YMo1MwUTAdBgNVHQ4EFgQUvyix3oZEuftv8ekVSgiE
            dikt8fswHwYDVR0jBBgwFoAUvyix3oZEuftv8ekVSgiEdikt8fswDwYDVR0TAQH/
            BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAyRdSvrbq4f9DmNJkpjFsv6j599ON
            4TpyOW+t/mITXvMCIHQtLYpueui1UIUtyFajLNRuHkYv/yQDbGQzFgzXvFO9
            -----END CERTIFICATE-----
            """;

    private static X509Certificate certificate() throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(PEM.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    public void theInvitedCertificateAndNoOther() throws CertificateException {
        X509Certificate certificate = certificate();
        PinnedTrust right = new PinnedTrust(Proof.sha256(certificate.getEncoded()), () -> {
            throw new AssertionError("it is the right one");
        });
        right.checkServerTrusted(new X509Certificate[] {certificate}, "EC");
        assertFalse(right.mismatch());

        AtomicInteger told = new AtomicInteger();
        PinnedTrust other = new PinnedTrust(new byte[32], told::incrementAndGet);
        assertThrows(CertificateException.class, () -> other.checkServerTrusted(new X509Certificate[] {certificate}, "EC"));
        assertTrue(other.mismatch());
        assertEquals(1, told.get());
    }
}

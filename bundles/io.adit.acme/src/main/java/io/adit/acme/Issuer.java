package io.adit.acme;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Where certificates come from. Called by one thread; it may block, for a bounded time, and ends when that thread is interrupted. */
interface Issuer {

    /**
     * A new certificate with a new key.
     *
     * @throws TooEarlyException when the authority wants to be asked no more for a while
     */
    Issued issue(String domain) throws Exception;

    /** @param chain leaf first */
    record Issued(KeyPair pair, List<X509Certificate> chain) {
    }

    /** The authority has enough of us (RFC 8555 section 6.6). */
    final class TooEarlyException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Instant until;

        TooEarlyException(String message, Instant until, Throwable cause) {
            super(message, cause);
            this.until = until;
        }

        Instant until() {
            return until;
        }
    }
}

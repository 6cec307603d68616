package io.adit.api;

import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers for the proxy itself, below {@code /.well-known/acme-challenge/} (RFC 8555 section 8.3): a service, asked before a request goes to
 * the peer that has its name. All else there belongs to the peers, so it answers only what it put there itself, and only for as long as needed.
 *
 * <p>Thread-safe, and it does not block: it is asked by the threads of the HTTP server.
 */
@ConsumerType
public interface LocalAnswers {

    /**
     * @param host in lower case, without port and trailing dot
     * @param path as it came, without query
     * @return the text to answer with; empty when the request is none of ours
     */
    Optional<String> answer(String host, String path);
}

package io.adit.api;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers for the proxy itself, below {@code /.well-known/acme-challenge/} (RFC 8555 section 8.3) and {@code /.well-known/adit/}: a service, asked
 * before a request goes to the peer that has its name. All else there belongs to the peers, so it answers only what it put there itself, and
 * only for as long as needed.
 *
 * <p>Thread-safe, and it does not block: it is asked by the threads of the HTTP server.
 */
@ConsumerType
public interface LocalAnswers {

    /**
     * A challenge; asked for GET and HEAD below {@code /.well-known/acme-challenge/}.
     *
     * @param host in lower case, without port and trailing dot
     * @param path as it came, without query
     * @return the text to answer with; empty when the request is none of ours
     */
    Optional<String> answer(String host, String path);

    /**
     * A page; asked for GET, HEAD and POST below {@code /.well-known/adit/}. The body of a POST is not given.
     *
     * @param method GET also for HEAD
     * @param host in lower case, without port and trailing dot
     * @param path as it came, without query
     * @return empty when the request is none of ours; else the stage completes within a bounded time
     */
    default Optional<CompletionStage<Page>> page(String method, String host, String path) {
        return Optional.empty();
    }

    /**
     * What a browser gets: no script, nothing from elsewhere, not to be kept, and its address is told to nobody.
     *
     * @param status 200 to 599
     * @param html a whole document
     */
    record Page(int status, String html) {
        public Page {
            Objects.requireNonNull(html, "html");
        }
    }
}

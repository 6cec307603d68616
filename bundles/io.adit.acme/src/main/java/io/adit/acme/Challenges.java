package io.adit.acme;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.adit.api.LocalAnswers;

/**
 * The challenges that are pending now: what the ACME server will fetch from the public port (RFC 8555 section 8.3). Few: one for each
 * domain in an order. Thread-safe.
 */
final class Challenges implements LocalAnswers {

    static final String FOLDER = "/.well-known/acme-challenge/";

    private final Map<String, String> pending = new ConcurrentHashMap<>();

    /** Answers for this token until it is removed. */
    void put(String domain, String token, String authorization) {
        pending.put(domain + FOLDER + token, authorization);
    }

    void remove(String domain, String token) {
        pending.remove(domain + FOLDER + token);
    }

    @Override
    public Optional<String> answer(String host, String path) {
        return Optional.ofNullable(pending.get(host + path));
    }
}

package io.adit.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import io.adit.api.Checks;
import io.adit.api.SecretFile;

/** The configuration, checked. Immutable; nobody changes the secret. */
record Options(URI url, byte[] secret, Duration timeout, int queue, Duration retry, Duration retryMost, Duration giveUp) {

    static final String PID = "io.adit.webhook";
    private static final int LEAST_SECRET = 16;

    /**
     * @param pid of the configuration, to tell it from those of other hooks
     * @param home where a relative path begins
     * @throws IllegalArgumentException one line that names PID, key and range, and neither secret nor URL, which may hold one too
     */
    static Options of(String pid, WebhookConfig config, Path home) {
        String secret = SecretFile.either(pid, "secret", config.secret(), config.secret_file(), home);
        if (secret.length() < LEAST_SECRET) {
            throw Checks.bad(pid, key("secret", config.secret_file()), "(" + secret.length() + " characters)", "at least " + LEAST_SECRET + " characters");
        }
        int retry = Checks.within(pid, "retry.millis", config.retry_millis(), 10, 600_000);
        return new Options(url(pid, key("url", config.url_file()), SecretFile.either(pid, "url", config.url(), config.url_file(), home)), secret.getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(Checks.within(pid, "timeout.seconds", config.timeout_seconds(), 1, 300)),
                Checks.within(pid, "queue.max", config.queue_max(), 1, 1_000_000), Duration.ofMillis(retry),
                Duration.ofMillis(Checks.within(pid, "retry.max.millis", config.retry_max_millis(), retry, 3_600_000)),
                Duration.ofSeconds(Checks.within(pid, "give.up.seconds", config.give_up_seconds(), 1, 604_800)));
    }

    /** Where the value is from, for whoever is to mend it. */
    private static String key(String key, String file) {
        return file.isBlank() ? key : key + ".file " + file.strip();
    }

    private static URI url(String pid, String key, String value) {
        try {
            URI uri = new URI(value);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getPort() <= 65_535) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw Checks.bad(pid, key, "(not shown)", "an http or https URL without user");
        }
        throw Checks.bad(pid, key, "(not shown)", "an http or https URL without user");
    }

    /** What may be logged. */
    String server() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    @Override
    public String toString() {
        return server();
    }
}

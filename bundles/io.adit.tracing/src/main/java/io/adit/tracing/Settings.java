package io.adit.tracing;

import java.net.URI;

import io.adit.api.Checks;

/**
 * The configuration, checked.
 *
 * @param serviceName with {side}, perhaps
 * @param trustParent whether the trace of a visitor goes on
 */
record Settings(String endpoint, String serviceName, int samplePercent, boolean trustParent, int queueMax, int exportTimeoutMillis) {

    static final String PID = "io.adit.tracing";

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Settings of(TracingConfig config) {
        if (config.service_name().isBlank()) {
            throw Checks.bad(PID, "service.name", config.service_name(), "a name");
        }
        return new Settings(endpoint(config.endpoint()), config.service_name(), Checks.within(PID, "sample.percent", config.sample_percent(), 0, 100), config.trust_parent(),
                Checks.within(PID, "queue.max", config.queue_max(), 16, 1_000_000), Checks.within(PID, "export.timeout.millis", config.export_timeout_millis(), 100, 60_000));
    }

    private static String endpoint(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw Checks.bad(PID, "endpoint", url, "an http or https URL (" + e.getMessage() + ")");
        }
        throw Checks.bad(PID, "endpoint", url, "an http or https URL");
    }
}

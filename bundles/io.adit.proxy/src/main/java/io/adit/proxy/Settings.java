package io.adit.proxy;

import java.util.Locale;

/**
 * The configuration, checked. Times are milliseconds.
 *
 * @param domain lower case, without a dot at its ends
 */
record Settings(String httpTarget, String domain, TrustedProxies trusted, long responseTimeout, long continueTimeout, long drainTimeout,
        long stopTimeout, long lingerTimeout, int retryAfterSeconds, int maxFields, int maxFieldBytes) {

    static final String PID = "io.adit.proxy";

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Settings of(ProxyConfig config) {
        return new Settings(config.http_target(), domain(config.domain()), trusted(config.trusted_proxies()),
                range("response.timeout.millis", config.response_timeout_millis(), 100, 86_400_000),
                range("continue.timeout.millis", config.continue_timeout_millis(), 0, 600_000),
                range("drain.timeout.millis", config.drain_timeout_millis(), 0, 3_600_000),
                range("stop.timeout.millis", config.stop_timeout_millis(), 0, 60_000),
                range("linger.timeout.millis", config.linger_timeout_millis(), 0, 60_000),
                (int) range("retry.after.seconds", config.retry_after_seconds(), 1, 3600),
                (int) range("max.fields", config.max_fields(), 16, 10_000),
                (int) range("max.field.bytes", config.max_field_bytes(), 1024, 1_048_576));
    }

    private static String domain(String text) {
        String domain = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        Authority authority = Authority.parse(domain);
        if (authority == null || authority.port() >= 0 || domain.startsWith("[")) {
            throw new IllegalArgumentException(PID + ": domain must be a host name, not '" + text + "'");
        }
        return authority.host();
    }

    private static TrustedProxies trusted(String[] list) {
        try {
            return TrustedProxies.of(list);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PID + ": trusted.proxies must be IP addresses or CIDR blocks, not '" + e.getMessage() + "'", e);
        }
    }

    private static long range(String key, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(PID + ": " + key + " must be in " + low + ".." + high + ", not " + value);
        }
        return value;
    }
}

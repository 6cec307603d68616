package io.adit.proxy;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

import io.adit.api.Checks;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * The configuration, checked. Times are milliseconds.
 *
 * @param domain lower case, without a dot at its ends
 * @param pagesDirectory may be relative
 */
record Settings(String httpTarget, String domain, TrustedProxies trusted, long responseTimeout, long continueTimeout, long stopTimeout,
        long holdTimeout, int holdMax, long lingerTimeout, int retryAfterSeconds, int maxFields, int maxFieldBytes,
        Path pagesDirectory, long pagesCheckMillis, int pagesMaxBytes) {

    static final String PID = "io.adit.proxy";

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Settings of(ProxyConfig config) {
        return new Settings(filter(config.http_target()), domain(config.domain()), trusted(config.trusted_proxies()),
                Checks.within(PID, "response.timeout.millis", config.response_timeout_millis(), 100, 86_400_000),
                Checks.within(PID, "continue.timeout.millis", config.continue_timeout_millis(), 0, 600_000),
                Checks.within(PID, "stop.timeout.millis", config.stop_timeout_millis(), 0, 60_000),
                Checks.within(PID, "hold.timeout.millis", config.hold_timeout_millis(), 0, 600_000),
                Checks.within(PID, "hold.max", config.hold_max(), 0, 100_000),
                Checks.within(PID, "linger.timeout.millis", config.linger_timeout_millis(), 0, 60_000),
                Checks.within(PID, "retry.after.seconds", config.retry_after_seconds(), 1, 3600),
                Checks.within(PID, "max.fields", config.max_fields(), 16, 10_000),
                Checks.within(PID, "max.field.bytes", config.max_field_bytes(), 1024, 1_048_576),
                path("pages.directory", config.pages_directory()),
                Checks.within(PID, "pages.check.millis", config.pages_check_millis(), 100, 3_600_000),
                Checks.within(PID, "pages.max.bytes", config.pages_max_bytes(), 1024, 16_777_216));
    }

    private static Path path(String key, String text) {
        try {
            return Path.of(text == null ? "" : text.strip());
        } catch (InvalidPathException e) {
            throw Checks.bad(PID, key, text, "the path of a folder");
        }
    }

    private static String filter(String text) {
        try {
            return FrameworkUtil.createFilter(text).toString();
        } catch (InvalidSyntaxException e) {
            throw Checks.bad(PID, "http.target", text, "an OSGi filter");
        }
    }

    private static String domain(String text) {
        String domain = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        Authority authority = Authority.parse(domain);
        if (authority == null || authority.port() >= 0 || domain.startsWith("[")) {
            throw Checks.bad(PID, "domain", text, "a host name");
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
}

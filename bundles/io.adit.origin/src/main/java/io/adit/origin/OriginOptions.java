package io.adit.origin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A checked, immutable configuration. Times are in milliseconds, sizes in bytes.
 *
 * @param url scheme, host and port of the origin, or null: the container's own web server
 * @param rewriteHost whether the origin sees its own authority in Host instead of the browser's
 * @param trustAll whether any certificate of an https origin is accepted
 */
record OriginOptions(URI url, boolean rewriteHost, boolean trustAll, long connectTimeout, long responseTimeout, long idleTimeout,
    long continueTimeout, long keepAliveTimeout, long shutdownTimeout, int maxConnections, int maxQueued, int maxHeadBytes, int bufferBytes,
    long poolBytes, int threadsMax) {

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming PID, key and what is allowed
     */
    static OriginOptions of(OriginConfig config) {
        return new OriginOptions(url(config.url()),
            oneOf("host.policy", config.host_policy(), "keep", "rewrite"),
            oneOf("tls.trust", config.tls_trust(), "jvm", "all"),
            within("connect.timeout.millis", config.connect_timeout_millis(), 10, 600_000),
            within("response.timeout.millis", config.response_timeout_millis(), 10, 86_400_000),
            within("idle.timeout.millis", config.idle_timeout_millis(), 10, 86_400_000),
            within("continue.timeout.millis", config.continue_timeout_millis(), 10, 600_000),
            within("keepalive.timeout.millis", config.keepalive_timeout_millis(), 10, 86_400_000),
            within("shutdown.timeout.millis", config.shutdown_timeout_millis(), 0, 600_000),
            (int) within("max.connections", config.max_connections(), 1, 60_000),
            (int) within("max.queued", config.max_queued(), 1, 1_000_000),
            (int) within("max.head.bytes", config.max_head_bytes(), 4_096, 1_048_576),
            (int) within("buffer.bytes", config.buffer_bytes(), 4_096, 1_048_576),
            within("pool.bytes", config.pool_bytes(), 1_048_576, 4_294_967_296L),
            (int) within("threads.max", config.threads_max(), 4, 1_024));
    }

    private static long within(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw bad(key, value, "from " + min + " to " + max);
        }
        return value;
    }

    /** True for the second. */
    private static boolean oneOf(String key, String value, String first, String second) {
        if (!value.equals(first) && !value.equals(second)) {
            throw bad(key, value, first + " or " + second);
        }
        return value.equals(second);
    }

    private static URI url(String text) {
        if (text.isBlank()) {
            return null;
        }
        String allowed = "empty, http://HOST:PORT or https://HOST:PORT";
        try {
            URI uri = new URI(text.strip());
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            String path = String.valueOf(uri.getRawPath());
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null && uri.getPort() <= 65_535 && uri.getPort() != 0
                && (path.isEmpty() || path.equals("/")) && uri.getRawUserInfo() == null && uri.getRawQuery() == null
                && uri.getRawFragment() == null) {
                return new URI(scheme, null, uri.getHost(), uri.getPort(), null, null, null);
            }
        } catch (URISyntaxException e) {
            throw bad("url", text, allowed + " (" + e.getReason() + ")");
        }
        throw bad("url", text, allowed);
    }

    private static IllegalArgumentException bad(String key, Object value, String allowed) {
        return new IllegalArgumentException(OriginComponent.PID + ": " + key + " must be " + allowed + ", not '" + value + "'");
    }
}

package io.adit.origin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

import io.adit.api.Checks;

/**
 * A checked, immutable configuration. Times are in milliseconds, sizes in bytes.
 *
 * @param url scheme, host and port of the origin (as one authority, where there is an underscore), or null: the container's own web server
 * @param hidden what the container's own web server has for others than visitors
 * @param rewriteHost whether the origin sees its own authority in Host instead of the browser's
 * @param trustAll whether any certificate of an https origin is accepted
 * @param proxyProtocol what each connection begins with
 */
record OriginOptions(URI url, HiddenPaths hidden, boolean rewriteHost, boolean trustAll, ProxyProtocol proxyProtocol, long connectTimeout, long responseTimeout,
    long idleTimeout, long upgradeIdleTimeout, long continueTimeout, long keepAliveTimeout, long shutdownTimeout, long holdTimeout, int holdMax, int maxConnections,
    int maxQueued, int maxHeadBytes, int bufferBytes,
    long poolBytes, int threadsMax) {

    /** What stands for an underscore in a host name, which names of containers may have, while a URI is made: with one it would have neither host nor port. */
    static final char UNDERSCORE = 'x';

    private static final String PID = OriginComponent.PID;

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming PID, key and what is allowed
     */
    static OriginOptions of(OriginConfig config) {
        return new OriginOptions(url(config.url()), HiddenPaths.parse(config.hidden_paths()),
            oneOf("host.policy", config.host_policy(), "keep", "rewrite"),
            oneOf("tls.trust", config.tls_trust(), "jvm", "all"),
            proxyProtocol(config.proxy_protocol()),
            Checks.within(PID, "connect.timeout.millis", config.connect_timeout_millis(), 10, 600_000),
            Checks.within(PID, "response.timeout.millis", config.response_timeout_millis(), 10, 86_400_000),
            Checks.within(PID, "idle.timeout.millis", config.idle_timeout_millis(), 10, 86_400_000),
            Checks.within(PID, "upgrade.idle.timeout.millis", config.upgrade_idle_timeout_millis(), 10, 604_800_000),
            Checks.within(PID, "continue.timeout.millis", config.continue_timeout_millis(), 10, 600_000),
            Checks.within(PID, "keepalive.timeout.millis", config.keepalive_timeout_millis(), 10, 86_400_000),
            Checks.within(PID, "shutdown.timeout.millis", config.shutdown_timeout_millis(), 0, 600_000),
            Checks.within(PID, "hold.timeout.millis", config.hold_timeout_millis(), 0, 600_000),
            Checks.within(PID, "hold.max", config.hold_max(), 0, 100_000),
            Checks.within(PID, "max.connections", config.max_connections(), 1, 60_000),
            Checks.within(PID, "max.queued", config.max_queued(), 1, 1_000_000),
            Checks.within(PID, "max.head.bytes", config.max_head_bytes(), 4_096, 1_048_576),
            Checks.within(PID, "buffer.bytes", config.buffer_bytes(), 4_096, 1_048_576),
            Checks.within(PID, "pool.bytes", config.pool_bytes(), 1_048_576, 4_294_967_296L),
            Checks.within(PID, "threads.max", config.threads_max(), 4, 1_024));
    }

    /** True for the second. */
    private static boolean oneOf(String key, String value, String first, String second) {
        if (!value.equals(first) && !value.equals(second)) {
            throw Checks.bad(PID, key, value, first + " or " + second);
        }
        return value.equals(second);
    }

    private static ProxyProtocol proxyProtocol(String value) {
        return switch (value) {
            case "off" -> ProxyProtocol.OFF;
            case "v1" -> ProxyProtocol.V1_TEXT;
            case "v2" -> ProxyProtocol.V2_BINARY;
            default -> throw Checks.bad(PID, "proxy.protocol", value, "off, v1 or v2");
        };
    }

    private static URI url(String text) {
        if (text.isBlank()) {
            return null;
        }
        String allowed = "empty, http://HOST:PORT or https://HOST:PORT";
        try {
            String bare = text.strip();
            URI uri = new URI(bare.replace('_', UNDERSCORE));
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            String path = String.valueOf(uri.getRawPath());
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null && uri.getPort() <= 65_535 && uri.getPort() != 0
                && (path.isEmpty() || path.equals("/")) && uri.getRawUserInfo() == null && uri.getRawQuery() == null
                && uri.getRawFragment() == null) {
                int begin = bare.indexOf("://") + 3;
                String host = bare.substring(begin, begin + uri.getHost().length());
                return host.indexOf('_') < 0 ? new URI(scheme, null, host, uri.getPort(), null, null, null)
                    : new URI(scheme, uri.getPort() < 0 ? host : host + ":" + uri.getPort(), null, null, null);
            }
        } catch (URISyntaxException e) {
            throw Checks.bad(PID, "url", text, allowed + " (" + e.getReason() + ")");
        }
        throw Checks.bad(PID, "url", text, allowed);
    }
}

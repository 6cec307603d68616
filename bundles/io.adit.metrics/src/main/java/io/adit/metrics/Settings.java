package io.adit.metrics;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import io.adit.api.Checks;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * The configuration, checked.
 *
 * @param hosts in lower case
 * @param tokenFile null where none is wanted
 */
record Settings(String httpTarget, boolean remote, Set<String> hosts, Path tokenFile, boolean peerLabels, int peersMax, boolean jvm, boolean jmx, int jmxSessionsMax) {

    static final String PID = "io.adit.metrics";

    /**
     * @param home what a relative path starts at
     * @throws IllegalArgumentException one line that names PID, key and range
     */
    static Settings of(MetricsConfig config, Path home) {
        if (config.remote() && config.token_file().isBlank()) {
            throw Checks.bad(PID, "token.file", config.token_file(), "a path, where remote=true");
        }
        return new Settings(target(config.http_target()), config.remote(), hosts(config.hosts()), config.token_file().isBlank() ? null : home.resolve(config.token_file()),
                config.peer_labels(), Checks.within(PID, "peers.max", config.peers_max(), 1, 10_000), config.jvm(), config.jmx(),
                Checks.within(PID, "jmx.sessions.max", config.jmx_sessions_max(), 0, 100_000));
    }

    private static String target(String filter) {
        try {
            return FrameworkUtil.createFilter(filter).toString();
        } catch (InvalidSyntaxException e) {
            throw Checks.bad(PID, "http.target", filter, "an OSGi filter (" + e.getMessage() + ")");
        }
    }

    private static Set<String> hosts(String[] values) {
        Set<String> hosts = new HashSet<>();
        for (String value : (values == null ? "" : String.join(",", values)).split(",")) {
            String host = value.strip().toLowerCase(Locale.ROOT);
            if (host.isEmpty()) {
                continue; // what a form sends where there is none
            }
            if (!host.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) {
                throw Checks.bad(PID, "hosts", value, "host names without a port, separated by commas");
            }
            hosts.add(host);
        }
        return hosts;
    }
}

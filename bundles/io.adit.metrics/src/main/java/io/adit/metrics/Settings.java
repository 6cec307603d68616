package io.adit.metrics;

import java.nio.file.Path;

import io.adit.api.AdminAccess;
import io.adit.api.Checks;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * The configuration, checked.
 *
 * @param tokenFile null where none is wanted
 */
record Settings(String httpTarget, AdminAccess callers, Path tokenFile, boolean peerLabels, int peersMax, boolean jvm, boolean jmx, int jmxSessionsMax) {

    static final String PID = "io.adit.metrics";

    /**
     * @param home what a relative path starts at
     * @throws IllegalArgumentException one line that names PID, key and range
     */
    static Settings of(MetricsConfig config, Path home) {
        if (config.remote() && config.token_file().isBlank()) {
            throw Checks.bad(PID, "token.file", config.token_file(), "a path, where remote=true");
        }
        return new Settings(target(config.http_target()), AdminAccess.of(PID, config.remote(), config.hosts()), config.token_file().isBlank() ? null : home.resolve(config.token_file()),
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
}

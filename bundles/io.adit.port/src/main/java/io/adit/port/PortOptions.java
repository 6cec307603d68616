package io.adit.port;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import io.adit.api.Checks;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;

/**
 * The configuration, checked. Times are milliseconds, sizes bytes.
 *
 * @param servers selects the service of the server whose connector is replaced
 * @param target the filter for the whiteboard
 * @param httpsPort -1: none
 * @param httpsHost empty: as the HTTP port
 */
record PortOptions(Filter servers, String target, int headMax, int readBytes, long idleTimeout, int backlog, boolean inline, boolean proxyProtocol,
        int httpsPort, String httpsHost, Path certificates, long certificateCheck, boolean http2, int http2Streams, long holdTimeout,
        int holdMax) {

    static final String PID = "io.adit.port";

    /** @throws IllegalArgumentException one line that names PID, key and what is allowed */
    static PortOptions of(PortConfig config, String home) {
        return new PortOptions(filter(config.http_target()), config.http_target(),
                Checks.within(PID, "head.max.bytes", config.head_max_bytes(), 8192, 1 << 20),
                Checks.within(PID, "read.bytes", config.read_bytes(), 4096, 1 << 20),
                Checks.within(PID, "idle.timeout.millis", config.idle_timeout_millis(), 100, 86_400_000),
                Checks.within(PID, "backlog", config.backlog(), 1, 65_535),
                config.inline(), config.proxy_protocol(),
                Checks.within(PID, "https.port", config.https_port(), -1, 65_535),
                config.https_host().strip(), directory(config.certificate_directory(), home),
                Checks.within(PID, "certificate.check.millis", config.certificate_check_millis(), 100, 3_600_000),
                config.http2(), Checks.within(PID, "http2.max.streams", config.http2_max_streams(), 1, 10_000),
                Checks.within(PID, "hold.timeout.millis", config.hold_timeout_millis(), 0, 600_000),
                Checks.within(PID, "hold.max", config.hold_max(), 0, 100_000));
    }

    private static Filter filter(String text) {
        try {
            Filter target = FrameworkUtil.createFilter(text); // by itself: what is no filter may be one inside of another
            return FrameworkUtil.createFilter("(&(" + Constants.OBJECTCLASS + "=" + HttpServiceRuntime.class.getName() + ")" + target + ")");
        } catch (InvalidSyntaxException e) {
            throw Checks.bad(PID, "http.target", text, "an OSGi filter");
        }
    }

    private static Path directory(String text, String home) {
        try {
            if (!text.isBlank()) {
                return Path.of(home == null ? "" : home).resolve(text.strip());
            }
        } catch (InvalidPathException e) {
            throw Checks.bad(PID, "certificate.directory", text, "a path (" + e.getReason() + ")");
        }
        throw Checks.bad(PID, "certificate.directory", text, "a path");
    }
}

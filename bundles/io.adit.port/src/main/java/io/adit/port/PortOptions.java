package io.adit.port;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

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
                within("head.max.bytes", config.head_max_bytes(), 8192, 1 << 20),
                within("read.bytes", config.read_bytes(), 4096, 1 << 20),
                within("idle.timeout.millis", config.idle_timeout_millis(), 100, 86_400_000),
                within("backlog", config.backlog(), 1, 65_535),
                config.inline(), config.proxy_protocol(),
                within("https.port", config.https_port(), -1, 65_535),
                config.https_host().strip(), directory(config.certificate_directory(), home),
                within("certificate.check.millis", config.certificate_check_millis(), 100, 3_600_000),
                config.http2(), within("http2.max.streams", config.http2_max_streams(), 1, 10_000),
                within("hold.timeout.millis", config.hold_timeout_millis(), 0, 600_000),
                within("hold.max", config.hold_max(), 0, 100_000));
    }

    private static Filter filter(String text) {
        try {
            Filter target = FrameworkUtil.createFilter(text); // by itself: what is no filter may be one inside of another
            return FrameworkUtil.createFilter("(&(" + Constants.OBJECTCLASS + "=" + HttpServiceRuntime.class.getName() + ")" + target + ")");
        } catch (InvalidSyntaxException e) {
            throw bad("http.target", text, "an OSGi filter");
        }
    }

    private static Path directory(String text, String home) {
        try {
            if (!text.isBlank()) {
                return Path.of(home == null ? "" : home).resolve(text.strip());
            }
        } catch (InvalidPathException e) {
            throw bad("certificate.directory", text, "a path (" + e.getReason() + ")");
        }
        throw bad("certificate.directory", text, "a path");
    }

    /** As io.adit.api does it: this bundle imports nothing of ours, so that it goes on when the others are restarted. */
    private static long within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw bad(key, value, "in " + least + ".." + most);
        }
        return value;
    }

    private static int within(String key, int value, int least, int most) {
        return (int) within(key, (long) value, least, most);
    }

    private static IllegalArgumentException bad(String key, Object value, String allowed) {
        return new IllegalArgumentException(PID + ": " + key + " must be " + allowed + ", not '"
                + String.valueOf(value).replaceAll("\\p{Cntrl}", "?") + "'");
    }
}

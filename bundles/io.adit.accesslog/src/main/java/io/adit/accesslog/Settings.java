package io.adit.accesslog;

import java.util.Arrays;
import java.util.Locale;

import io.adit.api.Checks;

/**
 * The configuration, checked.
 *
 * @param textMax characters of each text that a visitor chose
 * @param queueMaxBytes what may wait
 */
record Settings(Format format, Query query, int textMax, int queueMaxBytes) {

    static final String PID = "io.adit.accesslog";

    enum Format { NONE, COMBINED, VHOST_COMBINED, JSON }

    enum Query { REDACTED, FULL, NONE }

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Settings of(AccessLogConfig config) {
        return new Settings(oneOf("format", config.format(), Format.values()), oneOf("query", config.query(), Query.values()),
                Checks.within(PID, "text.max", config.text_max(), 16, 65_536), Checks.within(PID, "queue.max.bytes", config.queue_max_bytes(), 65_536, 1 << 30));
    }

    private static <E extends Enum<E>> E oneOf(String key, String value, E[] all) {
        return Arrays.stream(all).filter(each -> name(each).equals(value)).findFirst()
                .orElseThrow(() -> Checks.bad(PID, key, value, "one of " + String.join(", ", Arrays.stream(all).map(Settings::name).toList())));
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

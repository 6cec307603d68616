package io.adit.diag;

import java.util.function.ToIntFunction;

import io.adit.api.Checks;

/** From where on something is not as it should be; keys of the configuration with their ranges. */
enum Limit {
    HEAP_PERCENT("heap.percent", 10, 100, DiagConfig::heap_percent),
    DISK_MIN_MIB("disk.min.mib", 0, 1_000_000, DiagConfig::disk_min_mib),
    ROUND_TRIP_MILLIS("round.trip.millis", 1, 60_000, DiagConfig::round_trip_millis),
    CERTIFICATE_DAYS("certificate.days", 1, 365, DiagConfig::certificate_days);

    private final String key;
    private final int least;
    private final int most;
    private final ToIntFunction<DiagConfig> value;

    Limit(String key, int least, int most, ToIntFunction<DiagConfig> value) {
        this.key = key;
        this.least = least;
        this.most = most;
        this.value = value;
    }

    /** @throws IllegalArgumentException for a bad value, with one line */
    int of(DiagConfig config) {
        return Checks.within(Diagnoser.PID, key, value.applyAsInt(config), least, most);
    }
}

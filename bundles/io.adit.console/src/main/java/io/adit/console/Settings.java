package io.adit.console;

import io.adit.api.Checks;

/**
 * The configuration, checked.
 *
 * @param requestsMax requests that are kept
 * @param requestsMaxBytes what they may weigh together
 * @param bodyMaxBytes kept of each body, while bodies are wanted
 * @param bodyMinutes how long bodies are wanted once that was turned on
 * @param eventsMax events kept of each name
 * @param uploadMaxBytes the largest bundle that may be uploaded
 */
record Settings(int requestsMax, int requestsMaxBytes, int bodyMaxBytes, int bodyMinutes, int eventsMax, int uploadMaxBytes, int probeTimeoutMillis,
        int drainTimeoutMillis) {

    static final String PID = "io.adit.console";

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Settings of(ConsoleConfig config) {
        return new Settings(Checks.within(PID, "requests.max", config.requests_max(), 10, 100_000),
                Checks.within(PID, "requests.max.bytes", config.requests_max_bytes(), 65_536, 1 << 30),
                Checks.within(PID, "body.max.bytes", config.body_max_bytes(), 1, 1 << 20),
                Checks.within(PID, "body.minutes", config.body_minutes(), 1, 1440),
                Checks.within(PID, "events.max", config.events_max(), 1, 1000),
                Checks.within(PID, "upload.max.bytes", config.upload_max_bytes(), 1024, 1 << 30),
                Checks.within(PID, "probe.timeout.millis", config.probe_timeout_millis(), 100, 60_000),
                Checks.within(PID, "drain.timeout.millis", config.drain_timeout_millis(), 0, 600_000));
    }
}

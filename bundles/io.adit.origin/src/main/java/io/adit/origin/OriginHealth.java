package io.adit.origin;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;

/** What the last request says of the origin; nothing is asked for it. Thread-safe. */
final class OriginHealth {

    private static final String NAME = "origin";

    /** Null when the last request was answered. */
    private volatile Check last;

    void failed(ErrorCode code, URI origin, Throwable cause) {
        String when = " (since " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ")";
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        last = switch (code) {
            case ORIGIN_UNREACHABLE -> HealthSource.bad(NAME, State.FAIL, origin + " cannot be reached: " + reason + when, "Does the web server run, at that address (url of io.adit.origin)?");
            case ORIGIN_TIMEOUT -> HealthSource.bad(NAME, State.WARN, origin + " did not answer in time: " + reason + when, "It hangs, or needs longer than response.timeout.millis of io.adit.origin.");
            default -> HealthSource.bad(NAME, State.WARN, origin + " answers nonsense: " + reason + when, "Is it a web server, and is it HTTP or HTTPS that it speaks there?");
        };
    }

    void reached() {
        if (last != null) {
            last = null;
        }
    }

    /** @param origin null where there is none */
    Check condition(URI origin) {
        Check now = last;
        if (origin == null) {
            return HealthSource.bad(NAME, State.FAIL, "there is no web server in this container", "Configure a folder (io.adit.share) or a URL (io.adit.origin), or put a web server's bundle into load/.");
        }
        return now != null ? now : HealthSource.ok(NAME, origin + " answered the last request, or was not asked yet");
    }
}

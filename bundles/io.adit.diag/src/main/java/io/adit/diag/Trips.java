package io.adit.diag;

import java.util.List;
import java.util.Locale;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.HealthSource;
import io.adit.api.SessionInfo;

/** What the round trips of sessions say. Stateless. */
final class Trips {

    private Trips() {
    }

    /** One slow peer is its own network's matter; half of them are not. */
    static Check condition(List<SessionInfo> sessions, int most) {
        long slow = sessions.stream().filter(info -> info.roundTripMicros() > most * 1000L).count();
        double worst = sessions.stream().mapToLong(SessionInfo::roundTripMicros).max().orElse(0) / 1000.0;
        String text = slow + " of " + sessions.size() + " sessions have round trips over " + most + " ms" + (sessions.isEmpty() ? "" : String.format(Locale.ROOT, ", the longest %.1f ms", worst));
        return slow > 0 && slow * 2 >= sessions.size() ? HealthSource.bad("round-trip", State.WARN, text, "The network between proxy and peer is slow or crowded: each request costs at least that.")
                : HealthSource.ok("round-trip", text);
    }
}

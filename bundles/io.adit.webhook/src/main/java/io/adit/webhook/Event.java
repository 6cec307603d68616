package io.adit.webhook;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A change of one name. Immutable.
 *
 * @param id the same in each attempt, so that the receiver knows it again
 * @param url where browsers reach the name; empty when that is not known
 */
record Event(UUID id, Kind kind, String name, String url, Instant time) {

    enum Kind {
        ONLINE, OFFLINE, ENDED;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static Event of(Kind kind, String name, String url, Instant time) {
        return new Event(UUID.randomUUID(), kind, name, url, time.truncatedTo(ChronoUnit.MILLIS));
    }

    /** RFC 8259. */
    String json() {
        return "{\"id\":\"" + id + "\",\"event\":\"" + kind.text() + "\",\"name\":" + string(name) + ",\"url\":" + (url.isEmpty() ? "null" : string(url))
                + ",\"time\":\"" + time + "\"}";
    }

    private static String string(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}

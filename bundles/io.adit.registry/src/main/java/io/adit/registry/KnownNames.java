package io.adit.registry;

import java.util.List;

import io.adit.api.ErrorCode;
import io.adit.api.Terms;

/** Which names this proxy serves, for {@link Peers}. Thread-safe; nothing waits. */
interface KnownNames {

    /** Whether there is such a name, connected or not. */
    boolean has(String name);

    /** Whether a session of that name may serve it: its registration still counts. */
    boolean admits(String name);

    /** How many peers may serve the name at a time; 1 or more. */
    int peers(String name);

    /** What a session of the name that is not admitted is told: it ends, or, with MOVED, drains, and its peer asks anew where it belongs. */
    default ErrorCode refusal(String name) {
        return ErrorCode.REVOKED;
    }

    /** What was granted to the name, a quota with the configured defaults taken in; {@link Terms#DEFAULT} for one that is not known here. */
    Terms terms(String name);

    /** A snapshot, sorted. */
    List<String> names();
}

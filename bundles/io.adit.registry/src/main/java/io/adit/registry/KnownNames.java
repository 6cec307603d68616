package io.adit.registry;

import java.util.List;

/** Which names this proxy serves, for {@link Peers}. Thread-safe; nothing waits. */
interface KnownNames {

    /** Whether there is such a name, connected or not. */
    boolean has(String name);

    /** Whether a session of that name may serve it: its registration still counts. */
    boolean admits(String name);

    /** How many peers may serve the name at a time; 1 or more. */
    int peers(String name);

    /** A snapshot, sorted. */
    List<String> names();
}

package io.adit.connector;

import java.util.Optional;

import io.adit.api.ErrorCode;

/**
 * Where a peer goes next: to the one that its invitation names (its registration server, often the proxy itself), or to the proxy that it was assigned
 * to. Pure state, without time and sockets. Confined to the connector's thread.
 *
 * <p>After the loss of a session with an assigned proxy the first few attempts need no pause: the registration server may send the peer to the same
 * proxy once more, before it knows that it is gone, and to another one then. While the registration server does not answer, every other attempt goes to
 * the assigned proxy, also where that said that it stops, since it may have been started again; until it says that the ticket is no good any more, or
 * that the peer's place is elsewhere.
 */
final class Course {

    /** The registration server, the proxy that does not answer, the registration server again. */
    private static final int AT_ONCE = 3;

    private Assignment assignment;
    private boolean direct;
    private String avoid = "";
    /** The proxy that said that it stops, until the registration server sends us anywhere. */
    private String stopping = "";
    private int atOnce;

    /** The assigned proxy, if the next attempt is for that. */
    Optional<Assignment> next() {
        return direct ? Optional.of(assignment) : Optional.empty();
    }

    /** The proxy that could not be reached, for the registration server; empty when there is none. */
    String avoid() {
        return avoid;
    }

    /** The registration server sent us on. */
    void assigned(Assignment to) {
        assignment = to;
        direct = true;
        stopping = "";
    }

    /** A session serves. */
    void up() {
        direct = false;
        avoid = "";
        atOnce = 0;
    }

    /**
     * The session with the assigned proxy will end; with the one that the invitation names where {@code from} is null.
     */
    void goingAway(Assignment from, ErrorCode code) {
        direct = false;
        if (code == ErrorCode.MOVED) {
            assignment = null;
        }
        atOnce = from == null ? 0 : AT_ONCE;
        avoid = from == null || code == ErrorCode.MOVED ? "" : from.proxy();
        stopping = avoid;
    }

    /**
     * An attempt, or a session, ended, and there is reason to try again.
     *
     * @param from the assigned proxy that it was with; null for the one that the invitation names
     * @param served whether it was a session that served
     * @return whether the next attempt needs no pause
     */
    boolean ended(Assignment from, boolean served, ErrorCode code) {
        if (from == null) {
            // the registration server is away: the ticket may be good still
            direct = !served && assignment != null;
        } else {
            direct = false;
            if (served && (code != ErrorCode.SHUTDOWN || !from.proxy().equals(stopping))) {
                atOnce = AT_ONCE; // also where an operator ended the session: the proxy stays
            } else if (code == ErrorCode.TICKET || code == ErrorCode.UNAUTHORIZED) {
                assignment = null; // it answers; another ticket is what is needed
                avoid = "";
            } else { // not there, or about to stop: it may take sessions only to end them
                avoid = from.proxy();
            }
        }
        if (atOnce == 0) {
            return false;
        }
        atOnce--;
        return true;
    }
}

package io.adit.api;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened to a name, for operators. Thread-safety: immutable.
 *
 * @param name the peer's name; empty for a refusal of what is no name
 * @param session what it happened to; empty where it was none
 * @param remote address and port of the peer; empty where it is not known
 * @param code why a session ended, or was refused; else {@link ErrorCode#NONE}
 * @param text one line; of a refusal, what the peer was told
 */
public record PeerEvent(Instant at, String name, Kind kind, String session, String remote, ErrorCode code, String text) {

    /** What happened. */
    public enum Kind {
        /** There is a new invitation for the name. */
        INVITED,
        /** The name was revoked. */
        REVOKED,
        /** The name was assigned to another proxy. */
        MOVED,
        /** A session of the name serves here. */
        CONNECTED,
        /** A session of the name is closed. */
        ENDED,
        /** A registration was refused. */
        REFUSED
    }

    public PeerEvent {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(text, "text");
    }
}

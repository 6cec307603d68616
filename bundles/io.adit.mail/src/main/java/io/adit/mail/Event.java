package io.adit.mail;

import java.time.Instant;

/**
 * Something that somebody is to be told of. Immutable.
 *
 * @param id 0 for one that is not stored yet
 * @param title of what there is to see; empty for none, and for the other kinds
 * @param at when it happened
 * @param due when it may be told, at the earliest
 */
record Event(long id, String name, Recipient recipient, Kind kind, String title, String url, String language, Instant at, Instant due) {

    enum Kind {
        /** There is something to see. */
        SHOWN,
        /** The owner's peer is away. */
        DOWN,
        /** The owner's peer is back. */
        BACK
    }

    Event due(Instant later) {
        return new Event(id, name, recipient, kind, title, url, language, at, later);
    }
}

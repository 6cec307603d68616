package io.adit.registry;

import io.adit.api.Details;
import io.adit.api.packet.Packet.Register;

/** Whose a name is, and how it was come by; a peer is never taken for a proxy, nor the other way round. */
enum Kind {
    /** A peer with an invitation, reachable by its name. */
    PEER("peer"),
    /** A peer that took the name without an invitation (PROTOCOL section 17). */
    OPEN("open"),
    /** Another proxy, which links to this registration server. */
    PROXY("proxy");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    /** In the store. */
    String text() {
        return text;
    }

    boolean isPeer() {
        return this != PROXY;
    }

    /** For people. */
    String noun() {
        return isPeer() ? PEER.text : text;
    }

    /** What somebody who registers says to be, PEER or PROXY; without a word, a peer. */
    static Kind of(Register register) {
        return PROXY.text.equals(register.details().first(Details.ROLE)) ? PROXY : PEER;
    }

    /** @param text from the store */
    static Kind of(String text) {
        for (Kind kind : values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        return PEER;
    }
}

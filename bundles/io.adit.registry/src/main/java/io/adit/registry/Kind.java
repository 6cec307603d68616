package io.adit.registry;

import io.adit.api.Details;
import io.adit.api.packet.Packet.Register;

/** Whom an invitation is for; the one is never taken for the other. */
enum Kind {
    /** A peer, reachable by its name. */
    PEER("peer"),
    /** Another proxy, which links to this registration server. */
    PROXY("proxy");

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    /** On the wire and in the store. */
    String text() {
        return text;
    }

    /** What somebody who registers says to be; without a word, a peer. */
    static Kind of(Register register) {
        return PROXY.text.equals(register.details().first(Details.ROLE)) ? PROXY : PEER;
    }

    /** @param text from the store */
    static Kind of(String text) {
        return text.equals(PROXY.text) ? PROXY : PEER;
    }
}

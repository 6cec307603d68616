package io.adit.console;

import java.util.List;

/** The pages, in their order. */
enum Page {
    OVERVIEW("adit", "Overview"), PEERS("adit-peers", "Peers"), REQUESTS("adit-requests", "Requests"), CODECS("adit-codecs", "Codecs"),
    INVITATIONS("adit-invitations", "Invitations"), PEER("adit-peer", "This peer");

    /** Of a proxy. */
    static final List<Page> OF_PROXY = List.of(OVERVIEW, PEERS, REQUESTS, CODECS, INVITATIONS);
    /** Of a container that has a peer of its own. */
    static final List<Page> OF_PEER = List.of(PEER, REQUESTS, CODECS);

    private final String label;
    private final String title;

    Page(String label, String title) {
        this.label = label;
        this.title = title;
    }

    /** Its place below the web console's root. */
    String label() {
        return label;
    }

    String title() {
        return title;
    }
}

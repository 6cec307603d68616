package io.adit.mail;

/** The way to the mail server. Called by one thread; blocks for a bounded time. */
interface Sender {

    /** What became of an attempt. */
    enum Result {
        /** The server has taken it over. */
        SENT,
        /** Not now (4xx), and perhaps later. */
        LATER,
        /** The server will never take this one (5xx). */
        NEVER,
        /** It has nothing to do with this letter: there is no server, or it does not take anything from us. */
        NO_SERVER
    }

    /** @param reason one line of the log; empty where it was sent */
    record Outcome(Result result, String reason) {
    }

    /** Connects first where there is no connection. */
    Outcome send(Letter letter);

    /** No letter follows soon: the connection is closed. */
    void rest();
}

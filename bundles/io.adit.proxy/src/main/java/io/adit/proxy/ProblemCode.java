package io.adit.proxy;

import java.util.Locale;

/**
 * The errors that this proxy answers itself: the closed set of values of the field Adit-Error. A name here, in lower case with hyphens,
 * is a promise: programs look for it, and hosts name their own pages after it.
 */
enum ProblemCode {
    BAD_REQUEST(400, "Request not understood", "This request is not valid HTTP, or its address is not, so it was not passed on.",
            "Check the address, or go back and try another way.",
            "Something made this request that does not follow the rules of HTTP: a link, a script, or a proxy on the way."),
    UNKNOWN_NAME(404, "Nobody here", "There is no site with this name.",
            "Check the name in the address: a letter may be missing.",
            "The name is not registered, or its invitation was revoked. Ask the host for a new one."),
    NOT_A_PROXY(405, "Not a forward proxy", "This server does not open connections to other servers.",
            "If you set this server as your proxy, remove it from your settings.",
            "Nothing needs to be done."),
    REQUEST_TIMEOUT(408, "Request too slow", "The rest of this request did not come in time.",
            "Check your connection, and try again.",
            "Large uploads over slow links may need more time: the host can raise the time-out of the public port."),
    URI_TOO_LONG(414, "Address too long", "The address of this request is longer than this server allows.",
            "Go back, and try with less in the form or the search.",
            "A form that sends much should use POST."),
    OVER_QUOTA(429, "Too many requests", "The site gets more requests at the moment than it may have.",
            "Try again in a moment.",
            "Your invitation limits how many requests your site may get at a time or per second. Ask the host for more."),
    HEAD_TOO_LARGE(431, "Request too large", "The head of this request is larger than this server allows; often cookies are the reason.",
            "Delete the cookies of this site, and try again.",
            "Set fewer or smaller cookies, or ask the host to raise the limits."),
    INTERNAL_ERROR(500, "Something went wrong here", "This server made a mistake. It is not the fault of the site.",
            "Try again in a moment.",
            "The host finds the reason in the proxy's log."),
    ORIGIN_UNREACHABLE(502, "Web server not reached", "The site is connected, but the web server behind it cannot be reached.",
            "Try again in a while.",
            "Is your web server running, at the address that the peer was given? The peer's log says more."),
    BAD_ANSWER(502, "Answer not understood", "The site sent an answer that is not valid HTTP, so it cannot be shown.",
            "Try again; if it stays like this, tell the owner of the site.",
            "Your web server, or something in front of it, breaks the rules of HTTP. The log of the peer or of the proxy says which."),
    CONNECTION_LOST(502, "Connection lost",
            "The connection with the site broke off before it had answered. The request may have been carried out all the same.",
            "Look whether it was carried out before you try again.",
            "The peer lost its connection or was stopped. It comes back by itself while it runs."),
    TOO_LARGE(502, "Too large", "The request, or its answer, is larger than the site allows.",
            "Try with less; if it stays like this, tell the owner of the site.",
            "A limit of the peer was reached. Its log says which."),
    OFFLINE(503, "Away just now", "This site is known here, but it is not connected at the moment.",
            "It may be back soon: try again in a while.",
            "Is the peer running, and can it reach this server? It comes back by itself as soon as it can."),
    RESTARTING(503, "Back in a moment", "This server is being restarted.",
            "Try again in a moment.",
            "Nothing needs to be done: the peer comes back by itself."),
    OVERLOADED(503, "Too busy", "The site has as many requests as it can take at the moment.",
            "Try again in a moment.",
            "If this happens often, look for requests that take long, or ask the host to raise the limits."),
    TIMEOUT(504, "No answer in time", "The site is connected, but it did not answer this request in time. The request may have been carried out all the same.",
            "Look whether it was carried out before you try again.",
            "Your web server took longer than the time-outs of the peer and the proxy allow.");

    private final int status;
    private final String title;
    private final String text;
    private final String advice;
    private final String owner;

    ProblemCode(int status, String title, String text, String advice, String owner) {
        this.status = status;
        this.title = title;
        this.text = text;
        this.advice = advice;
        this.owner = owner;
    }

    /** What the field Adit-Error says. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    int status() {
        return status;
    }

    /** What happened, in a few words. */
    String title() {
        return title;
    }

    /** What happened, in a sentence. */
    String text() {
        return text;
    }

    /** What the visitor can do. */
    String advice() {
        return advice;
    }

    /** What the owner of the site can do. */
    String owner() {
        return owner;
    }

    /** Whether sending the request again later is safe whatever its method, and may well help. */
    boolean isRetryable() {
        return status == 503 || status == 429;
    }

    /** Whether the connection ends with it: what follows on it cannot be trusted, or would never be read. */
    boolean closes() {
        return this == BAD_REQUEST || this == NOT_A_PROXY || this == REQUEST_TIMEOUT || this == RESTARTING;
    }

    /** The code for a status that was chosen elsewhere. */
    static ProblemCode of(int status) {
        return switch (status) {
            case 404 -> UNKNOWN_NAME;
            case 405 -> NOT_A_PROXY;
            case 408 -> REQUEST_TIMEOUT;
            case 414 -> URI_TOO_LONG;
            case 429 -> OVER_QUOTA;
            case 431 -> HEAD_TOO_LARGE;
            case 505 -> BAD_REQUEST;
            case 502 -> BAD_ANSWER;
            case 503 -> OVERLOADED;
            case 504 -> TIMEOUT;
            default -> status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
        };
    }
}

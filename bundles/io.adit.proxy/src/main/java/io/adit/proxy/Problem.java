package io.adit.proxy;

import io.adit.api.ErrorCode;

/**
 * What a visitor is told when there is no answer from a peer. {@link ErrorPages} puts it into words.
 *
 * @param code null for {@link #lastHop()}
 * @param retryAfter seconds, or 0
 * @param close true to end the connection afterwards
 */
record Problem(ProblemCode code, int status, String title, String text, int retryAfter, boolean close) {

    /** What a request may ask for here; 405 and the answer to OPTIONS say so. */
    static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /** With words that say more than those of the status. */
    static Problem of(int status, String title, String text) {
        ProblemCode code = ProblemCode.of(status);
        return new Problem(code, status, title, text, 0, code.closes());
    }

    /** For what the HTTP server refuses by itself: it knows no names, so its 404 and 405 are about the request. */
    static Problem of(int status) {
        ProblemCode code = status == 404 || status == 405 ? ProblemCode.BAD_REQUEST : ProblemCode.of(status);
        return new Problem(code, status, code.title(), code.text(), 0, code.closes());
    }

    /** A request that is well-formed, and yet none for this server. */
    static Problem refused(int status, String title, String text) {
        return new Problem(ProblemCode.BAD_REQUEST, status, title, text, 0, true);
    }

    /** No problem: the answer to an OPTIONS that may go no further. */
    static Problem lastHop() {
        return new Problem(null, 200, "", "", 0, false);
    }

    static Problem unknown(String host) {
        return of(404, ProblemCode.UNKNOWN_NAME.title(), "There is no site with the name " + printable(host) + " on this server.");
    }

    static Problem offline(String name, int retryAfter) {
        ProblemCode code = ProblemCode.OFFLINE;
        return new Problem(code, code.status(), code.title(), "The site " + printable(name) + " is known here, but it is not connected at the moment.",
                retryAfter, false);
    }

    static Problem restarting(int retryAfter) {
        return of(ProblemCode.RESTARTING, retryAfter);
    }

    static Problem busy(int retryAfter) {
        return of(ProblemCode.OVERLOADED, retryAfter);
    }

    /** @param seconds until it may be tried again */
    static Problem overQuota(String name, long seconds) {
        ProblemCode code = ProblemCode.OVER_QUOTA;
        return new Problem(code, code.status(), code.title(), "The site " + printable(name) + " gets more requests at the moment than it may have.",
                (int) Math.min(3600, seconds), false);
    }

    static Problem tooLarge() {
        return of(431, "Too many fields", "The head of this request is larger than this server allows.");
    }

    static Problem late() {
        return of(ProblemCode.TIMEOUT, 0);
    }

    static Problem badAnswer() {
        return of(ProblemCode.BAD_ANSWER, 0);
    }

    /** @param code why the stream to the peer was reset */
    static Problem of(ErrorCode code, int retryAfter) {
        return switch (code) {
            case ORIGIN_UNREACHABLE -> of(ProblemCode.ORIGIN_UNREACHABLE, 0);
            case ORIGIN_TIMEOUT -> late();
            case REFUSED -> busy(retryAfter);
            case SESSION_LOST, KEEP_ALIVE, REVOKED, EXPIRED, SHUTDOWN, REPLACED, FLOOD -> of(ProblemCode.CONNECTION_LOST, 0);
            case TOO_LARGE -> of(ProblemCode.TOO_LARGE, 0);
            default -> badAnswer();
        };
    }

    private static Problem of(ProblemCode code, int retryAfter) {
        return new Problem(code, code.status(), code.title(), code.text(), retryAfter, code.closes());
    }

    /** What a visitor sent, short, and without what a terminal or a log would act on. */
    static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "..." : clean;
    }
}

package io.adit.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import io.adit.api.ErrorCode;
import io.adit.api.packet.Fields;

/**
 * What a visitor is told when there is no answer from a peer.
 *
 * @param retryAfter seconds, or 0
 * @param close true to end the connection afterwards
 */
record Problem(int status, String title, String text, int retryAfter, boolean close) {

    static Problem of(int status, String title, String text) {
        return new Problem(status, title, text, 0, status == 400 || status == 405 || status == 408 || status == 501);
    }

    /** No problem: the answer to an OPTIONS that may go no further. */
    static Problem lastHop() {
        return new Problem(200, "", "", 0, false);
    }

    static Problem unknown(String host) {
        return of(404, "Nobody here", "There is no site with the name " + printable(host) + " on this server.");
    }

    static Problem offline(String name, int retryAfter) {
        return new Problem(503, "Away just now", "The site " + printable(name) + " is known here, but it is not connected at the moment. "
                + "It may be back soon: try again in a while.", retryAfter, false);
    }

    static Problem draining(int retryAfter) {
        return new Problem(503, "Closing down", "This server is shutting down or being restarted. Try again in a moment.", retryAfter, true);
    }

    static Problem busy(int retryAfter) {
        return new Problem(503, "Too busy", "The site has as many requests as it can take at the moment. Try again in a moment.", retryAfter,
                false);
    }

    static Problem tooLarge() {
        return of(431, "Too many fields", "The head of this request is larger than this server allows.");
    }

    static Problem late() {
        return of(504, "No answer in time", "The site is connected, but it did not answer this request in time.");
    }

    static Problem badAnswer() {
        return of(502, "Bad answer", "The site sent an answer that cannot be passed on.");
    }

    static Problem of(ErrorCode code, int retryAfter) {
        return switch (code) {
            case ORIGIN_UNREACHABLE -> of(502, "Web server not reached",
                    "The site is connected, but the web server behind it cannot be reached.");
            case ORIGIN_TIMEOUT -> of(504, "No answer in time", "The web server behind this site did not answer in time.");
            case REFUSED, SHUTDOWN, REPLACED, FLOOD -> busy(retryAfter);
            case SESSION_LOST, KEEP_ALIVE, REVOKED -> of(502, "Connection lost",
                    "The connection with the site broke off while it was answering. The request may have been carried out.");
            case TOO_LARGE -> of(502, "Too large", "The request or its answer is larger than the site or this server allows.");
            default -> badAnswer();
        };
    }

    /** Content-Type, caching and, for browsers, a policy that allows nothing but the page's own style. */
    Fields fields(boolean html) {
        Fields.Builder fields = Fields.builder();
        if (status == 405 || status == 200) {
            fields.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        if (title.isEmpty()) {
            return fields.build();
        }
        fields.add("Content-Type", html ? "text/html;charset=utf-8" : "text/plain;charset=utf-8");
        fields.add("Cache-Control", "no-store").add("X-Content-Type-Options", "nosniff");
        if (html) {
            fields.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
        }
        if (retryAfter > 0) {
            fields.add("Retry-After", Integer.toString(retryAfter));
        }
        return fields.build();
    }

    byte[] body(boolean html) {
        if (title.isEmpty()) {
            return new byte[0];
        }
        return (html ? page() : title + "\n" + text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String page() {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
                <title>%1$s</title><style>
                :root{color-scheme:light dark}
                body{margin:0;min-height:100vh;display:grid;place-items:center;font:17px/1.6 system-ui,sans-serif;background:#f6f4f0;color:#2b2723}
                main{max-width:34rem;padding:2.5rem;margin:1rem;background:#fff;border-radius:14px;border-top:6px solid #b5651d;box-shadow:0 8px 30px #0002}
                h1{margin:0 0 .5rem;font-size:1.7rem;line-height:1.2}p{margin:0}small{display:block;margin-top:1.5rem;color:#8a8178}
                @media(prefers-color-scheme:dark){body{background:#1b1917;color:#eae5df}main{background:#262320;box-shadow:none}}
                </style></head><body><main><h1>%1$s</h1><p>%2$s</p><small>%3$d &middot; Adit</small></main></body></html>
                """.formatted(escape(title), escape(text), status);
    }

    /** Whether a browser asks that would rather see a page than plain text. */
    static boolean wantsHtml(Fields request) {
        for (String accept : request.all("accept")) {
            String lower = accept.toLowerCase(Locale.ROOT);
            if (lower.contains("text/html") || lower.contains("application/xhtml")) {
                return true;
            }
        }
        return false;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "..." : clean;
    }
}

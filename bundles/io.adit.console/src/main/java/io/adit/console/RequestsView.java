package io.adit.console;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

import io.adit.api.RequestListener.End;

/** What the page of requests shows. Stateless but for the log. */
final class RequestsView {

    private static final int MOST = 200;
    /** Longer texts are cut in lists; the details have them whole. */
    private static final int SHORT = 300;
    private static final int HEX_BYTES = 512;

    private final RequestLog log;

    RequestsView(RequestLog log) {
        this.log = log;
    }

    /**
     * Which requests.
     *
     * @param peer empty for all
     * @param text anywhere in method, peer, authority, target, status or client; any case; empty for all
     * @param kind {@code error}, {@code running}, {@code 2} to {@code 5} for a class of status, or empty
     */
    record Filter(String peer, String text, String kind) implements Predicate<Captured.Now> {

        @Override
        public boolean test(Captured.Now request) {
            return (peer.isEmpty() || request.begin().peer().equals(peer)) && isKind(request) && (text.isEmpty() || contains(request));
        }

        private boolean isKind(Captured.Now request) {
            return switch (kind) {
                case "" -> true;
                case "error" -> request.isError();
                case "running" -> request.isRunning();
                default -> kind.equals(Integer.toString(request.status() / 100));
            };
        }

        private boolean contains(Captured.Now request) {
            String all = String.join(" ", request.begin().method(), request.begin().peer(), request.begin().authority(), request.begin().target(),
                    Integer.toString(request.status()), request.begin().client());
            return all.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
        }
    }

    /** @param seen the version that the reader has; where nothing changed since, the answer says only that */
    Map<String, Object> list(Filter filter, long seen, int most) {
        long version = log.version();
        if (version == seen) {
            return Json.object("version", version, "same", true);
        }
        Map<String, Object> list = Json.object("version", version, "rows", log.find(filter, Math.min(most, MOST)).stream().map(RequestsView::row).toList());
        list.put("bodiesUntil", filter.peer().isEmpty() ? null : log.bodiesUntil(filter.peer()).map(Instant::toEpochMilli).orElse(null));
        return list;
    }

    static Map<String, Object> row(Captured.Now request) {
        End end = request.end();
        Map<String, Object> row = Json.object("id", request.id(), "at", request.begin().at().toEpochMilli(), "peer", request.begin().peer(), "method",
                shortened(request.begin().method()), "host", shortened(request.begin().authority()), "target", shortened(Export.utf8(request.begin().target())),
                "client", request.begin().client(), "status", request.status(), "error", request.isError());
        if (end != null) {
            row.put("how", how(end));
            row.put("in", end.requestBytes());
            row.put("out", end.responseBytes());
            row.put("millis", Export.millis(end.timing().end()));
        }
        return row;
    }

    private static String how(End end) {
        return switch (end.how()) {
            case ANSWERED -> "";
            case OWN -> end.error().isEmpty() ? "answered by the proxy" : end.error();
            case GONE -> "visitor went away";
            case LEFT -> "not watched to its end";
            case BROKEN -> end.code().text();
        };
    }

    private static String shortened(String text) {
        return text.length() > SHORT ? text.substring(0, SHORT) + "\u2026" : text;
    }

    /** Null where it is not kept any more. */
    Map<String, Object> details(long id) {
        return log.find(id).map(RequestsView::details).orElse(null);
    }

    private static Map<String, Object> details(Captured.Now request) {
        Map<String, Object> details = row(request);
        details.put("method", request.begin().method());
        details.put("url", Export.utf8(Export.url(request.begin())));
        details.put("protocol", request.begin().protocol());
        details.put("requestFields", Export.fields(request.begin().fields()));
        details.put("responseFields", Export.fields(request.responseFields()));
        details.put("requestBody", body(request.requestBody()));
        details.put("responseBody", body(request.responseBody()));
        details.put("curl", Export.curl(request));
        details.put("repeatable", request.isRepeatable());
        if (request.end() != null) {
            details.put("session", request.end().session());
            details.put("timings", Export.timings(request.end().timing()));
        }
        return details;
    }

    /** Text where it is some; else the beginning in hex. Null where none was kept. */
    static Map<String, Object> body(byte[] body) {
        if (body == null) {
            return null;
        }
        // a character may have been cut in two at the end
        for (int cut = 0; cut < 4 && (cut == 0 || cut < body.length); cut++) {
            String text = Export.textOrNull(java.util.Arrays.copyOf(body, body.length - cut));
            if (text != null && text.chars().noneMatch(each -> each < 0x20 && each != '\n' && each != '\r' && each != '\t')) {
                return Json.object("bytes", body.length, "text", text);
            }
        }
        return Json.object("bytes", body.length, "text", hex(body));
    }

    private static String hex(byte[] body) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < Math.min(body.length, HEX_BYTES); at += 16) {
            byte[] row = java.util.Arrays.copyOfRange(body, at, Math.min(body.length, at + 16));
            String text = new String(row, StandardCharsets.ISO_8859_1).replaceAll("[^\\x20-\\x7e]", ".");
            out.append(String.format("%06x  %-48s %s%n", at, HexFormat.ofDelimiter(" ").formatHex(row), text));
        }
        return out.toString();
    }
}

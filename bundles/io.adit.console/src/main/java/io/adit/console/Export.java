package io.adit.console;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.Timing;
import io.adit.api.packet.Fields;

/** Requests in the forms of other tools: a curl command line, and HAR 1.2. Stateless. */
final class Export {

    /** Those that curl makes itself, or that would be wrong for it. */
    private static final Set<String> NOT_FOR_CURL = Set.of("host", "content-length", "connection", "transfer-encoding", "keep-alive", "te", "expect");

    private Export() {
    }

    static String url(Begin begin) {
        return begin.scheme() + "://" + begin.authority() + begin.target();
    }

    /** A line for a POSIX shell. What is redacted stands in it as such. */
    static String curl(Captured.Now request) {
        Begin begin = request.begin();
        StringBuilder line = new StringBuilder("curl --include --globoff --path-as-is");
        if (begin.method().equals("HEAD")) {
            line.append(" --head");
        } else if (!begin.method().equals("GET")) {
            line.append(" --request ").append(quoted(begin.method()));
        }
        for (Fields.Field field : begin.fields()) {
            if (!NOT_FOR_CURL.contains(field.name().toLowerCase(Locale.ROOT))) {
                // an empty value needs a semicolon, or curl leaves the field out
                line.append(" \\\n  --header ").append(quoted(utf8(field.value().isEmpty() ? field.name() + ";" : field.name() + ": " + field.value())));
            }
        }
        String before = "";
        byte[] body = request.requestBody();
        if (body != null && body.length > 0) {
            String text = textOrNull(body);
            if (text != null && text.indexOf('\0') < 0) {
                line.append(" \\\n  --data-raw ").append(quoted(text));
            } else {
                before = "printf '%s' " + Base64.getEncoder().encodeToString(body) + " | base64 -d | ";
                line.append(" \\\n  --data-binary @-");
            }
        }
        return before + line + " \\\n  " + quoted(utf8(url(begin)));
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Strings of the wire have one char for each byte; most bytes beyond ASCII are UTF-8. */
    static String utf8(String wire) {
        boolean ascii = true;
        for (int i = 0; i < wire.length() && ascii; i++) {
            ascii = wire.charAt(i) < 0x80;
        }
        if (ascii) {
            return wire;
        }
        String text = textOrNull(wire.getBytes(StandardCharsets.ISO_8859_1));
        return text == null ? wire : text;
    }

    /** Null for what is no UTF-8. */
    static String textOrNull(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Names and values, in order. */
    static List<Map<String, Object>> fields(Fields fields) {
        List<Map<String, Object>> list = new ArrayList<>();
        fields.forEach((name, value) -> list.add(Json.object("name", utf8(name), "value", utf8(value))));
        return list;
    }

    /** The archive of those that are over. */
    static Map<String, Object> har(List<Captured.Now> requests, String version) {
        return Json.object("log", Json.object("version", "1.2", "creator", Json.object("name", "Adit", "version", version), "entries",
                requests.stream().filter(each -> !each.isRunning()).map(Export::entry).toList()));
    }

    private static Map<String, Object> entry(Captured.Now request) {
        Begin begin = request.begin();
        Timing timing = request.end().timing();
        return Json.object("startedDateTime", begin.at().toString(), "time", millis(timing.end()), "request", harRequest(request), "response", harResponse(request),
                "cache", Json.object(), "timings", timings(timing), "comment", begin.peer() + " " + request.end().how().name().toLowerCase(Locale.ROOT));
    }

    private static Map<String, Object> harRequest(Captured.Now request) {
        Begin begin = request.begin();
        Map<String, Object> har = Json.object("method", begin.method(), "url", utf8(url(begin)), "httpVersion", begin.protocol(), "cookies", List.of(), "headers",
                fields(begin.fields()), "queryString", query(begin.target()), "headersSize", -1, "bodySize", request.end().requestBytes());
        if (request.requestBody() != null && request.requestBody().length > 0) {
            String text = textOrNull(request.requestBody());
            har.put("postData", Json.object("mimeType", type(begin.fields()), "text",
                    text == null ? new String(request.requestBody(), StandardCharsets.ISO_8859_1) : text));
        }
        return har;
    }

    private static Map<String, Object> harResponse(Captured.Now request) {
        String location = request.responseFields().first("location");
        Map<String, Object> content = Json.object("size", request.end().responseBytes(), "mimeType", type(request.responseFields()));
        if (request.responseBody() != null && request.responseBody().length > 0) {
            String text = textOrNull(request.responseBody());
            content.put("text", text == null ? Base64.getEncoder().encodeToString(request.responseBody()) : text);
            if (text == null) {
                content.put("encoding", "base64");
            }
        }
        return Json.object("status", request.status(), "statusText", "", "httpVersion", request.begin().protocol(), "cookies", List.of(), "headers",
                fields(request.responseFields()), "content", content, "redirectURL", location == null ? "" : utf8(location), "headersSize", -1, "bodySize",
                request.end().responseBytes());
    }

    private static String type(Fields fields) {
        String type = fields.first("content-type");
        return type == null ? "" : utf8(type);
    }

    private static List<Map<String, Object>> query(String target) {
        List<Map<String, Object>> list = new ArrayList<>();
        int at = target.indexOf('?');
        for (String pair : at < 0 ? new String[0] : target.substring(at + 1).split("&")) {
            int equals = pair.indexOf('=');
            list.add(Json.object("name", utf8(equals < 0 ? pair : pair.substring(0, equals)), "value", utf8(equals < 0 ? "" : pair.substring(equals + 1))));
        }
        return list;
    }

    /** The legs in milliseconds; -1 for what does not apply. */
    static Map<String, Object> timings(Timing timing) {
        long opened = Math.max(0, timing.opened());
        long sent = timing.sent() < 0 ? opened : Math.max(opened, timing.sent());
        long head = timing.head() < 0 ? timing.end() : timing.head();
        return Json.object("blocked", timing.opened() < 0 ? -1 : millis(opened), "dns", -1, "connect", -1, "ssl", -1,
                "send", millis(Math.min(sent, head) - Math.min(opened, head)), "wait", millis(Math.max(0, head - sent)), "receive", millis(timing.end() - head));
    }

    static double millis(long nanos) {
        return Math.rint(nanos / 1e4) / 100;
    }
}

package io.adit.origin;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;

/** What of a head passes through: pure functions between our heads and Jetty's. */
final class Head {

    /** Fields that speak about one connection only (RFC 9110 section 7.6.1), in lower case. */
    private static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    /** What an origin's Connection cannot take away: without these the response would be another one. */
    private static final Set<String> KEPT = Set.of("content-length", "content-encoding", "content-type", "content-range", "set-cookie", "location",
        "trailer");

    private Head() {
    }

    /**
     * Why a request cannot be sent as it is, or null. The codec refuses such heads too; but a line break that came this far would be a
     * second request at the origin.
     */
    static String refusal(RequestHead head, boolean last) {
        if (!visible(head.method()) || !visible(head.target()) || head.method().equalsIgnoreCase("CONNECT")) {
            return "bad request line";
        }
        for (int i = 0; i < head.fields().size(); i++) {
            if (!isToken(head.fields().name(i))) {
                return "bad field name";
            }
            if (!isValue(head.fields().value(i))) {
                return "bad field value";
            }
        }
        if (!isValue(head.upgrade()) || !isValue(head.authority())) {
            return "bad field value";
        }
        List<String> lengths = head.fields().all("content-length");
        if (lengths.size() > 1 || lengths.size() == 1 && !isNumber(lengths.get(0), head.length())) {
            return "bad Content-Length";
        }
        if (last && head.length() > 0) {
            return "a body was declared but there is none";
        }
        return null;
    }

    /** How long a request's head is on the wire, but for what this side adds. */
    static int bytes(RequestHead head) {
        return head.method().length() + head.target().length() + 12 + head.fields().bytes() + 4 * head.fields().size();
    }

    /**
     * The head for the origin: all that came, in order and unchanged, but what belongs to the connection.
     *
     * @param host the authority for Host, or null to keep the browser's
     * @param chunked whether a body of unknown length follows
     * @param upgrade whether the origin is asked to switch protocols
     * @return request line and fields, each with its line end, without the empty line
     */
    static byte[] request(RequestHead head, String host, boolean chunked, boolean upgrade) {
        Fields fields = head.fields();
        boolean coded = !chunked;
        StringBuilder text = new StringBuilder(bytes(head) + 128);
        text.append(head.method()).append(' ').append(head.target()).append(" HTTP/1.1\r\n");
        if (!fields.contains("host")) {
            line(text, "Host", host != null ? host : head.authority());
        }
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            String lower = name.toLowerCase(Locale.ROOT);
            if (!coded && lower.equals("transfer-encoding")) {
                coded = true; // its place and name; the coding is ours (PROTOCOL M6)
                line(text, name, "chunked");
            } else if (!HOP_BY_HOP.contains(lower) && !(chunked && lower.equals("content-length"))) {
                line(text, name, host != null && lower.equals("host") ? host : fields.value(i));
            }
        }
        if (!coded) {
            line(text, "Transfer-Encoding", "chunked");
        } else if (!chunked && head.length() > 0 && !fields.contains("content-length")) {
            line(text, "Content-Length", Long.toString(head.length()));
        }
        if (upgrade) {
            line(text, "Connection", "Upgrade");
            line(text, "Upgrade", head.upgrade());
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }

    static HttpFields trailers(Fields fields) {
        HttpFields.Mutable trailers = HttpFields.build();
        fields.forEach((name, value) -> {
            if (isToken(name) && isTrailer(name)) {
                trailers.add(plain(name, value));
            }
        });
        return trailers;
    }

    /** Framing and routing cannot come after the body (RFC 9110 section 6.5.1). */
    private static boolean isTrailer(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !HOP_BY_HOP.contains(lower) && !lower.equals("content-length") && !lower.equals("host");
    }

    private static HttpField plain(String name, String value) {
        return new HttpField((HttpHeader) null, name, value);
    }

    /**
     * The head that the origin sent, without what belongs to the connection; but Transfer-Encoding stays, as a mark of where it stood
     * (PROTOCOL M6).
     *
     * @throws OriginException when the version is not HTTP/1, or the body has a transfer coding that was not asked for and would be lost here
     */
    static ResponseHead response(Response response) throws OriginException {
        if (response.getVersion() != HttpVersion.HTTP_1_1 && response.getVersion() != HttpVersion.HTTP_1_0) {
            throw OriginException.broken("the origin answered in another version of HTTP");
        }
        HttpFields fields = response.getHeaders();
        Set<String> named = null;
        long length = -1;
        String upgrade = "";
        for (HttpField field : fields) {
            String name = field.getName();
            if (name.equalsIgnoreCase("connection")) {
                named = named == null ? new HashSet<>() : named;
                for (String token : field.getValue().split(",")) {
                    named.add(token.strip().toLowerCase(Locale.ROOT));
                }
                named.removeAll(KEPT);
            } else if (name.equalsIgnoreCase("content-length")) {
                length = Fields.contentLength(field.getValue());
            } else if (name.equalsIgnoreCase("transfer-encoding")) {
                coding(response, field);
            } else if (name.equalsIgnoreCase("upgrade") && (response.getStatus() == 101 || response.getStatus() == 426)) {
                upgrade = upgrade.isEmpty() ? field.getValue() : upgrade + ", " + field.getValue();
            }
        }
        Fields.Builder kept = Fields.builder();
        for (HttpField field : fields) {
            String lower = field.getLowerCaseName();
            boolean coding = lower.equals("transfer-encoding");
            if (coding || !HOP_BY_HOP.contains(lower) && (named == null || !named.contains(lower))) {
                kept.add(field.getName(), field.getValue());
            }
        }
        String reason = response.getReason();
        return new ResponseHead(response.getStatus(), reason == null ? "" : reason, kept.build(), upgrade, length);
    }

    /** RFC 9112 section 6.1: HTTP/1.0 knows none, and whoever sends one in it may mean something else by it. */
    private static void coding(Response response, HttpField field) throws OriginException {
        if (response.getVersion() == HttpVersion.HTTP_1_0 || !field.getValue().strip().equalsIgnoreCase("chunked")) {
            throw OriginException.broken("the origin used a transfer coding that was not asked for");
        }
    }

    /** The trailer fields that came after the body. */
    static Fields trailers(Response response) {
        HttpFields trailers = response.getTrailers();
        if (trailers == null || trailers.size() == 0) {
            return Fields.EMPTY;
        }
        Fields.Builder fields = Fields.builder();
        for (HttpField field : trailers) {
            if (isTrailer(field.getName())) {
                fields.add(field.getName(), field.getValue());
            }
        }
        return fields.build();
    }

    /** Anything else beside a name ("Transfer-Encoding ") may be read in more than one way. */
    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Whether a value is one line, a byte a character (RFC 9110 section 5.5). */
    private static boolean isValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0 || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    private static boolean visible(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isNumber(String text, long number) {
        return number >= 0 && Fields.contentLength(text.strip()) == number;
    }
}

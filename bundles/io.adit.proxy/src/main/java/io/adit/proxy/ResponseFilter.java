package io.adit.proxy;

import java.util.Locale;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;

/**
 * Checks what a peer answered, so that it can neither split a response nor claim a framing that its body does not have, and removes
 * the hop-by-hop fields and the one that tells our errors from a site's own.
 */
final class ResponseFilter {

    /** The head is not one that can be passed on; the message is for the log. */
    static final class InvalidHeadException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidHeadException(String message) {
            super(message, null, false, false);
        }
    }

    private ResponseFilter() {
    }

    /** The fields that go on to the browser. */
    static Fields fields(ResponseHead head, int maxFields, int maxBytes) throws InvalidHeadException {
        if (head.status() < 100 || head.status() > 599) {
            throw new InvalidHeadException("status " + head.status());
        }
        if (!isText(head.reason())) {
            throw new InvalidHeadException("bad reason phrase");
        }
        Fields fields = head.fields();
        checkLimits(fields, maxFields, maxBytes - head.reason().length());
        checkLength(head);
        HopByHop hopByHop = HopByHop.of(fields);
        // RFC 9110 section 8.6: not in these; what is dropped is still checked
        boolean lengthless = head.status() < 200 || head.status() == 204;
        Fields.Builder result = Fields.builder();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            check(name, fields.value(i));
            String lower = name.toLowerCase(Locale.ROOT);
            boolean dropped = hopByHop.ends(lower) && !isCoding(head, lower, fields.value(i)) || lengthless && lower.equals("content-length")
                    || name.equalsIgnoreCase(ErrorPages.FIELD);
            if (!dropped) {
                result.add(name, fields.value(i));
            }
        }
        return result.build();
    }

    /** Tells where the origin had it, and nothing else: whether there are chunks is decided here (PROTOCOL M6). */
    private static boolean isCoding(ResponseHead head, String name, String value) {
        return name.equals("transfer-encoding") && value.equalsIgnoreCase("chunked") && head.status() >= 200 && length(head) < 0;
    }

    /** Trailers that may be passed on: nothing that frames or routes (RFC 9110 section 6.5.1). */
    static Fields trailers(Fields fields, int maxFields, int maxBytes) throws InvalidHeadException {
        checkLimits(fields, maxFields, maxBytes);
        Fields.Builder result = Fields.builder();
        for (Fields.Field field : fields) {
            check(field.name(), field.value());
            switch (field.name().toLowerCase(Locale.ROOT)) {
                case "transfer-encoding", "content-length", "host", "connection", "trailer", "te", "upgrade", "keep-alive", "content-encoding",
                        "content-type", "content-range", "set-cookie", "cookie", "authorization", "adit-error" -> {
                    // not allowed in trailers
                }
                default -> result.add(field.name(), field.value());
            }
        }
        return result.build();
    }

    private static void checkLimits(Fields fields, int maxFields, int maxBytes) throws InvalidHeadException {
        // as they are on the wire: each with ": " and its line end
        if (fields.size() > maxFields || fields.bytes() + 4L * fields.size() > maxBytes) {
            throw new InvalidHeadException("more than " + maxFields + " fields or " + maxBytes + " bytes");
        }
    }

    private static void checkLength(ResponseHead head) throws InvalidHeadException {
        for (String value : head.fields().all("content-length")) {
            long length = Fields.contentLength(value);
            if (length < 0 || head.length() >= 0 && length != head.length()) {
                throw new InvalidHeadException("bad Content-Length");
            }
        }
    }

    /** What Content-Length says, or -1. */
    static long length(ResponseHead head) {
        if (head.status() == 204) {
            return -1;
        }
        String value = head.fields().first("content-length");
        return head.length() >= 0 || value == null ? head.length() : Fields.contentLength(value);
    }

    private static void check(String name, String value) throws InvalidHeadException {
        if (!isToken(name)) {
            throw new InvalidHeadException("bad field name");
        }
        if (!isText(value)) {
            throw new InvalidHeadException("bad value of field " + name);
        }
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }
}

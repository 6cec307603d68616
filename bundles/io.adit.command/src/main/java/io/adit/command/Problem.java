package io.adit.command;

import java.util.Map;

import io.adit.api.ErrorCode;
import io.adit.api.RegistrationException;
import jakarta.servlet.http.HttpServletResponse;

/** An answer that is not the wanted one (RFC 9457). The message is one line for the one who asked. */
final class Problem extends Exception {
    private static final long serialVersionUID = 1L;

    /** RFC 9110 sections 15.5.20 and 15.5.21; the servlet API has no names for them. */
    static final int MISDIRECTED = 421;
    static final int UNPROCESSABLE = 422;

    private final int status;
    private final transient Map<String, String> fields;

    Problem(int status, String line) {
        this(status, line, Map.of());
    }

    /** @param fields of the response, besides the usual ones */
    Problem(int status, String line, Map<String, String> fields) {
        super(line, null, false, false);
        this.status = status;
        this.fields = fields;
    }

    /** What was asked is not allowed, or not possible now. */
    static Problem of(RegistrationException e) {
        return new Problem(e.code() == ErrorCode.REFUSED ? UNPROCESSABLE : HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage());
    }

    static Problem badRequest(String line) {
        return new Problem(HttpServletResponse.SC_BAD_REQUEST, line);
    }

    static Problem notFound(String line) {
        return new Problem(HttpServletResponse.SC_NOT_FOUND, line);
    }

    int status() {
        return status;
    }

    Map<String, String> fields() {
        return fields;
    }

    /** RFC 9457 section 4.2.1: of about:blank, the phrase of the status. */
    String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case MISDIRECTED -> "Misdirected Request";
            case UNPROCESSABLE -> "Unprocessable Content";
            case 503 -> "Service Unavailable";
            default -> "Error";
        };
    }
}

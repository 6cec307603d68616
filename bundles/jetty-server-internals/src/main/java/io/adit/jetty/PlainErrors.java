package io.adit.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * The answer to what is no request at all, or too long for one: the parser's refusals, as long as nobody at this server has better
 * words. One plain line. Stateless.
 */
final class PlainErrors implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        String said = status + " " + HttpStatus.getMessage(status) + (reason == null ? "" : ": " + reason) + "\n";
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("Adit-Error", code(status));
        response.write(true, ByteBuffer.wrap(said.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }

    private static String code(int status) {
        return switch (status) {
            case HttpStatus.URI_TOO_LONG_414 -> "uri-too-long";
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "head-too-large";
            default -> status < 500 || status == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 ? "bad-request" : "internal-error";
        };
    }
}

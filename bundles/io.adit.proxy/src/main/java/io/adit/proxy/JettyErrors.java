package io.adit.proxy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What the public HTTP server answers to a request that never became an {@link Exchange}, because it is no valid HTTP or over a limit
 * of the server's own: in the same words and forms as all other errors. Thread-safe.
 */
final class JettyErrors implements Request.Handler, AutoCloseable {

    private final ErrorPages pages;
    private final Refusals refusals;
    private final Map<Server, Request.Handler> before = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param refusals is told of each */
    JettyErrors(ErrorPages pages, Refusals refusals) {
        this.pages = pages;
        this.refusals = refusals;
    }

    /** From now on the server's errors are ours. Cheap when they are already. */
    void attach(Server server) {
        if (server.getErrorHandler() == this) {
            return;
        }
        synchronized (this) {
            Request.Handler handler = server.getErrorHandler();
            if (!closed && handler != this && handler != null) {
                before.put(server, handler);
                server.setErrorHandler(this);
            }
        }
    }

    /** Leaves the servers as they were. */
    @Override
    public synchronized void close() {
        closed = true;
        before.forEach((server, handler) -> {
            if (server.getErrorHandler() == this) {
                server.setErrorHandler(handler);
            }
        });
        before.clear();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException failure ? failure.getCode() : response.getStatus();
        HttpFields fields = request.getHeaders();
        Problem problem = Problem.of(status);
        String host = Request.getServerName(request);
        List<String> accept = fields.getValuesList(HttpHeader.ACCEPT);
        // a head that was too large to be read does not say what its sender accepts; most such heads are browsers' with many cookies
        boolean unread = fields.size() == 0 && (status == HttpStatus.URI_TOO_LONG_414 || status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
        ErrorPages.Answer answer = pages.answer(problem, host == null ? "" : host, unread ? ProblemFormat.HTML : ProblemFormat.of(accept));
        response.setStatus(status);
        HttpFields.Mutable head = response.getHeaders();
        answer.fields().forEach((name, value) -> head.put(name, value));
        head.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        refusals.refused(request, status, problem.code() == null ? "" : problem.code().code(), answer.fields(), answer.body());
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
        return true;
    }
}

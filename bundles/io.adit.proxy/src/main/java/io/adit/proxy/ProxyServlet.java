package io.adit.proxy;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;

import jakarta.servlet.GenericServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

/** Where the HTTP server hands requests over; returns at once. */
final class ProxyServlet extends GenericServlet {

    private static final long serialVersionUID = 1L;

    /** Who else may take a request: false when nobody does. */
    interface Elsewhere {
        boolean service(ServletRequest request, ServletResponse response) throws ServletException, IOException;
    }

    private final transient Gateway gateway;
    private final transient Function<ServletRequest, Exchange> exchanges;
    private final transient Elsewhere room;
    private final transient Consumer<Boolean> bound;

    /**
     * @param room for what comes after the end
     * @param bound is told true when an HTTP server has bound this servlet, false when it let it go
     */
    ProxyServlet(Gateway gateway, Function<ServletRequest, Exchange> exchanges, Elsewhere room, Consumer<Boolean> bound) {
        this.gateway = gateway;
        this.exchanges = exchanges;
        this.room = room;
        this.bound = bound;
    }

    @Override
    public void init() {
        bound.accept(true);
    }

    @Override
    public void destroy() {
        bound.accept(false);
    }

    @Override
    public void service(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        if (!gateway.handle(() -> exchanges.apply(request)) && !room.service(request, response)) {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }
}

package io.adit.proxy;

import java.util.function.Consumer;
import java.util.function.Function;

import jakarta.servlet.GenericServlet;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

/** Where the HTTP server hands requests over; returns at once. */
final class ProxyServlet extends GenericServlet {

    private static final long serialVersionUID = 1L;

    private final transient Gateway gateway;
    private final transient Function<ServletRequest, Exchange> exchanges;
    private final transient Consumer<Boolean> bound;

    /** @param bound is told true when an HTTP server has bound this servlet, false when it let it go */
    ProxyServlet(Gateway gateway, Function<ServletRequest, Exchange> exchanges, Consumer<Boolean> bound) {
        this.gateway = gateway;
        this.exchanges = exchanges;
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
    public void service(ServletRequest request, ServletResponse response) {
        gateway.handle(exchanges.apply(request));
    }
}

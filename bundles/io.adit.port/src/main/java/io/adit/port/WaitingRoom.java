package io.adit.port;

import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;

import io.adit.gate.Gate;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.GenericServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servlet for the time in which the proxy endpoint is away, since its bundle is updated: it ranks below all others, so it gets what nobody
 * else takes, and keeps it until the endpoint is back. No thread waits, and nothing of a request's body is read.
 *
 * <p>Thread-safety: thread-safe.
 */
final class WaitingRoom extends GenericServlet implements AutoCloseable {

    /** Whiteboard name of the servlet that is waited for, and ours. */
    private static final String ENDPOINT = "io.adit.proxy";
    static final String NAME = "io.adit.port";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

    private final transient Gate<Servlet> gate;
    private final int retryAfter;
    private final transient ServiceTracker<Servlet, Servlet> endpoints;
    private final transient ServiceRegistration<?> helper;
    private final transient ServiceRegistration<?> servlet;

    WaitingRoom(BundleContext context, PortOptions options) {
        gate = new Gate<>(Duration.ofMillis(options.holdTimeout()), options.holdMax());
        retryAfter = (int) Math.max(1, Duration.ofMillis(options.holdTimeout()).toSeconds());
        endpoints = new ServiceTracker<>(context, filter(), new Endpoints(context));
        endpoints.open();
        helper = context.registerService(ServletContextHelper.class, new ServletContextHelper(context.getBundle()) { }, properties(options,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, NAME, HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, "/"));
        servlet = context.registerService(Servlet.class, this, properties(options,
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, NAME, HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, "/*",
                HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED, true, HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
                "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + NAME + ")"));
    }

    @Override
    public void service(ServletRequest request, ServletResponse response) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        gate.pass(endpoint -> hand(endpoint, async, request, response), () -> refuse(async, (HttpServletResponse) response));
    }

    private static void hand(Servlet endpoint, AsyncContext async, ServletRequest request, ServletResponse response) {
        try {
            endpoint.service(request, response);
        } catch (ServletException | IOException | RuntimeException | LinkageError e) {
            LOG.warn("a request that waited is broken off", e);
            complete(async);
        }
    }

    private void refuse(AsyncContext async, HttpServletResponse response) {
        try {
            response.setHeader("Retry-After", Integer.toString(retryAfter));
            response.setHeader("Adit-Error", "restarting");
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } catch (IOException | RuntimeException e) {
            LOG.debug("nobody to refuse", e);
        } finally {
            complete(async);
        }
    }

    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("it is complete", e);
        }
    }

    @Override
    public void close() {
        endpoints.close();
        gate.close();
        unregister(servlet);
        unregister(helper);
    }

    private static void unregister(ServiceRegistration<?> service) {
        try {
            service.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("the framework was faster", e);
        }
    }

    private static Filter filter() {
        try {
            return FrameworkUtil.createFilter("(&(" + Constants.OBJECTCLASS + "=" + Servlet.class.getName() + ")("
                    + HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME + "=" + ENDPOINT + "))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Dictionary<String, Object> properties(PortOptions options, Object... pairs) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, options.target());
        properties.put(Constants.SERVICE_RANKING, Integer.MIN_VALUE);
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put((String) pairs[i], pairs[i + 1]);
        }
        return properties;
    }

    private final class Endpoints implements ServiceTrackerCustomizer<Servlet, Servlet> {
        private final BundleContext context;

        Endpoints(BundleContext context) {
            this.context = context;
        }

        @Override
        public Servlet addingService(ServiceReference<Servlet> reference) {
            Servlet endpoint = context.getService(reference);
            if (endpoint != null) {
                gate.open(endpoint);
            }
            return endpoint;
        }

        @Override
        public void modifiedService(ServiceReference<Servlet> reference, Servlet endpoint) {
            // the same object
        }

        @Override
        public void removedService(ServiceReference<Servlet> reference, Servlet endpoint) {
            gate.shut(endpoint);
            context.ungetService(reference);
        }
    }
}

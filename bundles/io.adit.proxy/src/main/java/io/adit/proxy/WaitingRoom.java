package io.adit.proxy;

import java.io.IOException;
import java.util.Collection;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * For a request that was on its way to this component's servlet when that one went: the public port's servlet for the time in between
 * takes it, as it takes those that come later. Thread-safe.
 */
final class WaitingRoom {

    /** Whiteboard name of the public port's servlet. */
    private static final String FILTER = "(osgi.http.whiteboard.servlet.name=io.adit.port)";

    private final BundleContext context;

    WaitingRoom(BundleContext context) {
        this.context = context;
    }

    /** False when there is none. */
    boolean service(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        try {
            Collection<ServiceReference<Servlet>> rooms = context.getServiceReferences(Servlet.class, FILTER);
            for (ServiceReference<Servlet> reference : rooms) {
                Servlet room = context.getService(reference);
                if (room != null) {
                    room.service(request, response);
                    return true;
                }
            }
        } catch (IllegalStateException e) {
            return false; // not even the bundle is there any more
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return false;
    }
}

package io.adit.itests.hello;

import java.io.IOException;
import java.util.Hashtable;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What somebody has in his container already: a servlet for the whiteboard. Made into a bundle by {@code HelloBundle}. */
public final class Activator implements BundleActivator {

    public static final String PATH = "/hello";
    public static final String TEXT = "hello from a servlet of my own";

    @Override
    public void start(BundleContext context) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", PATH);
        context.registerService(Servlet.class, new Hello(), properties);
    }

    @Override
    public void stop(BundleContext context) {
        // the framework unregisters it
    }

    private static final class Hello extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getWriter().print(TEXT);
        }
    }
}

package io.adit.console;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;

import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Keeps pages of others out of all of the web console, whoever made its plugins, and out of the health checks: a browser sends the console's login along
 * with requests of any page, and its plugins take a change, even a bundle, from anywhere. Programs that are no browsers do not notice.
 *
 * <p>By what browsers say of where a request comes from (W3C Fetch Metadata; RFC 6454 section 7 for older ones). Links from elsewhere work.
 *
 * <p>Stateless.
 */
final class ForeignPages implements Preprocessor {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OF_US = Set.of("same-origin", "none");

    @Override
    public void init(FilterConfig config) {
        // nothing to be set
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        // in this order: every request to this server comes by, and few are foreign
        if (isForeign(http.getMethod(), http.getHeader("Host"), http.getHeader("Origin"), http.getHeader("Sec-Fetch-Site"), http.getHeader("Sec-Fetch-Mode"),
                http.getHeader("Sec-Fetch-Dest")) && isGuarded(http.getRequestURI())) {
            HttpServletResponse refusal = (HttpServletResponse) response;
            refusal.setStatus(HttpServletResponse.SC_FORBIDDEN);
            refusal.setContentType("text/plain;charset=utf-8");
            refusal.getWriter().println("A page from elsewhere asks for this.");
            return;
        }
        chain.doFilter(request, response);
    }

    /** Whatever a server may take it for. */
    static boolean isGuarded(String uri) {
        Deque<String> path = new ArrayDeque<>();
        for (String segment : decoded(uri).split("/")) {
            String name = segment.replaceFirst(";.*", "");
            if (name.equals("..")) {
                path.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                path.addLast(name.toLowerCase(Locale.ROOT));
            }
        }
        for (Iterator<String> segments = path.iterator(); segments.hasNext();) {
            if (segments.next().equals("system") && segments.hasNext()) {
                String next = segments.next();
                return next.equals("console") || next.startsWith("health");
            }
        }
        return false;
    }

    private static String decoded(String uri) {
        try {
            return URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return uri; // no server takes it
        }
    }

    static boolean isForeign(String method, String host, String origin, String site, String mode, String destination) {
        boolean safe = SAFE.contains(method);
        if (site != null && !OF_US.contains(site)) {
            return !(safe && "navigate".equals(mode) && "document".equals(destination));
        }
        return !safe && origin != null && !Guard.isOrigin(origin, host);
    }

    @Override
    public void destroy() {
        // nothing is held
    }
}

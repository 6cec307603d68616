package io.adit.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who gets in: callers on this machine (or, where that is configured, from elsewhere) that know the token. A page in a browser does not, even where its
 * name leads to this machine by a trick of DNS: the host that was asked must be one of ours, and an Origin the same. Thread-safety: immutable.
 */
final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private final AdminToken token;
    private final boolean remote;
    private final Set<String> hosts;

    /**
     * @param remote whether callers may be on other machines
     * @param hosts names of this server besides those of the loopback addresses, in lower case
     */
    Guard(AdminToken token, boolean remote, Set<String> hosts) {
        this.token = token;
        this.remote = remote;
        this.hosts = Set.copyOf(hosts);
    }

    /** For what everybody who could get in may see. */
    void place(HttpServletRequest request) throws Problem {
        if (!remote && !isLoopback(request.getRemoteAddr())) {
            throw new Problem(HttpServletResponse.SC_FORBIDDEN, "only from this machine");
        }
        String authority = request.getHeader("Host");
        String host = host(authority);
        if (!hosts.contains(host) && !host.equals("localhost") && !isLiteral(host)) {
            throw new Problem(Problem.MISDIRECTED, "this server has no such name");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !isSame(origin, authority)) {
            throw new Problem(HttpServletResponse.SC_FORBIDDEN, "not for pages of another origin");
        }
    }

    /** For all else. */
    void admit(HttpServletRequest request) throws Problem {
        boolean known;
        try {
            known = token.accepts(request.getHeader("Authorization"));
        } catch (IOException e) {
            LOG.warn("the admin token cannot be read, so nobody gets in: {}", e.toString());
            throw new Problem(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the admin token cannot be read here; the log says why");
        }
        if (!known) {
            String error = request.getHeader("Authorization") == null ? "" : ", error=\"invalid_token\"";
            throw new Problem(HttpServletResponse.SC_UNAUTHORIZED, "the token is missing or wrong",
                    Map.of("WWW-Authenticate", "Bearer realm=\"Adit\"" + error));
        }
    }

    /** An address literal is not looked up, so it leads to nobody by a trick; which one it is is up to the server's binding. */
    private boolean isLiteral(String host) {
        return remote ? host.matches("[0-9.]+|\\[[0-9a-f:.]+\\]") : host.matches("127(\\.[0-9]{1,3}){3}|\\[::1\\]");
    }

    private static String host(String authority) {
        if (authority == null) {
            return "";
        }
        return authority.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isSame(String origin, String authority) {
        try {
            return authority.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isLoopback(String address) {
        try {
            // an address literal, as getRemoteAddr gives it, is not looked up
            return address != null && !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

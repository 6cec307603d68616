package io.adit.command;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import io.adit.api.AdminAccess;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who gets in: callers as {@link AdminAccess} has them that know the token; no page of another origin. Thread-safety: immutable.
 */
final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private final AdminToken token;
    private final AdminAccess access;

    Guard(AdminToken token, AdminAccess access) {
        this.token = token;
        this.access = access;
    }

    /** For what everybody who could get in may see. */
    void place(HttpServletRequest request) throws Problem {
        if (!access.isFromHere(request.getRemoteAddr())) {
            throw new Problem(HttpServletResponse.SC_FORBIDDEN, "only from this machine");
        }
        String authority = request.getHeader("Host");
        if (!access.isForUs(authority)) {
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

    private static boolean isSame(String origin, String authority) {
        try {
            return authority.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

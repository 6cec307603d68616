package io.adit.console;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Whether a change was asked for by a page of ours: it has the token that only those can read, and comes from where they are. A browser sends the
 * console's login along with requests of any page. Thread-safe: immutable.
 */
final class Guard {

    static final String HEADER = "X-Adit-Token";

    private final String token;

    Guard() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    String token() {
        return token;
    }

    /**
     * @param given the token of the request, or null
     * @param origin its field Origin, or null
     * @param host its field Host, or null
     * @param site its field Sec-Fetch-Site, or null
     * @return why it is refused, one line; null when it is not
     */
    String refusal(String given, String origin, String host, String site) {
        if (origin == null || !isOrigin(origin, host) || site != null && !site.equals("same-origin")) {
            return "a change must come from a page of this console (Origin)";
        }
        if (given == null || !MessageDigest.isEqual(token.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8))) {
            return "the page is from before a restart, or is none of ours: load it again (" + HEADER + ")";
        }
        return null;
    }

    /** Whether a page of that origin is one of that host. */
    static boolean isOrigin(String origin, String host) {
        return host != null && host.equalsIgnoreCase(authority(origin));
    }

    private static String authority(String origin) {
        try {
            return new URI(origin).getRawAuthority();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}

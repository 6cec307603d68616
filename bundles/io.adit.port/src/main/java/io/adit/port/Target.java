package io.adit.port;

import org.eclipse.jetty.http.HttpURI;

/** The request target and the server that serves it. Stateless. */
final class Target {

    /**
     * Name of the attribute of a connection (Jetty's ConnectionMetaData) that has the target as it was sent, a String, where the server
     * was told "/" instead; else it is not there.
     */
    static final String ATTRIBUTE = "io.adit.target";

    private Target() {
    }

    /**
     * The target, or "/" where the server would not pass it to a servlet as it is: the asterisk form, which is not below any path; the
     * absolute form, whose authority it compares with Host; and paths with more dot segments than levels, which mean nothing to it.
     */
    static String plain(String target) {
        if (target == null || !target.startsWith("/")) {
            return "/";
        }
        boolean dots = target.contains("..") || target.contains("%2"); // nothing else leaves no path, and a parse costs
        return dots && isAboveTheRoot(target) ? "/" : target;
    }

    private static boolean isAboveTheRoot(String target) {
        try {
            return HttpURI.build("GET", target).getCanonicalPath() == null;
        } catch (IllegalArgumentException e) {
            return true; // that is how it tells
        }
    }
}

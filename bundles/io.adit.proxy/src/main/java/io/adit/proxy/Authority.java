package io.adit.proxy;

import java.util.Locale;

/**
 * The authority of a request, parsed once: routing, access and logs go by this one.
 *
 * @param host lower case, without a trailing dot
 * @param port or -1
 */
record Authority(String host, int port) {

    /** @return null when it is no valid authority of a gateway's request: host[:port], no user information, no list */
    static Authority parse(String text) {
        int colon = text.startsWith("[") ? text.indexOf(':', text.indexOf(']') + 1) : text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        int port = -1;
        if (colon >= 0 && colon + 1 < text.length()) {
            port = port(text.substring(colon + 1));
            if (port < 0) {
                return null;
            }
        }
        if (!isHost(host)) {
            return null;
        }
        host = host.toLowerCase(Locale.ROOT);
        return new Authority(host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
    }

    /** The one label in front of the domain (lower case, without dots around it), or null when this host is no direct sub-name. */
    String label(String domain) {
        int length = host.length() - domain.length() - 1;
        if (length <= 0 || host.charAt(length) != '.' || !host.endsWith(domain)) {
            return null;
        }
        String label = host.substring(0, length);
        return label.indexOf('.') < 0 ? label : null;
    }

    private static int port(String text) {
        if (text.length() > 5) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = 10 * port + c - '0';
        }
        return port <= 65535 ? port : -1;
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return host.length() > 4 && host.endsWith("]") && host.substring(1, host.length() - 1).matches("[0-9A-Fa-f:.]+");
        }
        if (host.isEmpty() || host.length() > 254 || host.startsWith(".") || host.contains("..")) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_')) {
                return false;
            }
        }
        return true;
    }
}

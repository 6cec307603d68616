package io.adit.way;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A forward proxy, as companies have them: what the peer connects to instead of the tunnel's proxy, and asks for a connection to that one.
 * Immutable.
 *
 * @param host without brackets
 * @param port 1..65535
 * @param login what its URL says of a user; null: nothing
 */
public record Via(Kind kind, String host, int port, Login login) {

    /** How it is spoken to. */
    public enum Kind {
        /** CONNECT (RFC 9110 section 9.3.6). */
        HTTP("http"),
        /** SOCKS version 5 (RFC 1928). */
        SOCKS5("socks5");

        private final String scheme;

        Kind(String scheme) {
            this.scheme = scheme;
        }
    }

    public static final String FORM = "http://HOST:PORT or socks5://HOST:PORT";

    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(?:(.*)@)?(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):([0-9]{1,5})/?");

    /**
     * Reads {@code SCHEME://[USER[:PASSWORD]@]HOST:PORT}; user and password are percent-encoded. {@code socks5h} is the same as {@code socks5}: the
     * forward proxy looks names up, always.
     *
     * @throws IllegalArgumentException with what it must be, to go on after "must be"
     */
    public static Via parse(String text) {
        Matcher url = URL.matcher(text.strip());
        if (!url.matches()) {
            throw new IllegalArgumentException(FORM);
        }
        Kind kind = switch (url.group(1).toLowerCase(Locale.ROOT)) {
            case "http" -> Kind.HTTP;
            case "socks5", "socks5h" -> Kind.SOCKS5;
            case "https" -> throw new IllegalArgumentException(FORM + " (TLS to the forward proxy itself is not supported)");
            default -> throw new IllegalArgumentException(FORM);
        };
        int port = Integer.parseInt(url.group(4));
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(FORM + " with a port in 1..65535");
        }
        String host = url.group(3);
        return new Via(kind, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port, login(url.group(2)));
    }

    private static Login login(String text) {
        if (text == null) {
            return null;
        }
        int colon = text.indexOf(':');
        return new Login(decode(colon < 0 ? text : text.substring(0, colon)), colon < 0 ? "" : decode(text.substring(colon + 1)));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8); // it is made for forms, where a plus is a space
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FORM + " with a percent-encoded user and password");
        }
    }

    /** A text that should have been such a URL, fit for a log: without what may be a password. */
    public static String redact(String text) {
        return text.replaceFirst("//.*@", "//***@");
    }

    @Override
    public String toString() {
        return kind.scheme + "://" + Literal.authority(host, port);
    }
}

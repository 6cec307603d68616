package io.adit.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * All that a peer needs to connect, in one line:
 * {@code adit://NAME:SECRET@HOST:PORT?cert=HEX} with the SHA-256 of the proxy's certificate, or {@code ?tls=off}.
 *
 * @param host what to dial
 * @param port 1..65535
 * @param name the peer's name
 * @param secret 32 random bytes
 * @param fingerprint SHA-256 of the proxy's certificate, 32 bytes; empty for a tunnel without TLS
 */
public record Invitation(String host, int port, String name, byte[] secret, byte[] fingerprint) {

    private static final int LONGEST_NAME = 63;

    public Invitation {
        if (host.isEmpty() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("an invitation names a host and a port 1..65535");
        }
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + printable(name) + "' is not a name: letters, digits and inner hyphens, 1 to 63 of them");
        }
        if (secret.length != 32) {
            throw new IllegalArgumentException("the secret of an invitation has 32 bytes");
        }
        if (fingerprint.length != 32 && fingerprint.length != 0) {
            throw new IllegalArgumentException("the fingerprint of an invitation has 32 bytes");
        }
    }

    /** Whether it is one DNS label in lower case (RFC 1123 section 2.1). */
    public static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean inner = i > 0 && i < name.length() - 1;
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && inner)) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= LONGEST_NAME;
    }

    public boolean tls() {
        return fingerprint.length != 0;
    }

    /**
     * @throws IllegalArgumentException with one line that says what is wrong and does not repeat the secret
     */
    public static Invitation parse(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("adit://")) {
            throw new IllegalArgumentException("an invitation starts with adit://");
        }
        URI uri;
        try {
            uri = new URI(trimmed);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the invitation is damaged: " + e.getReason() + " at character " + e.getIndex());
        }
        String user = uri.getRawUserInfo();
        String query = uri.getRawQuery();
        int colon = user == null ? -1 : user.indexOf(':');
        if (uri.getHost() == null || uri.getPort() < 0 || colon < 0 || query == null) {
            throw new IllegalArgumentException("the invitation is damaged: it has the form adit://NAME:SECRET@HOST:PORT?cert=FINGERPRINT");
        }
        byte[] fingerprint;
        byte[] secret;
        try {
            secret = Base64.getUrlDecoder().decode(user.substring(colon + 1));
            if (query.equals("tls=off")) {
                fingerprint = new byte[0];
            } else if (query.startsWith("cert=")) {
                fingerprint = HexFormat.of().parseHex(query.substring(5));
                if (fingerprint.length == 0) {
                    throw new IllegalArgumentException("empty");
                }
            } else {
                throw new IllegalArgumentException("no cert");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the invitation is damaged: its secret or its cert cannot be read");
        }
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Invitation(host, uri.getPort(), user.substring(0, colon), secret, fingerprint);
    }

    /** The one line; it holds the secret. */
    public String text() {
        String dial = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "adit://" + name + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "@" + dial + ":" + port
                + (tls() ? "?cert=" + HexFormat.of().formatHex(fingerprint) : "?tls=off");
    }

    /** Without the secret, for logs. */
    @Override
    public String toString() {
        return "adit://" + name + "@" + host + ":" + port + (tls() ? "" : "?tls=off");
    }

    /** What somebody wrote, for a line that says what is wrong with it. */
    static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "..." : clean;
    }
}

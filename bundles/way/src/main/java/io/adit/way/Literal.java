package io.adit.way;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Tells IP addresses from names without asking a name server, which a peer behind a forward proxy may not have. Stateless. */
public final class Literal {

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private Literal() {
    }

    /** The 4 or 16 bytes of an IP address as it stands in a URL, without brackets; null for a name. */
    public static byte[] address(String host) {
        if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(host).getAddress(); // no look-up: Java reads such texts itself
        } catch (UnknownHostException e) {
            return null; // colons that make no address: no name either, and whoever is given it says so
        }
    }

    /** With brackets around an IPv6 address (RFC 3986 section 3.2.2). */
    public static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}

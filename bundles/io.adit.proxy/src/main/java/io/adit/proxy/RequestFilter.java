package io.adit.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;

/**
 * Makes the request head for the peer: hop-by-hop fields end here; then come Via, Forwarded and X-Forwarded-*, which are ours. What a
 * visitor sent under these names, however it is spelled, is dropped unless the visitor is a trusted proxy. Thread-safe.
 */
final class RequestFilter {

    private static final Set<String> ADDRESSED = Set.of("forwarded", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip");

    /** What a recipient must know before the body; Content-, If- and Accept fields besides. */
    private static final Set<String> EARLY = Set.of("host", "via", "trailer", "expect", "authorization", "cookie", "cookie2", "set-cookie", "cache-control", "pragma",
            "range", MaxForwards.NAME, "age", "date", "expires", "location", "vary", "retry-after");

    /** As much as a REQUEST packet holds, less what is its own (PROTOCOL section 4). */
    private static final int MAX_PACKET_BYTES = 65 * 1024 - 64;

    private final TrustedProxies trusted;

    RequestFilter(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    RequestHead head(Exchange exchange, Fields fields, String authority) {
        InetSocketAddress remote = exchange.remote();
        InetAddress address = remote == null ? null : remote.getAddress();
        boolean believed = trusted.contains(address);
        HopByHop hopByHop = HopByHop.of(fields);
        Fields.Builder result = Fields.builder();
        if (!fields.contains("host")) {
            result.add("Host", authority);
        }
        int hops = MaxForwards.of(exchange.method(), fields);
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            String lower = name.toLowerCase(Locale.ROOT);
            if (!hopByHop.ends(lower) && !isOurs(lower, believed) || lower.equals("transfer-encoding")) {
                result.add(name, value(lower, fields.value(i), hops, authority));
            }
        }
        String upgrade = upgrade(exchange, fields);
        result.add("Via", exchange.protocol().substring("HTTP/".length()) + " adit");
        forwarded(result, exchange, fields, address, authority, believed);
        return new RequestHead(exchange.method(), exchange.scheme(), authority, exchange.target(), exchange.protocol(), result.build(),
                client(remote, address), upgrade, exchange.length());
    }

    /** Whether a packet holds this head, in whatever codec version: none carries more than the first, which needs four bytes more for each field. */
    static boolean fits(RequestHead head) {
        long bytes = head.fields().bytes() + 4L * head.fields().size() + head.method().length() + head.scheme().length() + head.authority().length()
                + head.target().length() + head.protocol().length() + head.client().length() + head.upgrade().length();
        return bytes <= MAX_PACKET_BYTES;
    }

    /** All as it came, but Transfer-Encoding, which was found to be chunked (PROTOCOL M6), a Host that an absolute target overrules (RFC 9112 section 3.2.2), and the hops that are left. */
    private static String value(String name, String value, int hops, String authority) {
        if (name.equals("host")) {
            return authority;
        }
        if (name.equals("transfer-encoding")) {
            return "chunked"; // in the case in which everybody knows it
        }
        return hops > 0 && name.equals(MaxForwards.NAME) ? Integer.toString(hops - 1) : value;
    }

    /**
     * The trailer fields of a request that may pass: not what frames, routes, authenticates or qualifies it, or describes its content
     * (RFC 9110 section 6.5.1), for that was decided when the head was read; and not what is ours to say.
     */
    static Fields trailers(Fields fields) {
        HopByHop hopByHop = HopByHop.of(fields);
        Fields.Builder result = Fields.builder();
        fields.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean early = EARLY.contains(lower) || lower.startsWith("content-") || lower.startsWith("if-") || lower.startsWith("accept");
            if (!early && !hopByHop.ends(lower) && !isOurs(lower, false)) {
                result.add(name, value);
            }
        });
        return result.build();
    }

    private static boolean isOurs(String name, boolean believed) {
        String plain = name.replace('_', '-');
        boolean ours = plain.startsWith("x-forwarded-") || ADDRESSED.contains(plain);
        if (ours) {
            // the ones that are written anew from what a trusted proxy said are dropped here too
            return !believed || plain.length() != name.length() || name.indexOf('_') >= 0 || isRewritten(plain);
        }
        // "httpoxy": a CGI origin would see it as HTTP_PROXY
        return plain.equals("proxy") || name.equals("x_via");
    }

    private static boolean isRewritten(String name) {
        return switch (name) {
            case "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port" -> true;
            default -> false;
        };
    }

    private static void forwarded(Fields.Builder result, Exchange exchange, Fields fields, InetAddress address, String authority,
            boolean believed) {
        String ip = ip(address);
        String node = ip.indexOf(':') >= 0 ? "\"[" + ip + "]\"" : ip;
        String element = "for=" + node + ";host=\"" + authority + "\";proto=" + exchange.scheme();
        result.add("Forwarded", before(fields, "forwarded", believed) + element);
        result.add("X-Forwarded-For", before(fields, "x-forwarded-for", believed) + ip);
        result.add("X-Forwarded-Proto", given(fields, "x-forwarded-proto", believed, exchange.scheme()));
        result.add("X-Forwarded-Host", given(fields, "x-forwarded-host", believed, authority));
        result.add("X-Forwarded-Port", given(fields, "x-forwarded-port", believed, port(exchange, authority)));
    }

    private static String before(Fields fields, String name, boolean believed) {
        List<String> values = believed ? fields.all(name) : List.of();
        return values.isEmpty() ? "" : String.join(", ", values) + ", ";
    }

    private static String given(Fields fields, String name, boolean believed, String ours) {
        String value = believed ? fields.first(name) : null;
        return value == null ? ours : value;
    }

    private static String port(Exchange exchange, String authority) {
        Authority parsed = Authority.parse(authority);
        if (parsed != null && parsed.port() >= 0) {
            return Integer.toString(parsed.port());
        }
        return exchange.scheme().equals("https") ? "443" : "80";
    }

    private static String ip(InetAddress address) {
        String ip = address == null ? "unknown" : address.getHostAddress();
        int zone = ip.indexOf('%');
        return zone < 0 ? ip : ip.substring(0, zone);
    }

    /**
     * The address of whoever it comes from: the sender's, and where that is a trusted proxy, of those that X-Forwarded-For names the nearest one that is
     * none; what is behind that one anybody may have written. What is no address ends the search.
     */
    String visitor(InetSocketAddress remote, Fields fields) {
        InetAddress nearest = remote == null ? null : remote.getAddress();
        if (trusted.contains(nearest)) {
            String[] path = String.join(",", fields.all("x-forwarded-for")).split(",");
            for (int i = path.length - 1; i >= 0 && trusted.contains(nearest); i--) {
                InetAddress before = TrustedProxies.address(path[i].strip());
                if (before == null) {
                    break;
                }
                nearest = before;
            }
        }
        return ip(nearest);
    }

    /** Address and port, as text. */
    static String client(InetSocketAddress remote) {
        return client(remote, remote == null ? null : remote.getAddress());
    }

    private static String client(InetSocketAddress remote, InetAddress address) {
        if (address == null) {
            return "unknown";
        }
        String ip = address.getHostAddress();
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + remote.getPort();
    }

    /**
     * The protocols to change to (RFC 9110 section 7.8), or empty where that is a plain request: HTTP/1.0 knows no Upgrade, and where a body follows a server may
     * answer the request as if there were no Upgrade.
     */
    private static String upgrade(Exchange exchange, Fields fields) {
        if (exchange.webSocket() != null) {
            return WebSocketTunnel.PROTOCOL;
        }
        boolean possible = exchange.protocol().equals("HTTP/1.1") && !exchange.hasBody();
        return possible && UpgradeField.isMeant(fields) ? UpgradeField.protocols(fields.all("upgrade")) : "";
    }
}

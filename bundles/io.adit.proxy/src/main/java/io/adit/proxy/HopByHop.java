package io.adit.proxy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.adit.api.packet.Fields;

/** Which fields end at this gateway (RFC 9110 section 7.6.1): the known ones and all that Connection names. */
final class HopByHop {

    private static final Set<String> KNOWN = Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "upgrade",
            "proxy-authenticate", "proxy-authorization", "http2-settings");
    /** What Connection may not take away: without these the message would be another one. */
    private static final Set<String> KEPT = Set.of("host", "content-length", "content-encoding", "content-type", "content-range",
            "authorization", "cookie", "set-cookie", "location", "trailer", "expect");

    private final Set<String> named;

    private HopByHop(Set<String> named) {
        this.named = named;
    }

    static HopByHop of(Fields fields) {
        Set<String> named = Set.of();
        List<String> lists = fields.all("connection");
        for (String list : lists) {
            for (String item : list.split(",")) {
                String name = item.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !KNOWN.contains(name) && !KEPT.contains(name) && !name.equals("close")) {
                    named = named.isEmpty() ? new HashSet<>() : named;
                    named.add(name);
                }
            }
        }
        return new HopByHop(named);
    }

    /** @param name in lower case */
    boolean ends(String name) {
        return KNOWN.contains(name) || named.contains(name);
    }
}

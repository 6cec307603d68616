package io.adit.health;

import java.util.Locale;

/** A way to fail: each is a health check. docs/HEALTH.md has them all. */
enum Mode {
    HEAP(Side.BOTH, false, "heap"),
    DISK(Side.BOTH, false, "free disk"),
    CLOCK(Side.BOTH, false, "clock"),
    CONFIGURATION(Side.BOTH, false, "configuration"),
    CODEC(Side.BOTH, true, "packet codecs"),
    CREDIT(Side.BOTH, false, "credit for streams"),
    ROUND_TRIP(Side.BOTH, false, "round trips"),

    REGISTRY(Side.PROXY, true, "registry"),
    STORE(Side.PROXY, false, "store of names"),
    TUNNEL_PORT(Side.PROXY, true, "tunnel port"),
    TUNNEL_CERTIFICATE(Side.PROXY, false, "certificate of the tunnel"),
    PUBLIC_PORT(Side.PROXY, true, "public port"),
    HTTPS_CERTIFICATE(Side.PROXY, false, "certificates of the public port"),
    ACME(Side.PROXY, false, "certificates by ACME"),
    DRAIN(Side.PROXY, true, "drain"),
    LINK(Side.PROXY, false, "link to the registration server"),
    PROXIES(Side.PROXY, false, "linked proxies"),
    KEEP_ALIVE(Side.PROXY, false, "sessions lost in silence"),
    DNS_SERVER(Side.PROXY, false, "name server"),
    DNS_UPDATES(Side.PROXY, false, "updates of a name server"),
    MAIL(Side.PROXY, false, "mail"),
    WEBHOOK(Side.PROXY, false, "webhooks"),

    TUNNEL(Side.PEER, true, "tunnel"),
    INVITATION(Side.PEER, false, "invitation"),
    PROXY_CERTIFICATE(Side.PEER, false, "certificate that the proxy shows"),
    FORWARD_PROXY(Side.PEER, false, "forward proxy"),
    ORIGIN(Side.PEER, false, "origin");

    /** Where it can happen. */
    enum Side { BOTH, PROXY, PEER }

    private final Side side;
    private final boolean readiness;
    private final String title;

    Mode(Side side, boolean readiness, String title) {
        this.side = side;
        this.readiness = readiness;
        this.title = title;
    }

    Side side() {
        return side;
    }

    /** Whether nothing should be sent here while it is so. */
    boolean isReadiness() {
        return readiness;
    }

    /** As sources name it. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return "Adit: " + title;
    }

    String[] tags() {
        String where = side.name().toLowerCase(Locale.ROOT);
        return side == Side.BOTH ? tagged("adit", id(), "proxy", "peer") : tagged("adit", id(), where);
    }

    private String[] tagged(String... tags) {
        String[] all = java.util.Arrays.copyOf(tags, tags.length + (readiness ? 1 : 0));
        if (readiness) {
            all[tags.length] = "adit-ready";
        }
        return all;
    }
}

package io.adit.api;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.adit.api.packet.Fields;

/**
 * That a name is served, and by which proxy. Thread-safety: immutable.
 *
 * @param name the peer's name, one DNS label in lower case
 * @param url where browsers reach it
 * @param proxyName the name of the proxy that serves it
 * @param addresses where that proxy serves browsers, each IPv4 or IPv6; empty when they are not known
 * @param since when the peer registered
 * @param details what the peer said of itself at registration (PROTOCOL A5, {@link Details}); unchecked, but bounded
 */
public record Presence(String name, String url, String proxyName, List<InetAddress> addresses, Instant since, Fields details) {

    public Presence {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(proxyName, "proxyName");
        addresses = List.copyOf(addresses);
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(details, "details");
    }
}

package io.adit.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.adit.api.Checks;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;

/**
 * The configuration of the server, checked. Immutable.
 *
 * @param addresses of the domain itself and its name servers; empty: those of the proxies
 * @param leftOut lines about records that cannot be served
 * @param settle how long at most names that nobody told of are not denied after the start
 */
record Settings(String bind, int port, Zone.Fixed zone, List<String> leftOut, List<InetAddress> addresses, Duration settle, int udpBytes, RateLimit.Limits rate,
        int connections, Duration idle) {

    static final String PID = "io.adit.dns";

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Settings of(DnsConfiguration config) {
        Name domain = DomainNames.host(PID, "domain", config.domain());
        int recordsTtl = Checks.within(PID, "records.ttl.seconds", config.records_ttl_seconds(), 0, 604_800);
        RecordLines records = RecordLines.parse(PID, "records", config.records(), domain, recordsTtl);
        return new Settings(config.bind_address().strip(), Checks.within(PID, "port", config.port(), 0, 65_535),
                new Zone.Fixed(domain, servers(config.name_servers(), domain), contact(config.contact(), domain), records.records(), config.wildcard(),
                        Checks.within(PID, "ttl.seconds", config.ttl_seconds(), 0, 86_400),
                        Checks.within(PID, "negative.ttl.seconds", config.negative_ttl_seconds(), 0, 3600), recordsTtl),
                records.leftOut(), DomainNames.addresses(PID, "addresses", config.addresses()),
                Duration.ofMillis(Checks.within(PID, "settle.timeout.millis", config.settle_timeout_millis(), 0, 600_000)),
                Checks.within(PID, "udp.max.bytes", config.udp_max_bytes(), 512, 4096),
                new RateLimit.Limits(Checks.within(PID, "rate.limit", config.rate_limit(), 0, 1_000_000),
                        Checks.within(PID, "rate.slip", config.rate_slip(), 0, 100),
                        Checks.within(PID, "rate.prefixes", config.rate_prefixes(), 100, 1_000_000)),
                Checks.within(PID, "tcp.connections", config.tcp_connections(), 1, 100_000),
                Duration.ofMillis(Checks.within(PID, "tcp.idle.timeout.millis", config.tcp_idle_timeout_millis(), 100, 600_000)));
    }

    private static List<Name> servers(String[] values, Name domain) {
        List<Name> servers = new ArrayList<>();
        for (String value : values == null ? new String[0] : values) {
            for (String one : value.split(",")) {
                if (!one.isBlank()) {
                    servers.add(DomainNames.host(PID, "name.servers", one));
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(DomainNames.below("ns", domain).orElseThrow(() -> Checks.bad(PID, "domain", domain, "short enough for a name server in it")));
        }
        return List.copyOf(servers);
    }

    /** RFC 1035 section 8: the local part is the first label, with its dots. */
    private static Name contact(String value, Name domain) {
        String text = value == null || value.isBlank() ? "" : value.strip();
        try {
            if (text.isEmpty()) {
                return DomainNames.below("hostmaster", domain).orElse(domain);
            }
            int at = text.lastIndexOf('@');
            if (at > 0 && text.substring(0, at).matches("[A-Za-z0-9._+-]{1,63}")) {
                return Name.concatenate(Name.fromString(text.substring(0, at).replace(".", "\\.")),
                        DomainNames.host(PID, "contact", text.substring(at + 1)));
            }
        } catch (TextParseException | NameTooLongException e) {
            throw Checks.bad(PID, "contact", value, "an e-mail address or empty");
        }
        throw Checks.bad(PID, "contact", value, "an e-mail address or empty");
    }
}

package io.adit.registry;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.adit.api.Checks;
import io.adit.api.Quota;

/**
 * The checked configuration. Thread-safety: immutable.
 *
 * @param url a name's public URL
 * @param linked whether this is a proxy of another registration server, and none itself
 * @param addresses where browsers reach this proxy; empty: where peers dial
 * @param lookAlikes whether a name may look like another
 * @param ticketKey the file of the key that signs tickets
 * @param registrarKey the file with what a linked proxy keeps of its registration server
 * @param quota of names that have none of their own
 * @param quarantine how long nobody gets a name that was given up
 * @param open names for peers without an invitation
 * @param domain under which the names live
 * @param domains of one's own
 * @param resolver name servers, HOST:PORT each; none: those of the system
 */
record Settings(boolean linked, StoreSettings store, UnaryOperator<String> url, Assignments.Here here, List<InetAddress> addresses, List<String> reserved, boolean lookAlikes,
        Peers.Limits limits, Path ticketKey, Duration ticketLife, Duration ticketSkew, Path registrarKey, Quota quota, Duration quarantine, OpenNames.Bounds open,
        String domain, Domains.Limits domains, List<String> resolver) {

    static final String PID = "io.adit.registry";
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z]+(?=://)");

    /**
     * @param base turns the store's path into the file's, where it is relative
     * @throws IllegalArgumentException with one line that names PID, key and range
     */
    static Settings of(RegistryConfiguration config, Function<String, Path> base) {
        return new Settings(config.linked(), StoreSettings.of(config, base), url(config.public_url(), host("domain", config.domain())),
                new Assignments.Here(proxyName(config.proxy_name()), config.assign_here(),
                        Checks.within(PID, "capacity", config.capacity(), 1, Announcement.MOST_CAPACITY)),
                addresses(config.public_addresses()), reserved(config.reserved_names()), config.lookalikes(),
                new Peers.Limits(Duration.ofMillis(Checks.within(PID, "grace.millis", config.grace_millis(), 0, 600_000)),
                        Checks.within(PID, "grace.waiting", config.grace_waiting(), 0, 100_000),
                        Duration.ofMillis(Checks.within(PID, "drain.timeout.millis", config.drain_timeout_millis(), 0, 3_600_000)),
                        Checks.within(PID, "replaced.max", config.replaced_max(), 0, 64),
                        Duration.ofMillis(Checks.within(PID, "move.linger.millis", config.move_linger_millis(), 0, 3_600_000))),
                path("ticket.key", config.ticket_key(), base),
                Duration.ofMillis(Checks.within(PID, "ticket.life.millis", config.ticket_life_millis(), 1000, 86_400_000)),
                Duration.ofMillis(Checks.within(PID, "ticket.skew.millis", config.ticket_skew_millis(), 0, 3_600_000)),
                path("registrar.key", config.registrar_key(), base),
                new Quota(Checks.within(PID, "quota.streams", config.quota_streams(), 0, Quota.MOST_STREAMS),
                        Checks.within(PID, "quota.rate", config.quota_rate(), 0, Quota.MOST_RATE), bandwidth(config.quota_bandwidth())),
                Duration.ofSeconds(Checks.within(PID, "quarantine.seconds", config.quarantine_seconds(), 0, 315_360_000)),
                new OpenNames.Bounds(config.open_registration(), Checks.within(PID, "open.names.max", config.open_names_max(), 1, 10_000_000),
                        Checks.within(PID, "open.names.per.network", config.open_names_per_network(), 1, 10_000),
                        Duration.ofDays(Checks.within(PID, "open.idle.days", config.open_idle_days(), 2, 3650))),
                host("domain", config.domain()),
                new Domains.Limits(Checks.within(PID, "domain.per.name", config.domain_per_name(), 0, 1000), Checks.within(PID, "domain.max", config.domain_max(), 0, 100_000),
                        Duration.ofMinutes(Checks.within(PID, "domain.check.minutes", config.domain_check_minutes(), 1, 10_080)),
                        Duration.ofHours(Checks.within(PID, "domain.keep.hours", config.domain_keep_hours(), 1, 8760))),
                resolver(config.domain_resolver()));
    }

    private static long bandwidth(long value) {
        return value == 0 ? 0 : Checks.within(PID, "quota.bandwidth", value, Quota.LEAST_BANDWIDTH, Quota.MOST_BANDWIDTH);
    }

    static Path path(String key, String value, Function<String, Path> base) {
        if (value.isBlank()) {
            throw Checks.bad(PID, key, value, "a path");
        }
        Path path = Path.of(value.strip());
        return path.isAbsolute() ? path : base.apply(value.strip());
    }

    private static UnaryOperator<String> url(String configured, String domain) {
        String template = SCHEME.matcher(configured.strip()).replaceFirst(scheme -> scheme.group().toLowerCase(Locale.ROOT));
        UnaryOperator<String> url = name -> template.replace("{domain}", domain).replace("{name}", name);
        String expected = "an absolute http or https URL with {name}, such as http://{name}.{domain}:8080/";
        try {
            URI sample = new URI(url.apply("name"));
            if (!template.contains("{name}") || sample.getHost() == null || !List.of("http", "https").contains(sample.getScheme())) {
                throw Checks.bad(PID, "public.url", template, expected);
            }
        } catch (URISyntaxException e) {
            throw Checks.bad(PID, "public.url", template, expected);
        }
        return url;
    }

    private static String proxyName(String configured) {
        if (!configured.isBlank()) {
            return host("proxy.name", configured);
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost"; // a machine that does not know its own name: nothing hangs on it
        }
    }

    private static List<InetAddress> addresses(String[] values) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String value : values) {
            for (String one : value.split(",")) {
                if (!one.isBlank()) {
                    addresses.add(address(one.strip()));
                }
            }
        }
        return List.copyOf(addresses);
    }

    private static List<String> reserved(String[] values) {
        return Arrays.stream(values).flatMap(each -> Arrays.stream(each.split(","))).map(String::strip).filter(each -> !each.isEmpty()).toList();
    }

    private static List<String> resolver(String[] values) {
        List<String> servers = new ArrayList<>();
        for (String value : values) {
            for (String one : value.split(",")) {
                if (!one.isBlank() && !one.strip().matches("([0-9.]{7,15}|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?")) {
                    throw Checks.bad(PID, "domain.resolver", one, "IP addresses with or without a port, separated by commas; IPv6 in brackets");
                } else if (!one.isBlank()) {
                    servers.add(one.strip());
                }
            }
        }
        return List.copyOf(servers);
    }

    private static InetAddress address(String text) {
        try {
            if (text.matches("[0-9.]+|[0-9a-fA-F:.]+")) { // no name: that would be looked up
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw Checks.bad(PID, "public.addresses", text, "IP addresses, separated by commas");
        }
        throw Checks.bad(PID, "public.addresses", text, "IP addresses, separated by commas");
    }

    /** Without the final dot that DNS has. */
    private static String host(String key, String value) {
        String host = value.strip().replaceFirst("(?<=.)\\.$", "");
        if (!host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")) {
            throw Checks.bad(PID, key, value, "a host name: letters, digits, hyphens and dots, 1 to 253 of them");
        }
        return host;
    }
}

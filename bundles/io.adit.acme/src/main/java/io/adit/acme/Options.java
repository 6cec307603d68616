package io.adit.acme;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.adit.api.Checks;

/**
 * The configuration, checked. Immutable.
 *
 * @param domains lower case, in ASCII, without repeats
 * @param ownDomains whether domains that lead to names count too
 * @param trust null for Java's own
 */
record Options(List<String> domains, boolean ownDomains, String email, URI directory, Path trust, Path certificates, Path accountKey, Duration renewBefore,
        Duration check, Duration retry, Duration retryMost, Duration timeout, Duration orderTimeout) {

    static final String PID = "io.adit.acme";

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Options of(AcmeConfig config, Path home) {
        if (!config.terms_agreed()) {
            throw Checks.bad(PID, "terms.agreed", false, "true (you agree to the terms of service of " + config.directory_url() + ")");
        }
        int retry = Checks.within(PID, "retry.minutes", config.retry_minutes(), 1, 1440);
        int retryMost = Checks.within(PID, "retry.max.minutes", config.retry_max_minutes(), retry, 10_080);
        String trust = text(config.trust_file());
        return new Options(domains(config.domains()), config.own_domains(), email(config.email()), directory(config.directory_url()),
                trust.isEmpty() ? null : home.resolve(trust), path(home, "certificate.directory", config.certificate_directory()),
                path(home, "account.key.file", config.account_key_file()),
                Duration.ofDays(Checks.within(PID, "renew.before.days", config.renew_before_days(), 1, 365)),
                Duration.ofHours(Checks.within(PID, "check.hours", config.check_hours(), 1, 168)), Duration.ofMinutes(retry),
                Duration.ofMinutes(retryMost), Duration.ofSeconds(Checks.within(PID, "timeout.seconds", config.timeout_seconds(), 1, 600)),
                Duration.ofSeconds(Checks.within(PID, "order.timeout.seconds", config.order_timeout_seconds(), 5, 3600)));
    }

    private static List<String> domains(String[] values) {
        Set<String> domains = new LinkedHashSet<>();
        for (String value : values == null ? new String[0] : values) {
            for (String each : value.split(",")) {
                if (!each.isBlank()) {
                    domains.add(domain(each.strip()));
                }
            }
        }
        if (domains.isEmpty()) {
            throw Checks.bad(PID, "domains", "", "at least one host name");
        }
        return List.copyOf(new ArrayList<>(domains));
    }

    private static String domain(String given) {
        if (given.startsWith("*")) {
            throw Checks.bad(PID, "domains", given, "host names (a wildcard needs the challenge DNS-01, which is not done here)");
        }
        String name;
        try {
            name = IDN.toASCII(given.endsWith(".") ? given.substring(0, given.length() - 1) : given, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw Checks.bad(PID, "domains", given, "host names");
        }
        // the last label of an IPv4 address is a number, that of a name is not
        if (name.length() > 253 || !name.matches("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z]([a-z0-9-]*[a-z0-9])?")) {
            throw Checks.bad(PID, "domains", given, "host names");
        }
        return name;
    }

    private static String email(String value) {
        String email = text(value);
        if (!email.isEmpty() && !email.matches("[^@\\s,:?]+@[^@\\s,:?]+")) {
            throw Checks.bad(PID, "email", value, "an e-mail address or empty");
        }
        return email;
    }

    private static URI directory(String value) {
        try {
            URI uri = new URI(text(value));
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw Checks.bad(PID, "directory.url", value, "an https URL");
        }
        throw Checks.bad(PID, "directory.url", value, "an https URL");
    }

    private static Path path(Path home, String key, String value) {
        if (text(value).isEmpty()) {
            throw Checks.bad(PID, key, value, "a path");
        }
        return home.resolve(text(value));
    }

    private static String text(String value) {
        return value == null ? "" : value.strip();
    }
}

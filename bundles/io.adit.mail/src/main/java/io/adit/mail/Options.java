package io.adit.mail;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.adit.api.Checks;
import io.adit.api.MailAddress;
import io.adit.api.SecretFile;

/**
 * The configuration, checked. Immutable.
 *
 * @param unsubscribeUrl what the links to unsubscribe begin with, without a slash at the end; empty: the domain of the peer's own URL
 */
record Options(Smtp smtp, String from, String fromName, String language, String unsubscribeUrl, Path store, Path keyFile, Damping damping, Limits limits,
        Retry retry) {

    static final String PID = "io.adit.mail";

    private static final String HOST = "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:.]{2,45}";

    /** How the connection with the mail server is encrypted. */
    enum Tls {
        OFF,
        /** STARTTLS where the server offers it, whatever its certificate: better than nothing. */
        OPTIONAL,
        /** STARTTLS, and a certificate that is trusted and names the host. */
        REQUIRED,
        /** TLS from the first byte, and such a certificate. */
        IMPLICIT;

        boolean isVerified() {
            return this == REQUIRED || this == IMPLICIT;
        }
    }

    /**
     * The mail server.
     *
     * @param trust null for Java's own
     * @param user empty: no login
     * @param helo what we call ourselves; empty: this machine's name
     */
    record Smtp(String host, int port, Tls tls, Path trust, String user, String password, String helo, Duration timeout) {
        /** Without the password. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * How often somebody is told.
     *
     * @param announceAfter for so long a name has to be there first
     * @param offlineAfter a shorter absence is none
     * @param digest between two mails of one name to one person; what happens meanwhile comes in one
     */
    record Damping(Duration announceAfter, Duration offlineAfter, Duration digest) {
    }

    /** @param queue of mails that wait, in all; queueOfName for one name */
    record Limits(int recipients, int nameDay, int hour, int queue, int queueOfName) {
    }

    /** @param first pause; it doubles up to {@code most}; the last attempt is before {@code giveUp} has passed */
    record Retry(Duration first, Duration most, Duration giveUp) {

        /** @param failures so far, 1 or more; @param random 0 to 1, for up to a quarter more */
        Duration pause(int failures, double random) {
            long millis = Math.min(most.toMillis(), first.toMillis() << Math.min(20, failures - 1));
            return Duration.ofMillis(millis + (long) (millis * random / 4));
        }
    }

    /** @throws IllegalArgumentException one line that names PID, key and range */
    static Options of(MailConfig config, Path home) {
        Damping damping = new Damping(Duration.ofSeconds(Checks.within(PID, "announce.after.seconds", config.announce_after_seconds(), 0, 3600)),
                Duration.ofSeconds(Checks.within(PID, "offline.after.seconds", config.offline_after_seconds(), 0, 86_400)),
                Duration.ofMinutes(Checks.within(PID, "digest.minutes", config.digest_minutes(), 0, 1440)));
        Limits limits = new Limits(Checks.within(PID, "recipients.max", config.recipients_max(), 1, 1000),
                Checks.within(PID, "name.max.per.day", config.name_max_per_day(), 1, 10_000),
                Checks.within(PID, "max.per.hour", config.max_per_hour(), 1, 100_000), Checks.within(PID, "queue.max", config.queue_max(), 1, 1_000_000),
                Checks.within(PID, "queue.max.per.name", config.queue_max_per_name(), 1, 10_000));
        int retry = Checks.within(PID, "retry.seconds", config.retry_seconds(), 1, 3600);
        return new Options(smtp(config, home), address(config.from()), fromName(config.from_name()), language(config.language()),
                url(config.unsubscribe_url()), path(home, "store", config.store()), path(home, "key.file", config.key_file()), damping, limits,
                new Retry(Duration.ofSeconds(retry), Duration.ofSeconds(Checks.within(PID, "retry.max.seconds", config.retry_max_seconds(), retry, 86_400)),
                        Duration.ofHours(Checks.within(PID, "give.up.hours", config.give_up_hours(), 1, 240))));
    }

    private static Smtp smtp(MailConfig config, Path home) {
        String host = text(config.smtp_host());
        if (!host.matches(HOST)) {
            throw Checks.bad(PID, "smtp.host", host, "a host name or an IP address");
        }
        Tls tls = switch (text(config.tls())) {
            case "off" -> Tls.OFF;
            case "optional" -> Tls.OPTIONAL;
            case "required" -> Tls.REQUIRED;
            case "implicit" -> Tls.IMPLICIT;
            default -> throw Checks.bad(PID, "tls", config.tls(), "off, optional, required or implicit");
        };
        String user = text(config.user());
        if (!user.isEmpty() && !tls.isVerified() && !isLoopback(host)) {
            throw Checks.bad(PID, "tls", config.tls(), "required or implicit with a user: the password would go to whoever answers");
        }
        String trust = text(config.trust_file());
        String helo = text(config.helo_name());
        if (!helo.isEmpty() && !helo.matches(HOST)) {
            throw Checks.bad(PID, "helo.name", helo, "a host name or empty");
        }
        return new Smtp(host, Checks.within(PID, "smtp.port", config.smtp_port(), 1, 65_535), tls, trust.isEmpty() ? null : home.resolve(trust), user,
                user.isEmpty() ? "" : password(config, home), helo, Duration.ofSeconds(Checks.within(PID, "timeout.seconds", config.timeout_seconds(), 1, 600)));
    }

    /** It is resolved only where it has the form of an address, or is the name that is always this machine. */
    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost") || host.matches("[0-9.]+|.*:.*") && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String password(MailConfig config, Path home) {
        if (config.password_file() == null || config.password_file().isBlank()) {
            return config.password() == null ? "" : config.password();
        }
        return SecretFile.read(PID, "password.file", home.resolve(config.password_file().strip()));
    }

    private static String address(String value) {
        try {
            return MailAddress.parse(text(value));
        } catch (IllegalArgumentException e) {
            throw Checks.bad(PID, "from", value, "an e-mail address such as name@example.org");
        }
    }

    private static String fromName(String value) {
        String name = text(value);
        if (name.codePointCount(0, name.length()) > 100 || name.matches("(?s).*[\\p{Cntrl}\\u0085\\u2028\\u2029].*")) {
            throw Checks.bad(PID, "from.name", value, "one line of at most 100 characters");
        }
        return name;
    }

    private static String language(String value) {
        if (!Texts.LANGUAGES.contains(text(value))) {
            throw Checks.bad(PID, "language", value, "one of " + String.join(", ", Texts.LANGUAGES));
        }
        return text(value);
    }

    private static String url(String value) {
        String text = text(value).replaceAll("/+$", "");
        if (text.isEmpty()) {
            return text;
        }
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null
                    && List.of("http", "https").contains(uri.getScheme())) {
                return text;
            }
        } catch (URISyntaxException e) {
            throw Checks.bad(PID, "unsubscribe.url", value, "an http or https URL without a path, or empty");
        }
        throw Checks.bad(PID, "unsubscribe.url", value, "an http or https URL without a path, or empty");
    }

    private static Path path(Path home, String key, String value) {
        if (text(value).isEmpty() || value.indexOf(';') >= 0) {
            throw Checks.bad(PID, key, value, "a path without a semicolon");
        }
        return home.resolve(text(value));
    }

    private static String text(String value) {
        return value == null ? "" : value.strip();
    }
}

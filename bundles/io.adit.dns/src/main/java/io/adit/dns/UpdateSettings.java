package io.adit.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.Checks;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

/**
 * The configuration of the updates, checked. Immutable.
 *
 * @param owner what the markers of our names say
 * @param reconcile how long after the start names of an earlier life may stay that nobody told of
 */
record UpdateSettings(String host, int port, Name domain, Name zone, TSIG key, String owner, int ttl, Duration timeout, UpdateQueue.Limits queue,
        Path state, Duration reconcile) {

    static final String PID = "io.adit.dns.update";

    private static final int DNS_PORT = 53;
    private static final Pattern SERVER = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)\\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");
    private static final Pattern KEY = Pattern.compile("key\\s+\"?([A-Za-z0-9._-]+)\"?\\s*\\{([^}]*)\\}");
    private static final Pattern ALGORITHM = Pattern.compile("algorithm\\s+\"?([A-Za-z0-9.-]+)\"?\\s*;");
    private static final Pattern SECRET = Pattern.compile("secret\\s+\"?([A-Za-z0-9+/=]+)\"?\\s*;");

    /**
     * @param home where relative paths start
     * @throws IllegalArgumentException one line that names PID, key and range; never with the secret
     */
    static UpdateSettings of(UpdateConfiguration config, Path home) {
        Matcher server = SERVER.matcher(config.server() == null ? "" : config.server().strip());
        int port = server.matches() && server.group(3) != null ? Integer.parseInt(server.group(3)) : DNS_PORT;
        if (!server.matches() || port < 1 || port > 65_535) {
            throw Checks.bad(PID, "server", config.server(), "HOST or HOST:PORT");
        }
        Name domain = DomainNames.host(PID, "domain", config.domain());
        Name zone = config.zone().isBlank() ? domain : DomainNames.host(PID, "zone", config.zone());
        if (!domain.subdomain(zone)) {
            throw Checks.bad(PID, "zone", config.zone(), "the domain " + domain + " or one above it");
        }
        int retry = Checks.within(PID, "retry.millis", config.retry_millis(), 10, 3_600_000);
        return new UpdateSettings(server.group(1) == null ? server.group(2) : server.group(1), port, domain, zone,
                key(home.resolve(text("key.file", config.key_file()))), owner(config.owner()),
                Checks.within(PID, "ttl.seconds", config.ttl_seconds(), 0, 86_400),
                Duration.ofMillis(Checks.within(PID, "timeout.millis", config.timeout_millis(), 100, 60_000)),
                new UpdateQueue.Limits(Checks.within(PID, "queue.max", config.queue_max(), 10, 10_000_000), Duration.ofMillis(retry),
                        Duration.ofMillis(Checks.within(PID, "retry.max.millis", config.retry_max_millis(), retry, 3_600_000))),
                home.resolve(text("state.file", config.state_file())),
                Duration.ofSeconds(Checks.within(PID, "reconcile.seconds", config.reconcile_seconds(), 1, 86_400)));
    }

    private static String text(String key, String value) {
        if (value == null || value.isBlank()) {
            throw Checks.bad(PID, key, value, "a path");
        }
        return value.strip();
    }

    private static String owner(String value) {
        if (value != null && !value.isBlank()) {
            if (!value.strip().matches("[A-Za-z0-9._-]{1,100}")) {
                throw Checks.bad(PID, "owner", value, "up to 100 letters, digits, dots, hyphens and underscores");
            }
            return value.strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
        } catch (UnknownHostException e) {
            return "adit"; // a machine that does not know its own name
        }
    }

    /** A key in the form that tsig-keygen writes and that named.conf includes. */
    private static TSIG key(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw Checks.bad(PID, "key.file", file, "a file that can be read (" + e.getClass().getSimpleName() + ")");
        }
        Matcher key = KEY.matcher(text.replaceAll("(?m)^\\s*(//|#).*$", ""));
        if (key.find()) {
            Matcher algorithm = ALGORITHM.matcher(key.group(2));
            Matcher secret = SECRET.matcher(key.group(2));
            if (algorithm.find() && secret.find()) {
                try {
                    Name name = TSIG.algorithmToName(algorithm.group(1));
                    if (!name.equals(TSIG.HMAC_MD5)) {
                        Name.fromString(key.group(1), Name.root); // for a name that is none
                        return new TSIG(name, key.group(1), secret.group(1));
                    }
                } catch (IllegalArgumentException | TextParseException e) {
                    throw Checks.bad(PID, "key.file", file,
                            "a TSIG key of hmac-sha1, -sha224, -sha256, -sha384 or -sha512, as tsig-keygen writes it");
                }
            }
        }
        throw Checks.bad(PID, "key.file", file, "a TSIG key of hmac-sha1, -sha224, -sha256, -sha384 or -sha512, as tsig-keygen writes it");
    }
}

package io.adit.registry;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.registry; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/io.adit.registry", name = "%ocd.name", description = "%ocd.description")
@interface RegistryConfiguration {

    @AttributeDefinition(name = "%store.name", description = "%store.description", required = false)
    @Format(pattern = "(?!.*;)(?!\\s*+jdbc:)" + Formats.FILE + "|\\s*+jdbc:postgresql://(?!.*[?&]password=)(?:(?:[A-Za-z0-9._-]++|\\[" + Formats.IPV6 + "\\])(?::"
        + Formats.PORT + ")?+(?:,(?=[^/]))?+)*+/[^\\s\\p{Cc}@?]*+(?:\\?[^\\s\\p{Cc}]*+)?+" + Formats.BLANKS,
        is = "the path of a file, without a semicolon, or jdbc:postgresql://HOST:PORT/DATABASE?user=USER, without a password", kind = Format.Kind.PATH)
    String store() default "data/registry";

    @AttributeDefinition(name = "%store.password.file.name", description = "%store.password.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String store_password_file() default "";

    @AttributeDefinition(name = "%store.connect.timeout.millis.name", description = "%store.connect.timeout.millis.description", min = "100", max = "600000",
            required = false)
    long store_connect_timeout_millis() default 5000;

    @AttributeDefinition(name = "%store.socket.timeout.millis.name", description = "%store.socket.timeout.millis.description", min = "100", max = "600000",
            required = false)
    long store_socket_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%store.statement.timeout.millis.name", description = "%store.statement.timeout.millis.description", min = "100", max = "600000",
            required = false)
    long store_statement_timeout_millis() default 5000;

    @AttributeDefinition(name = "%store.poll.millis.name", description = "%store.poll.millis.description", min = "50", max = "600000", required = false)
    long store_poll_millis() default 1000;

    @AttributeDefinition(name = "%store.lookups.per.second.name", description = "%store.lookups.per.second.description", min = "1", max = "1000", required = false)
    int store_lookups_per_second() default 20;

    @AttributeDefinition(name = "%domain.name", description = "%domain.description", required = false)
    @Format(pattern = Formats.BLANKS + Formats.HOST + "\\.?+" + Formats.BLANKS, is = "a host name")
    String domain() default "localhost";

    @AttributeDefinition(name = "%public.url.name", description = "%public.url.description", required = false)
    @Format(pattern = Formats.URL_TEMPLATE, is = "an http or https URL with {name}, such as http://{name}.{domain}:8080/")
    String public_url() default "http://{name}.{domain}:8080/";

    @AttributeDefinition(name = "%proxy.name.name", description = "%proxy.name.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\\.?" + ")?" + Formats.BLANKS,
        is = "a host name or empty")
    String proxy_name() default "";

    @AttributeDefinition(name = "%public.addresses.name", description = "%public.addresses.description", required = false)
    @Format(pattern = Formats.LIST + Formats.ADDRESS + Formats.LIST_END, is = "IP addresses, separated by commas")
    String[] public_addresses() default {};

    @AttributeDefinition(name = "%reserved.names.name", description = "%reserved.names.description", required = false)
    @Format(pattern = Formats.LIST + Formats.LABEL + Formats.LIST_END, is = "names of letters, digits and inner hyphens, separated by commas")
    String[] reserved_names() default {
        // RFC 2142, and those whose mail certificate authorities believe
        "abuse", "admin", "administrator", "hostmaster", "info", "marketing", "news", "noc", "postmaster", "sales", "security", "support", "usenet",
        "uucp", "webmaster", "ssladmin", "sslwebmaster", "root", "sysadmin",
        // that programs look up by themselves
        "www", "ftp", "mail", "smtp", "imap", "pop", "pop3", "mx", "ns", "ns1", "ns2", "ns3", "ns4", "dns", "ntp", "autoconfig", "autodiscover",
        "isatap", "wpad", "mta-sts", "openpgpkey", "localhost", "localdomain", "broadcasthost", "invalid", "local", "onion",
        // that visitors would take for the host's own
        "account", "accounts", "api", "app", "auth", "billing", "console", "dashboard", "help", "host", "login", "logout", "oauth", "password", "payment",
        "proxy", "registry", "register", "signin", "signup", "ssl", "sso", "status", "system", "tunnel", "webmail", "acme", "adit"};

    @AttributeDefinition(name = "%lookalikes.name", description = "%lookalikes.description", required = false)
    boolean lookalikes() default false;

    @AttributeDefinition(name = "%grace.millis.name", description = "%grace.millis.description", min = "0", max = "600000", required = false)
    long grace_millis() default 10_000;

    @AttributeDefinition(name = "%grace.waiting.name", description = "%grace.waiting.description", min = "0", max = "100000", required = false)
    int grace_waiting() default 256;

    @AttributeDefinition(name = "%drain.timeout.millis.name", description = "%drain.timeout.millis.description", min = "0", max = "3600000",
            required = false)
    long drain_timeout_millis() default 30000;

    @AttributeDefinition(name = "%replaced.max.name", description = "%replaced.max.description", min = "0", max = "64", required = false)
    int replaced_max() default 4;

    @AttributeDefinition(name = "%linked.name", description = "%linked.description", required = false)
    boolean linked() default false;

    @AttributeDefinition(name = "%assign.here.name", description = "%assign.here.description", required = false)
    boolean assign_here() default true;

    @AttributeDefinition(name = "%capacity.name", description = "%capacity.description", min = "1", max = "10000000", required = false)
    int capacity() default 100_000;

    @AttributeDefinition(name = "%ticket.key.name", description = "%ticket.key.description", required = false)
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String ticket_key() default "data/ticket.key";

    @AttributeDefinition(name = "%ticket.life.millis.name", description = "%ticket.life.millis.description", min = "1000", max = "86400000", required = false)
    long ticket_life_millis() default 60_000;

    @AttributeDefinition(name = "%ticket.skew.millis.name", description = "%ticket.skew.millis.description", min = "0", max = "3600000", required = false)
    long ticket_skew_millis() default 30_000;

    @AttributeDefinition(name = "%registrar.key.name", description = "%registrar.key.description", required = false)
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String registrar_key() default "data/registrar.key";

    @AttributeDefinition(name = "%move.linger.millis.name", description = "%move.linger.millis.description", min = "0", max = "3600000", required = false)
    long move_linger_millis() default 30_000;

    @AttributeDefinition(name = "%quarantine.seconds.name", description = "%quarantine.seconds.description", min = "0", max = "315360000", required = false)
    long quarantine_seconds() default 2_592_000;

    @AttributeDefinition(name = "%quota.streams.name", description = "%quota.streams.description", min = "0", max = "1000000", required = false)
    int quota_streams() default 0;

    @AttributeDefinition(name = "%quota.rate.name", description = "%quota.rate.description", min = "0", max = "1000000", required = false)
    int quota_rate() default 0;

    @AttributeDefinition(name = "%quota.bandwidth.name", description = "%quota.bandwidth.description", min = "0", max = "1000000000000", required = false)
    long quota_bandwidth() default 0;

    @AttributeDefinition(name = "%open.registration.name", description = "%open.registration.description", required = false)
    boolean open_registration() default false;

    @AttributeDefinition(name = "%open.names.max.name", description = "%open.names.max.description", min = "1", max = "10000000", required = false)
    int open_names_max() default 10_000;

    @AttributeDefinition(name = "%open.names.per.network.name", description = "%open.names.per.network.description", min = "1", max = "10000", required = false)
    int open_names_per_network() default 10;

    @AttributeDefinition(name = "%open.idle.days.name", description = "%open.idle.days.description", min = "2", max = "3650", required = false)
    int open_idle_days() default 30;

    @AttributeDefinition(name = "%domain.per.name.name", description = "%domain.per.name.description", min = "0", max = "1000", required = false)
    int domain_per_name() default 10;

    @AttributeDefinition(name = "%domain.max.name", description = "%domain.max.description", min = "0", max = "100000", required = false)
    int domain_max() default 10_000;

    @AttributeDefinition(name = "%domain.check.minutes.name", description = "%domain.check.minutes.description", min = "1", max = "10080", required = false)
    int domain_check_minutes() default 360;

    @AttributeDefinition(name = "%domain.keep.hours.name", description = "%domain.keep.hours.description", min = "1", max = "8760", required = false)
    int domain_keep_hours() default 72;

    @AttributeDefinition(name = "%domain.resolver.name", description = "%domain.resolver.description", required = false)
    @Format(pattern = Formats.LIST + "(?:" + Formats.IPV4 + "|\\[" + Formats.IPV6 + "\\])(?::" + Formats.PORT + ")?+" + Formats.LIST_END,
        is = "IP addresses with or without a port, separated by commas; IPv6 in brackets")
    String[] domain_resolver() default {};
}

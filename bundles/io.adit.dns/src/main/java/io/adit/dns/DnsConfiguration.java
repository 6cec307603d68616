package io.adit.dns;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID io.adit.dns. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/io.adit.dns", name = "%ocd.name", description = "%ocd.description")
@interface DnsConfiguration {

    @AttributeDefinition(name = "%domain.name", description = "%domain.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?![A-Za-z0-9.-]{241})" + Formats.DNS_NAME + "\\.?+" + Formats.BLANKS,
        is = "a host name of at most 240 characters")
    String domain() default "localhost";

    @AttributeDefinition(name = "%bind.address.name", description = "%bind.address.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.HOST_OR_ADDRESS + ")?" + Formats.BLANKS, is = "an address of this machine")
    String bind_address() default "127.0.0.1";

    @AttributeDefinition(name = "%port.name", description = "%port.description", min = "0", max = "65535", required = false)
    int port() default 53;

    @AttributeDefinition(name = "%addresses.name", description = "%addresses.description", required = false)
    @Format(pattern = Formats.LIST + Formats.ADDRESS + Formats.LIST_END, is = "IP addresses, separated by commas")
    String[] addresses() default {};

    @AttributeDefinition(name = "%name.servers.name", description = "%name.servers.description", required = false)
    @Format(pattern = Formats.LIST + Formats.DNS_NAME + "\\.?+" + Formats.LIST_END, is = "host names, separated by commas")
    String[] name_servers() default {};

    @AttributeDefinition(name = "%contact.name", description = "%contact.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + "(?!.{254})[A-Za-z0-9._+-]{1,63}@" + Formats.DNS_NAME + "\\.?+" + ")?" + Formats.BLANKS,
        is = "an e-mail address or empty")
    String contact() default "";

    @AttributeDefinition(name = "%records.name", description = "%records.description", required = false)
    @Format(pattern = "(?:(?!\\s*+\\$)(?:[^\"\\\\;\\p{Cc}]|\\t|\\\\[^\\p{Cc}]|\"(?:[^\"\\\\\\p{Cc}]|\\\\[^\\p{Cc}])*+\")*+(?:;[^\\r\\n]*+)?+(?:[\\r\\n]++|\\z))*+",
        is = "records in the text of a master file, such as '@ MX 10 mail.example.org.', without directives and with quotation marks in pairs")
    String[] records() default {};

    @AttributeDefinition(name = "%wildcard.name", description = "%wildcard.description", required = false)
    boolean wildcard() default false;

    @AttributeDefinition(name = "%ttl.seconds.name", description = "%ttl.seconds.description", min = "0", max = "86400", required = false)
    int ttl_seconds() default 30;

    @AttributeDefinition(name = "%negative.ttl.seconds.name", description = "%negative.ttl.seconds.description", min = "0", max = "3600",
            required = false)
    int negative_ttl_seconds() default 5;

    @AttributeDefinition(name = "%records.ttl.seconds.name", description = "%records.ttl.seconds.description", min = "0", max = "604800",
            required = false)
    int records_ttl_seconds() default 3600;

    @AttributeDefinition(name = "%settle.timeout.millis.name", description = "%settle.timeout.millis.description", min = "0", max = "600000",
            required = false)
    int settle_timeout_millis() default 15_000;

    @AttributeDefinition(name = "%udp.max.bytes.name", description = "%udp.max.bytes.description", min = "512", max = "4096", required = false)
    int udp_max_bytes() default 1232;

    @AttributeDefinition(name = "%rate.limit.name", description = "%rate.limit.description", min = "0", max = "1000000", required = false)
    int rate_limit() default 100;

    @AttributeDefinition(name = "%rate.slip.name", description = "%rate.slip.description", min = "0", max = "100", required = false)
    int rate_slip() default 2;

    @AttributeDefinition(name = "%rate.prefixes.name", description = "%rate.prefixes.description", min = "100", max = "1000000", required = false)
    int rate_prefixes() default 20_000;

    @AttributeDefinition(name = "%tcp.connections.name", description = "%tcp.connections.description", min = "1", max = "100000", required = false)
    int tcp_connections() default 256;

    @AttributeDefinition(name = "%tcp.idle.timeout.millis.name", description = "%tcp.idle.timeout.millis.description", min = "100", max = "600000",
            required = false)
    int tcp_idle_timeout_millis() default 10_000;
}

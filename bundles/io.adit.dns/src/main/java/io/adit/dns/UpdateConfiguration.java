package io.adit.dns;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID io.adit.dns.update. */
@ObjectClassDefinition(id = UpdateSettings.PID, localization = "OSGI-INF/l10n/io.adit.dns.update",
    name = "%ocd.name", description = "%ocd.description")
@interface UpdateConfiguration {

    @AttributeDefinition(name = "%server.name", description = "%server.description")
    @Format(pattern = Formats.BLANKS + "(?:[A-Za-z0-9._-]++|\\[" + Formats.IPV6 + "\\])(?::" + Formats.PORT + ")?" + Formats.BLANKS,
        is = "HOST or HOST:PORT, with an IPv6 address in brackets")
    String server();

    @AttributeDefinition(name = "%domain.name", description = "%domain.description", required = false)
    @Format(pattern = Formats.BLANKS + Formats.DNS_NAME + "\\.?+" + Formats.BLANKS, is = "a host name")
    String domain() default "localhost";

    @AttributeDefinition(name = "%zone.name", description = "%zone.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.DNS_NAME + "\\.?+" + ")?" + Formats.BLANKS, is = "a host name or empty")
    String zone() default "";

    @AttributeDefinition(name = "%key.file.name", description = "%key.file.description", required = false)
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String key_file() default "conf/dns.key";

    @AttributeDefinition(name = "%owner.name", description = "%owner.description", required = false)
    @Format(pattern = Formats.BLANKS + "[A-Za-z0-9._-]{0,100}" + Formats.BLANKS, is = "up to 100 letters, digits, dots, hyphens and underscores")
    String owner() default "";

    @AttributeDefinition(name = "%ttl.seconds.name", description = "%ttl.seconds.description", min = "0", max = "86400",
            required = false)
    int ttl_seconds() default 30;

    @AttributeDefinition(name = "%timeout.millis.name", description = "%timeout.millis.description", min = "100", max = "60000",
            required = false)
    int timeout_millis() default 5000;

    @AttributeDefinition(name = "%retry.millis.name", description = "%retry.millis.description", min = "10", max = "3600000",
            required = false)
    int retry_millis() default 1000;

    @AttributeDefinition(name = "%retry.max.millis.name", description = "%retry.max.millis.description", min = "10", max = "3600000",
            required = false)
    int retry_max_millis() default 60_000;

    @AttributeDefinition(name = "%queue.max.name", description = "%queue.max.description", min = "10", max = "10000000",
            required = false)
    int queue_max() default 100_000;

    @AttributeDefinition(name = "%state.file.name", description = "%state.file.description", required = false)
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String state_file() default "data/dns.names";

    @AttributeDefinition(name = "%reconcile.seconds.name", description = "%reconcile.seconds.description", min = "1", max = "86400",
            required = false)
    int reconcile_seconds() default 60;
}

package io.adit.proxy;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID io.adit.proxy. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/io.adit.proxy", name = "%ocd.name", description = "%ocd.description")
@interface ProxyConfig {

    @AttributeDefinition(name = "%http.target.name", description = "%http.target.description")
    @Format(pattern = Formats.FILTER, is = Formats.FILTER_WORDS, kind = Format.Kind.FILTER)
    String http_target() default "(org.apache.felix.http.name=public)";

    @AttributeDefinition(name = "%domain.name", description = "%domain.description")
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.HOST + "\\.?+|" + Formats.IPV4 + ")" + Formats.BLANKS, is = "a host name")
    String domain() default "localhost";

    @AttributeDefinition(name = "%trusted.proxies.name", description = "%trusted.proxies.description")
    @Format(pattern = Formats.LIST + "(?:" + Formats.IPV4 + "(?:/(?:3[0-2]|[12]?[0-9]))?|(?![0:]++[Ff]{4}:[^/,]*+/)" + Formats.IPV6
        + "(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?" + ")" + Formats.LIST_END,
        is = "IP addresses or CIDR blocks, separated by commas")
    String[] trusted_proxies() default {};

    @AttributeDefinition(name = "%response.timeout.millis.name", description = "%response.timeout.millis.description", min = "100", max = "86400000")
    long response_timeout_millis() default 60_000;

    @AttributeDefinition(name = "%continue.timeout.millis.name", description = "%continue.timeout.millis.description", min = "0", max = "600000")
    long continue_timeout_millis() default 1000;

    @AttributeDefinition(name = "%stop.timeout.millis.name", description = "%stop.timeout.millis.description", min = "0", max = "60000")
    long stop_timeout_millis() default 5000;

    @AttributeDefinition(name = "%hold.timeout.millis.name", description = "%hold.timeout.millis.description", min = "0", max = "600000")
    long hold_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%hold.max.name", description = "%hold.max.description", min = "0", max = "100000")
    int hold_max() default 1000;

    @AttributeDefinition(name = "%linger.timeout.millis.name", description = "%linger.timeout.millis.description", min = "0", max = "60000")
    long linger_timeout_millis() default 5000;

    @AttributeDefinition(name = "%retry.after.seconds.name", description = "%retry.after.seconds.description", min = "1", max = "3600")
    int retry_after_seconds() default 5;

    @AttributeDefinition(name = "%max.fields.name", description = "%max.fields.description", min = "16", max = "10000")
    int max_fields() default 256;

    @AttributeDefinition(name = "%max.field.bytes.name", description = "%max.field.bytes.description", min = "1024", max = "1048576")
    int max_field_bytes() default 65_536;

    @AttributeDefinition(name = "%pages.directory.name", description = "%pages.directory.description")
    @Format(pattern = Formats.LINE, is = Formats.PATH_WORDS, kind = Format.Kind.PATH)
    String pages_directory() default "conf/pages";

    @AttributeDefinition(name = "%pages.check.millis.name", description = "%pages.check.millis.description", min = "100", max = "3600000")
    long pages_check_millis() default 2000;

    @AttributeDefinition(name = "%pages.max.bytes.name", description = "%pages.max.bytes.description", min = "1024", max = "16777216")
    int pages_max_bytes() default 1_048_576;
}

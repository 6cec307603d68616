package io.adit.port;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID io.adit.port. */
@ObjectClassDefinition(id = PortOptions.PID, localization = "OSGI-INF/l10n/io.adit.port", name = "%ocd.name", description = "%ocd.description")
@interface PortConfig {

    @AttributeDefinition(name = "%http.target.name", description = "%http.target.description")
    @Format(pattern = Formats.FILTER, is = Formats.FILTER_WORDS, kind = Format.Kind.FILTER)
    String http_target() default "(org.apache.felix.http.name=public)";

    @AttributeDefinition(name = "%head.max.bytes.name", description = "%head.max.bytes.description", min = "8192", max = "1048576")
    int head_max_bytes() default 81_920;

    @AttributeDefinition(name = "%read.bytes.name", description = "%read.bytes.description", min = "4096", max = "1048576")
    int read_bytes() default 65_536;

    @AttributeDefinition(name = "%idle.timeout.millis.name", description = "%idle.timeout.millis.description", min = "100", max = "86400000")
    long idle_timeout_millis() default 60_000;

    @AttributeDefinition(name = "%backlog.name", description = "%backlog.description", min = "1", max = "65535")
    int backlog() default 1024;

    @AttributeDefinition(name = "%inline.name", description = "%inline.description")
    boolean inline() default true;

    @AttributeDefinition(name = "%proxy.protocol.name", description = "%proxy.protocol.description")
    boolean proxy_protocol() default false;

    @AttributeDefinition(name = "%https.port.name", description = "%https.port.description", min = "-1", max = "65535")
    int https_port() default -1;

    @AttributeDefinition(name = "%https.host.name", description = "%https.host.description")
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.HOST_OR_ADDRESS + ")?" + Formats.BLANKS, is = "an address of this machine, or empty")
    String https_host() default "";

    @AttributeDefinition(name = "%certificate.directory.name", description = "%certificate.directory.description")
    @Format(pattern = Formats.PATH, is = Formats.PATH_WORDS, kind = Format.Kind.PATH)
    String certificate_directory() default "conf/tls";

    @AttributeDefinition(name = "%certificate.check.millis.name", description = "%certificate.check.millis.description", min = "100", max = "3600000")
    long certificate_check_millis() default 5_000;

    @AttributeDefinition(name = "%http2.name", description = "%http2.description")
    boolean http2() default true;

    @AttributeDefinition(name = "%http2.max.streams.name", description = "%http2.max.streams.description", min = "1", max = "10000")
    int http2_max_streams() default 128;

    @AttributeDefinition(name = "%hold.timeout.millis.name", description = "%hold.timeout.millis.description", min = "0", max = "600000")
    long hold_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%hold.max.name", description = "%hold.max.description", min = "0", max = "100000")
    int hold_max() default 1000;
}

package io.adit.accesslog;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The keys of PID io.adit.accesslog; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/io.adit.accesslog", name = "%ocd.name", description = "%ocd.description")
@interface AccessLogConfig {

    @AttributeDefinition(name = "%format.name", description = "%format.description", required = false,
        options = {@Option(label = "%format.none", value = "none"),
            @Option(label = "%format.combined", value = "combined"),
            @Option(label = "%format.vhost_combined", value = "vhost_combined"),
            @Option(label = "%format.json", value = "json")})
    String format() default "none";

    @AttributeDefinition(name = "%query.name", description = "%query.description", required = false,
        options = {@Option(label = "%query.redacted", value = "redacted"),
            @Option(label = "%query.full", value = "full"),
            @Option(label = "%query.none", value = "none")})
    String query() default "redacted";

    @AttributeDefinition(name = "%text.max.name", description = "%text.max.description", min = "16", max = "65536", required = false)
    int text_max() default 2048;

    @AttributeDefinition(name = "%queue.max.bytes.name", description = "%queue.max.bytes.description", min = "65536", max = "1073741824", required = false)
    int queue_max_bytes() default 4194304;
}

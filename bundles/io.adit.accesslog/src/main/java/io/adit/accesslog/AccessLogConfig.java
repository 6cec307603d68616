package io.adit.accesslog;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The keys of PID io.adit.accesslog; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/accesslog", name = "%name", description = "%description")
@interface AccessLogConfig {

    @AttributeDefinition(name = "%format", description = "%format.description", required = false, options = {@Option(label = "none", value = "none"),
            @Option(label = "combined", value = "combined"), @Option(label = "vhost_combined", value = "vhost_combined"), @Option(label = "json", value = "json")})
    String format() default "none";

    @AttributeDefinition(name = "%query", description = "%query.description", required = false, options = {@Option(label = "redacted", value = "redacted"),
            @Option(label = "full", value = "full"), @Option(label = "none", value = "none")})
    String query() default "redacted";

    @AttributeDefinition(name = "%text.max", description = "%text.max.description", min = "16", max = "65536", required = false)
    int text_max() default 2048;

    @AttributeDefinition(name = "%queue.max.bytes", description = "%queue.max.bytes.description", min = "65536", max = "1073741824", required = false)
    int queue_max_bytes() default 4194304;
}

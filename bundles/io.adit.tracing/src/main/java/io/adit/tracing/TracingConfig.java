package io.adit.tracing;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.tracing; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/io.adit.tracing", name = "%ocd.name", description = "%ocd.description")
@interface TracingConfig {

    @AttributeDefinition(name = "%endpoint.name", description = "%endpoint.description", required = false)
    @Format(pattern = "https?" + Formats.URL_REST, is = "an http or https URL")
    String endpoint() default "http://127.0.0.1:4318/v1/traces";

    @AttributeDefinition(name = "%service.name.name", description = "%service.name.description", required = false)
    @Format(pattern = Formats.SOMETHING + "[^\\p{Cc}\\u2028\\u2029]{1,255}", is = "a name of at most 255 characters")
    String service_name() default "adit-{side}";

    @AttributeDefinition(name = "%sample.percent.name", description = "%sample.percent.description", min = "0", max = "100", required = false)
    int sample_percent() default 100;

    @AttributeDefinition(name = "%trust.parent.name", description = "%trust.parent.description", required = false)
    boolean trust_parent() default true;

    @AttributeDefinition(name = "%queue.max.name", description = "%queue.max.description", min = "16", max = "1000000", required = false)
    int queue_max() default 4096;

    @AttributeDefinition(name = "%export.timeout.millis.name", description = "%export.timeout.millis.description", min = "100", max = "60000", required = false)
    int export_timeout_millis() default 5000;
}

package io.adit.console;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.console; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/console", name = "%name", description = "%description")
@interface ConsoleConfig {

    @AttributeDefinition(name = "%requests.max", description = "%requests.max.description", min = "10", max = "100000", required = false)
    int requests_max() default 1000;

    @AttributeDefinition(name = "%requests.max.bytes", description = "%requests.max.bytes.description", min = "65536", max = "1073741824", required = false)
    int requests_max_bytes() default 8388608;

    @AttributeDefinition(name = "%body.max.bytes", description = "%body.max.bytes.description", min = "1", max = "1048576", required = false)
    int body_max_bytes() default 16384;

    @AttributeDefinition(name = "%body.minutes", description = "%body.minutes.description", min = "1", max = "1440", required = false)
    int body_minutes() default 10;

    @AttributeDefinition(name = "%events.max", description = "%events.max.description", min = "1", max = "1000", required = false)
    int events_max() default 50;

    @AttributeDefinition(name = "%upload.max.bytes", description = "%upload.max.bytes.description", min = "1024", max = "1073741824", required = false)
    int upload_max_bytes() default 33554432;

    @AttributeDefinition(name = "%probe.timeout.millis", description = "%probe.timeout.millis.description", min = "100", max = "60000", required = false)
    int probe_timeout_millis() default 10000;

    @AttributeDefinition(name = "%drain.timeout.millis", description = "%drain.timeout.millis.description", min = "0", max = "600000", required = false)
    int drain_timeout_millis() default 30000;
}

package io.adit.console;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.console; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/io.adit.console", name = "%ocd.name", description = "%ocd.description")
@interface ConsoleConfig {

    @AttributeDefinition(name = "%requests.max.name", description = "%requests.max.description", min = "10", max = "100000", required = false)
    int requests_max() default 1000;

    @AttributeDefinition(name = "%requests.max.bytes.name", description = "%requests.max.bytes.description", min = "65536", max = "1073741824", required = false)
    int requests_max_bytes() default 8388608;

    @AttributeDefinition(name = "%body.max.bytes.name", description = "%body.max.bytes.description", min = "1", max = "1048576", required = false)
    int body_max_bytes() default 16384;

    @AttributeDefinition(name = "%body.minutes.name", description = "%body.minutes.description", min = "1", max = "1440", required = false)
    int body_minutes() default 10;

    @AttributeDefinition(name = "%events.max.name", description = "%events.max.description", min = "1", max = "1000", required = false)
    int events_max() default 50;

    @AttributeDefinition(name = "%upload.max.bytes.name", description = "%upload.max.bytes.description", min = "1024", max = "1073741824", required = false)
    int upload_max_bytes() default 33554432;

    @AttributeDefinition(name = "%probe.timeout.millis.name", description = "%probe.timeout.millis.description", min = "100", max = "60000", required = false)
    int probe_timeout_millis() default 10000;

    @AttributeDefinition(name = "%drain.timeout.millis.name", description = "%drain.timeout.millis.description", min = "0", max = "600000", required = false)
    int drain_timeout_millis() default 30000;
}

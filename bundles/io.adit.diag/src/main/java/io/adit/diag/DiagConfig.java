package io.adit.diag;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.diag; {@link Diagnoser#limits} checks them. */
@ObjectClassDefinition(id = Diagnoser.PID, localization = "OSGI-INF/l10n/io.adit.diag", name = "%ocd.name", description = "%ocd.description")
@interface DiagConfig {

    @AttributeDefinition(name = "%step.timeout.millis.name", description = "%step.timeout.millis.description", min = "100", max = "60000", required = false)
    int step_timeout_millis() default 5000;

    @AttributeDefinition(name = "%speed.max.bytes.name", description = "%speed.max.bytes.description", min = "65536", max = "1073741824", required = false)
    int speed_max_bytes() default 4194304;

    @AttributeDefinition(name = "%speed.max.millis.name", description = "%speed.max.millis.description", min = "100", max = "60000", required = false)
    int speed_max_millis() default 5000;

    @AttributeDefinition(name = "%heap.percent.name", description = "%heap.percent.description", min = "10", max = "100", required = false)
    int heap_percent() default 85;

    @AttributeDefinition(name = "%disk.min.mib.name", description = "%disk.min.mib.description", min = "0", max = "1000000", required = false)
    int disk_min_mib() default 256;

    @AttributeDefinition(name = "%round.trip.millis.name", description = "%round.trip.millis.description", min = "1", max = "60000", required = false)
    int round_trip_millis() default 300;

    @AttributeDefinition(name = "%certificate.days.name", description = "%certificate.days.description", min = "1", max = "365", required = false)
    int certificate_days() default 14;
}

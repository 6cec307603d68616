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
}

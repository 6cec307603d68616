package io.adit.dns;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID io.adit.dns.update. */
@ObjectClassDefinition(id = UpdateSettings.PID, name = "%update.name", description = "%update.description", localization = "OSGI-INF/l10n/dns")
@interface UpdateConfiguration {

    @AttributeDefinition(name = "%update.server.name", description = "%update.server.description")
    String server();

    @AttributeDefinition(name = "%update.domain.name", description = "%update.domain.description", required = false)
    String domain() default "localhost";

    @AttributeDefinition(name = "%update.zone.name", description = "%update.zone.description", required = false)
    String zone() default "";

    @AttributeDefinition(name = "%update.key.file.name", description = "%update.key.file.description", required = false)
    String key_file() default "conf/dns.key";

    @AttributeDefinition(name = "%update.owner.name", description = "%update.owner.description", required = false)
    String owner() default "";

    @AttributeDefinition(name = "%update.ttl.seconds.name", description = "%update.ttl.seconds.description", min = "0", max = "86400",
            required = false)
    int ttl_seconds() default 30;

    @AttributeDefinition(name = "%update.timeout.millis.name", description = "%update.timeout.millis.description", min = "100", max = "60000",
            required = false)
    int timeout_millis() default 5000;

    @AttributeDefinition(name = "%update.retry.millis.name", description = "%update.retry.millis.description", min = "10", max = "3600000",
            required = false)
    int retry_millis() default 1000;

    @AttributeDefinition(name = "%update.retry.max.millis.name", description = "%update.retry.max.millis.description", min = "10", max = "3600000",
            required = false)
    int retry_max_millis() default 60_000;

    @AttributeDefinition(name = "%update.queue.max.name", description = "%update.queue.max.description", min = "10", max = "10000000",
            required = false)
    int queue_max() default 100_000;

    @AttributeDefinition(name = "%update.state.file.name", description = "%update.state.file.description", required = false)
    String state_file() default "data/dns.names";

    @AttributeDefinition(name = "%update.reconcile.seconds.name", description = "%update.reconcile.seconds.description", min = "1", max = "86400",
            required = false)
    int reconcile_seconds() default 60;
}

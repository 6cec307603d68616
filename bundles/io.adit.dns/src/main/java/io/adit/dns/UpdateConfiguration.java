package io.adit.dns;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID io.adit.dns.update. */
@ObjectClassDefinition(id = UpdateSettings.PID, localization = "OSGI-INF/l10n/io.adit.dns.update",
    name = "%ocd.name", description = "%ocd.description")
@interface UpdateConfiguration {

    @AttributeDefinition(name = "%server.name", description = "%server.description")
    String server();

    @AttributeDefinition(name = "%domain.name", description = "%domain.description", required = false)
    String domain() default "localhost";

    @AttributeDefinition(name = "%zone.name", description = "%zone.description", required = false)
    String zone() default "";

    @AttributeDefinition(name = "%key.file.name", description = "%key.file.description", required = false)
    String key_file() default "conf/dns.key";

    @AttributeDefinition(name = "%owner.name", description = "%owner.description", required = false)
    String owner() default "";

    @AttributeDefinition(name = "%ttl.seconds.name", description = "%ttl.seconds.description", min = "0", max = "86400",
            required = false)
    int ttl_seconds() default 30;

    @AttributeDefinition(name = "%timeout.millis.name", description = "%timeout.millis.description", min = "100", max = "60000",
            required = false)
    int timeout_millis() default 5000;

    @AttributeDefinition(name = "%retry.millis.name", description = "%retry.millis.description", min = "10", max = "3600000",
            required = false)
    int retry_millis() default 1000;

    @AttributeDefinition(name = "%retry.max.millis.name", description = "%retry.max.millis.description", min = "10", max = "3600000",
            required = false)
    int retry_max_millis() default 60_000;

    @AttributeDefinition(name = "%queue.max.name", description = "%queue.max.description", min = "10", max = "10000000",
            required = false)
    int queue_max() default 100_000;

    @AttributeDefinition(name = "%state.file.name", description = "%state.file.description", required = false)
    String state_file() default "data/dns.names";

    @AttributeDefinition(name = "%reconcile.seconds.name", description = "%reconcile.seconds.description", min = "1", max = "86400",
            required = false)
    int reconcile_seconds() default 60;
}

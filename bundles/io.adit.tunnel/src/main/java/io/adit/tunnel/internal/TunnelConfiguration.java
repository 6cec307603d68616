package io.adit.tunnel.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** PID {@code io.adit.tunnel}. */
@ObjectClassDefinition(localization = "OSGI-INF/l10n/io.adit.tunnel", name = "%ocd.name", description = "%ocd.description")
@interface TunnelConfiguration {

    @AttributeDefinition(name = "%pool.megabytes.name", description = "%pool.megabytes.description", min = "0", max = "1048576", required = false)
    int pool_megabytes() default 0;

    @AttributeDefinition(name = "%max.streams.name", description = "%max.streams.description", min = "1", max = "65536", required = false)
    int max_streams() default 1024;

    @AttributeDefinition(name = "%window.initial.bytes.name", description = "%window.initial.bytes.description", min = "16384", max = "16777216", required = false)
    int window_initial_bytes() default 256 * 1024;

    @AttributeDefinition(name = "%window.upload.bytes.name", description = "%window.upload.bytes.description", min = "16384", max = "1048576", required = false)
    int window_upload_bytes() default 64 * 1024;

    @AttributeDefinition(name = "%window.max.bytes.name", description = "%window.max.bytes.description", min = "65536", max = "67108864", required = false)
    int window_max_bytes() default 4 * 1024 * 1024;

    @AttributeDefinition(name = "%handshake.timeout.millis.name", description = "%handshake.timeout.millis.description", min = "100", max = "120000", required = false)
    int handshake_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%ping.idle.millis.name", description = "%ping.idle.millis.description", min = "100", max = "600000", required = false)
    int ping_idle_millis() default 10_000;

    @AttributeDefinition(name = "%ping.busy.millis.name", description = "%ping.busy.millis.description", min = "100", max = "600000", required = false)
    int ping_busy_millis() default 3_000;

    @AttributeDefinition(name = "%ping.timeout.millis.name", description = "%ping.timeout.millis.description", min = "100", max = "600000", required = false)
    int ping_timeout_millis() default 7_000;

    @AttributeDefinition(name = "%ping.idle.timeout.millis.name", description = "%ping.idle.timeout.millis.description", min = "100", max = "600000", required = false)
    int ping_idle_timeout_millis() default 15_000;

    @AttributeDefinition(name = "%write.stall.millis.name", description = "%write.stall.millis.description", min = "1000", max = "600000", required = false)
    int write_stall_millis() default 20_000;

    @AttributeDefinition(name = "%control.rate.name", description = "%control.rate.description", min = "10", max = "100000", required = false)
    int control_rate() default 500;

    @AttributeDefinition(name = "%codec.minimum.name", description = "%codec.minimum.description", min = "1", max = "65535", required = false)
    int codec_minimum() default 1;

    @AttributeDefinition(name = "%codec.order.name", description = "%codec.order.description", min = "1", max = "65535", required = false,
        type = AttributeType.INTEGER)
    String[] codec_order() default {};

    @AttributeDefinition(name = "%codec.release.timeout.millis.name", description = "%codec.release.timeout.millis.description", min = "0", max = "60000", required = false)
    int codec_release_timeout_millis() default 5_000;

    @AttributeDefinition(name = "%codec.park.timeout.millis.name", description = "%codec.park.timeout.millis.description", min = "0", max = "600000", required = false)
    int codec_park_timeout_millis() default 10_000;
}

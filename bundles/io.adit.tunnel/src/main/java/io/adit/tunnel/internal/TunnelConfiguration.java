package io.adit.tunnel.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** PID {@code io.adit.tunnel}. */
@ObjectClassDefinition(name = "%tunnel.name", description = "%tunnel.description", localization = "OSGI-INF/l10n/tunnel")
@interface TunnelConfiguration {

    @AttributeDefinition(name = "%pool", description = "%pool.description", min = "0", required = false)
    int pool_megabytes() default 0;

    @AttributeDefinition(name = "%maxStreams", description = "%maxStreams.description", min = "1", max = "65536", required = false)
    int max_streams() default 1024;

    @AttributeDefinition(name = "%initialWindow", description = "%initialWindow.description", min = "16384", max = "16777216", required = false)
    int window_initial_bytes() default 256 * 1024;

    @AttributeDefinition(name = "%uploadWindow", description = "%uploadWindow.description", min = "16384", max = "1048576", required = false)
    int window_upload_bytes() default 64 * 1024;

    @AttributeDefinition(name = "%maxWindow", description = "%maxWindow.description", min = "65536", max = "67108864", required = false)
    int window_max_bytes() default 4 * 1024 * 1024;

    @AttributeDefinition(name = "%handshake", description = "%handshake.description", min = "100", max = "120000", required = false)
    int handshake_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%pingIdle", description = "%pingIdle.description", min = "100", max = "600000", required = false)
    int ping_idle_millis() default 10_000;

    @AttributeDefinition(name = "%pingBusy", description = "%pingBusy.description", min = "100", max = "600000", required = false)
    int ping_busy_millis() default 3_000;

    @AttributeDefinition(name = "%pingTimeout", description = "%pingTimeout.description", min = "100", max = "600000", required = false)
    int ping_timeout_millis() default 7_000;

    @AttributeDefinition(name = "%pingIdleTimeout", description = "%pingIdleTimeout.description", min = "100", max = "600000", required = false)
    int ping_idle_timeout_millis() default 15_000;

    @AttributeDefinition(name = "%stall", description = "%stall.description", min = "1000", max = "600000", required = false)
    int write_stall_millis() default 20_000;

    @AttributeDefinition(name = "%controlRate", description = "%controlRate.description", min = "10", max = "100000", required = false)
    int control_rate() default 500;

    @AttributeDefinition(name = "%codecMinimum", description = "%codecMinimum.description", min = "1", max = "65535", required = false)
    int codec_minimum() default 1;

    @AttributeDefinition(name = "%codecOrder", description = "%codecOrder.description", min = "1", max = "65535", required = false)
    int[] codec_order() default {};

    @AttributeDefinition(name = "%codecRelease", description = "%codecRelease.description", min = "0", max = "60000", required = false)
    int codec_release_timeout_millis() default 5_000;

    @AttributeDefinition(name = "%codecPark", description = "%codecPark.description", min = "0", max = "600000", required = false)
    int codec_park_timeout_millis() default 10_000;
}

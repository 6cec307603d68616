package io.adit.origin;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of the way to the local web server; the texts and the units are in {@code OSGI-INF/l10n/io.adit.origin.properties}. */
@ObjectClassDefinition(id = OriginComponent.PID, localization = "OSGI-INF/l10n/io.adit.origin", name = "%ocd.name", description = "%ocd.description")
@interface OriginConfig {

    @AttributeDefinition(name = "%url.name", description = "%url.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + "(?i:https?)://(?:" + Formats.UNDERSCORED_HOST + "|" + Formats.IPV4 + "|\\[" + Formats.IPV6
        + "\\])(?::" + Formats.PORT + ")?+/?+" + ")?" + Formats.BLANKS,
        is = "empty, http://HOST:PORT or https://HOST:PORT")
    String url() default "";

    @AttributeDefinition(name = "%runtime.target.name", description = "%runtime.target.description", required = false)
    @Format(pattern = Formats.FILTER, is = Formats.FILTER_WORDS, kind = Format.Kind.FILTER)
    String runtime_target() default "(!(org.apache.felix.http.name=admin))";

    @AttributeDefinition(name = "%hidden.paths.name", description = "%hidden.paths.description", required = false)
    @Format(pattern = Formats.LIST + "(?:/[^/,\\s\\p{Cc}]++(?:\\x20++[^/,\\s\\p{Cc}]++)*+)++/?+" + Formats.LIST_END,
        is = "paths that begin with a slash, separated by commas")
    String hidden_paths() default "/system/console,/system/health,/adit/api,/metrics";

    @AttributeDefinition(name = "%host.policy.name", description = "%host.policy.description", required = false,
        options = {@Option(label = "%host.policy.keep", value = "keep"), @Option(label = "%host.policy.rewrite", value = "rewrite")})
    String host_policy() default "keep";

    @AttributeDefinition(name = "%tls.trust.name", description = "%tls.trust.description", required = false,
        options = {@Option(label = "%tls.trust.jvm", value = "jvm"), @Option(label = "%tls.trust.all", value = "all")})
    String tls_trust() default "jvm";

    @AttributeDefinition(name = "%proxy.protocol.name", description = "%proxy.protocol.description", required = false,
        options = {@Option(label = "%proxy.protocol.off", value = "off"),
            @Option(label = "%proxy.protocol.v1", value = "v1"),
            @Option(label = "%proxy.protocol.v2", value = "v2")})
    String proxy_protocol() default "off";

    @AttributeDefinition(name = "%connect.timeout.millis.name", description = "%connect.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "10", max = "600000")
    long connect_timeout_millis() default 5_000;

    @AttributeDefinition(name = "%response.timeout.millis.name", description = "%response.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "10", max = "86400000")
    long response_timeout_millis() default 60_000;

    @AttributeDefinition(name = "%idle.timeout.millis.name", description = "%idle.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "10", max = "86400000")
    long idle_timeout_millis() default 300_000;

    @AttributeDefinition(name = "%upgrade.idle.timeout.millis.name", description = "%upgrade.idle.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "10", max = "604800000")
    long upgrade_idle_timeout_millis() default 86_400_000;

    @AttributeDefinition(name = "%continue.timeout.millis.name", description = "%continue.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "10", max = "600000")
    long continue_timeout_millis() default 2_000;

    @AttributeDefinition(name = "%keepalive.timeout.millis.name", description = "%keepalive.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "10", max = "86400000")
    long keepalive_timeout_millis() default 4_000;

    @AttributeDefinition(name = "%shutdown.timeout.millis.name", description = "%shutdown.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "0", max = "600000")
    long shutdown_timeout_millis() default 2_000;

    @AttributeDefinition(name = "%hold.timeout.millis.name", description = "%hold.timeout.millis.description", required = false,
        type = AttributeType.LONG, min = "0", max = "600000")
    long hold_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%hold.max.name", description = "%hold.max.description", required = false,
        type = AttributeType.INTEGER, min = "0", max = "100000")
    int hold_max() default 1_000;

    @AttributeDefinition(name = "%max.connections.name", description = "%max.connections.description", required = false,
        type = AttributeType.INTEGER, min = "1", max = "60000")
    int max_connections() default 1_024;

    @AttributeDefinition(name = "%max.queued.name", description = "%max.queued.description", required = false,
        type = AttributeType.INTEGER, min = "1", max = "1000000")
    int max_queued() default 4_096;

    @AttributeDefinition(name = "%max.head.bytes.name", description = "%max.head.bytes.description", required = false,
        type = AttributeType.INTEGER, min = "4096", max = "1048576")
    int max_head_bytes() default 131_072;

    @AttributeDefinition(name = "%buffer.bytes.name", description = "%buffer.bytes.description", required = false,
        type = AttributeType.INTEGER, min = "4096", max = "1048576")
    int buffer_bytes() default 32_768;

    @AttributeDefinition(name = "%pool.bytes.name", description = "%pool.bytes.description", required = false,
        type = AttributeType.LONG, min = "1048576", max = "4294967296")
    long pool_bytes() default 16_777_216;

    @AttributeDefinition(name = "%threads.max.name", description = "%threads.max.description", required = false,
        type = AttributeType.INTEGER, min = "4", max = "1024")
    int threads_max() default 16;
}

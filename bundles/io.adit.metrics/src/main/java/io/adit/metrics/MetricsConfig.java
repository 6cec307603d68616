package io.adit.metrics;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.metrics; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/io.adit.metrics", name = "%ocd.name", description = "%ocd.description")
@interface MetricsConfig {

    @AttributeDefinition(name = "%http.target.name", description = "%http.target.description", required = false)
    @Format(pattern = Formats.FILTER, is = Formats.FILTER_WORDS, kind = Format.Kind.FILTER)
    String http_target() default "(!(|(org.apache.felix.http.name=public)(org.apache.felix.http.name=content)))";

    @AttributeDefinition(name = "%remote.name", description = "%remote.description", required = false)
    boolean remote() default false;

    @AttributeDefinition(name = "%hosts.name", description = "%hosts.description", required = false)
    @Format(pattern = Formats.HOSTS, is = Formats.HOSTS_WORDS)
    String[] hosts() default {};

    @AttributeDefinition(name = "%token.file.name", description = "%token.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String token_file() default "";

    @AttributeDefinition(name = "%peer.labels.name", description = "%peer.labels.description", required = false)
    boolean peer_labels() default false;

    @AttributeDefinition(name = "%peers.max.name", description = "%peers.max.description", min = "1", max = "10000", required = false)
    int peers_max() default 100;

    @AttributeDefinition(name = "%jvm.name", description = "%jvm.description", required = false)
    boolean jvm() default true;

    @AttributeDefinition(name = "%jmx.name", description = "%jmx.description", required = false)
    boolean jmx() default true;

    @AttributeDefinition(name = "%jmx.sessions.max.name", description = "%jmx.sessions.max.description", min = "0", max = "100000", required = false)
    int jmx_sessions_max() default 1000;
}

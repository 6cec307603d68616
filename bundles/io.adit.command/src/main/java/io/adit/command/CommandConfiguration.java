package io.adit.command;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.command; {@link RestComponent} checks them. */
@ObjectClassDefinition(id = RestComponent.PID, localization = "OSGI-INF/l10n/io.adit.command", name = "%ocd.name", description = "%ocd.description")
@interface CommandConfiguration {

    @AttributeDefinition(name = "%http.target.name", description = "%http.target.description", required = false)
    @Format(pattern = Formats.FILTER, is = Formats.FILTER_WORDS, kind = Format.Kind.FILTER)
    String http_target() default "(!(|(org.apache.felix.http.name=public)(org.apache.felix.http.name=content)))";

    @AttributeDefinition(name = "%token.file.name", description = "%token.file.description", required = false)
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String token_file() default "conf/admin.token";

    @AttributeDefinition(name = "%remote.name", description = "%remote.description", required = false)
    boolean remote() default false;

    @AttributeDefinition(name = "%hosts.name", description = "%hosts.description", required = false)
    @Format(pattern = Formats.HOSTS, is = Formats.HOSTS_WORDS)
    String[] hosts() default {};

    @AttributeDefinition(name = "%body.max.bytes.name", description = "%body.max.bytes.description", min = "64", max = "1048576", required = false)
    int body_max_bytes() default 16_384;
}

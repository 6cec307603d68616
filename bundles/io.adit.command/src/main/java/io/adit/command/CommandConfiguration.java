package io.adit.command;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.command; {@link ControlComponent} checks them. */
@ObjectClassDefinition(id = ControlComponent.PID, localization = "OSGI-INF/l10n/command", name = "%name", description = "%description")
@interface CommandConfiguration {

    @AttributeDefinition(name = "%http.target", description = "%http.target.description", required = false)
    String http_target() default "(!(|(org.apache.felix.http.name=public)(org.apache.felix.http.name=content)))";

    @AttributeDefinition(name = "%password.file", description = "%password.file.description", required = false)
    String password_file() default "conf/admin.password";

    @AttributeDefinition(name = "%body.max.bytes", description = "%body.max.bytes.description", min = "64", max = "1048576", required = false)
    int body_max_bytes() default 4096;
}

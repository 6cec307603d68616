package io.adit.connector;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Factory PID {@code io.adit.connector}: one configuration, one tunnel. */
@ObjectClassDefinition(localization = "OSGI-INF/l10n/io.adit.connector", name = "%ocd.name", description = "%ocd.description")
@interface ConnectorConfiguration {

    @AttributeDefinition(name = "%invitation.file.name", description = "%invitation.file.description", required = false)
    String invitation_file() default "";

    @AttributeDefinition(name = "%invitation.name", description = "%invitation.description", type = AttributeType.PASSWORD, required = false)
    String invitation() default "";

    @AttributeDefinition(name = "%register.name", description = "%register.description", required = false)
    boolean register() default false;

    @AttributeDefinition(name = "%role.name", description = "%role.description", required = false,
        options = {@Option(label = "%role.peer", value = "peer"), @Option(label = "%role.proxy", value = "proxy")})
    String role() default "peer";

    @AttributeDefinition(name = "%connect.timeout.millis.name", description = "%connect.timeout.millis.description", min = "100", max = "120000", required = false)
    int connect_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%retry.millis.name", description = "%retry.millis.description", min = "10", max = "60000", required = false)
    int retry_millis() default 1000;

    @AttributeDefinition(name = "%retry.fast.for.millis.name", description = "%retry.fast.for.millis.description", min = "0", max = "3600000", required = false)
    int retry_fast_for_millis() default 30_000;

    @AttributeDefinition(name = "%retry.max.millis.name", description = "%retry.max.millis.description", min = "100", max = "3600000", required = false)
    int retry_max_millis() default 20_000;

    @AttributeDefinition(name = "%dial.via.name", description = "%dial.via.description", required = false)
    String dial_via() default "";

    @AttributeDefinition(name = "%dial.via.user.name", description = "%dial.via.user.description", required = false)
    String dial_via_user() default "";

    @AttributeDefinition(name = "%dial.via.password.name", description = "%dial.via.password.description", type = AttributeType.PASSWORD, required = false)
    String dial_via_password() default "";

    @AttributeDefinition(name = "%dial.via.password.file.name", description = "%dial.via.password.file.description", required = false)
    String dial_via_password_file() default "";

    @AttributeDefinition(name = "%dial.via.timeout.millis.name", description = "%dial.via.timeout.millis.description", min = "100", max = "120000", required = false)
    int dial_via_timeout_millis() default 20_000;

    @AttributeDefinition(name = "%dial.via.refused.millis.name", description = "%dial.via.refused.millis.description", min = "1000", max = "86400000", required = false)
    int dial_via_refused_millis() default 600_000;

    @AttributeDefinition(name = "%dial.via.head.max.bytes.name", description = "%dial.via.head.max.bytes.description", min = "1024", max = "1048576", required = false)
    int dial_via_head_max_bytes() default 16_384;

    /** The dollar sign is not part of the key: Object has a method of that name. */
    @AttributeDefinition(name = "%notify.name", description = "%notify.description", required = false)
    String[] notify$() default {};

    @AttributeDefinition(name = "%owner.name", description = "%owner.description", required = false)
    String owner() default "";

    @AttributeDefinition(name = "%language.name", description = "%language.description", required = false)
    String language() default "";

    @AttributeDefinition(name = "%title.name", description = "%title.description", required = false)
    String title() default "";

    String webconsole_configurationFactory_nameHint() default "{name}";

    @AttributeDefinition(name = "%handler.timeout.millis.name", description = "%handler.timeout.millis.description", min = "0", max = "600000", required = false)
    int handler_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%handler.waiting.name", description = "%handler.waiting.description", min = "0", max = "100000", required = false)
    int handler_waiting() default 1000;

    @AttributeDefinition(name = "%drain.timeout.millis.name", description = "%drain.timeout.millis.description", min = "0", max = "600000", required = false)
    int drain_timeout_millis() default 5000;
}

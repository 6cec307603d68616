package io.adit.connector;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Factory PID {@code io.adit.connector}: one configuration, one tunnel. */
@ObjectClassDefinition(name = "%connector.name", description = "%connector.description", localization = "OSGI-INF/l10n/connector")
@interface ConnectorConfiguration {

    @AttributeDefinition(name = "%invitation", description = "%invitation.description", type = AttributeType.PASSWORD)
    String invitation();

    @AttributeDefinition(name = "%register", description = "%register.description", required = false)
    boolean register() default false;

    @AttributeDefinition(name = "%role", description = "%role.description", required = false)
    String role() default "peer";

    @AttributeDefinition(name = "%connectTimeout", description = "%connectTimeout.description", min = "100", max = "120000", required = false)
    int connect_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%retry", description = "%retry.description", min = "10", max = "60000", required = false)
    int retry_millis() default 1000;

    @AttributeDefinition(name = "%retryFor", description = "%retryFor.description", min = "0", max = "3600000", required = false)
    int retry_fast_for_millis() default 30_000;

    @AttributeDefinition(name = "%retryMax", description = "%retryMax.description", min = "100", max = "3600000", required = false)
    int retry_max_millis() default 20_000;

    @AttributeDefinition(name = "%via", description = "%via.description", required = false)
    String dial_via() default "";

    @AttributeDefinition(name = "%viaUser", description = "%viaUser.description", required = false)
    String dial_via_user() default "";

    @AttributeDefinition(name = "%viaPassword", description = "%viaPassword.description", type = AttributeType.PASSWORD, required = false)
    String dial_via_password() default "";

    @AttributeDefinition(name = "%viaPasswordFile", description = "%viaPasswordFile.description", required = false)
    String dial_via_password_file() default "";

    @AttributeDefinition(name = "%viaTimeout", description = "%viaTimeout.description", min = "100", max = "120000", required = false)
    int dial_via_timeout_millis() default 20_000;

    @AttributeDefinition(name = "%viaRefused", description = "%viaRefused.description", min = "1000", max = "86400000", required = false)
    int dial_via_refused_millis() default 600_000;

    @AttributeDefinition(name = "%viaHead", description = "%viaHead.description", min = "1024", max = "1048576", required = false)
    int dial_via_head_max_bytes() default 16_384;

    /** The dollar sign is not part of the key: Object has a method of that name. */
    @AttributeDefinition(name = "%notify", description = "%notify.description", required = false)
    String[] notify$() default {};

    @AttributeDefinition(name = "%owner", description = "%owner.description", required = false)
    String owner() default "";

    @AttributeDefinition(name = "%language", description = "%language.description", required = false)
    String language() default "";

    @AttributeDefinition(name = "%title", description = "%title.description", required = false)
    String title() default "";

    String webconsole_configurationFactory_nameHint() default "{name}";

    @AttributeDefinition(name = "%handlerTimeout", description = "%handlerTimeout.description", min = "0", max = "600000", required = false)
    int handler_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%handlerWaiting", description = "%handlerWaiting.description", min = "0", max = "100000", required = false)
    int handler_waiting() default 1000;

    @AttributeDefinition(name = "%drainTimeout", description = "%drainTimeout.description", min = "0", max = "600000", required = false)
    int drain_timeout_millis() default 5000;
}

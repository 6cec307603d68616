package io.adit.connector;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Factory PID {@code io.adit.connector}: one configuration, one tunnel. */
@ObjectClassDefinition(localization = "OSGI-INF/l10n/io.adit.connector", name = "%ocd.name", description = "%ocd.description")
@interface ConnectorConfiguration {

    @AttributeDefinition(name = "%invitation.file.name", description = "%invitation.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String invitation_file() default "";

    @AttributeDefinition(name = "%invitation.name", description = "%invitation.description", type = AttributeType.PASSWORD, required = false)
    @Format(pattern = Formats.BLANKS + "(?:adit://(?![a-z0-9-]{64})[a-z0-9]++(?:-++[a-z0-9]++)*+:[A-Za-z0-9_-]{43}=?+@" + Formats.HOST_IN_URL + ":" + Formats.PORT
        + "/?+\\?(?:tls=off|cert=[0-9A-Fa-f]{64}))?+" + Formats.BLANKS, is = "an invitation, as 'adit invite' prints it, or empty")
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
    @Format(pattern = Formats.BLANKS + "(?:|env|(?i:http|socks5h?)://(?:[A-Za-z0-9._-]++|\\[" + Formats.IPV6 + "\\]):" + Formats.PORT + "/?+)" + Formats.BLANKS,
        is = "empty, env, http://HOST:PORT or socks5://HOST:PORT, without user and password")
    String dial_via() default "";

    @AttributeDefinition(name = "%dial.via.user.name", description = "%dial.via.user.description", required = false)
    @Format(pattern = "[^\\p{Cc}]{0,255}", is = "one line of at most 255 characters")
    String dial_via_user() default "";

    @AttributeDefinition(name = "%dial.via.password.name", description = "%dial.via.password.description", type = AttributeType.PASSWORD, required = false)
    @Format(pattern = "[^\\p{Cc}]{0,255}", is = "one line of at most 255 characters")
    String dial_via_password() default "";

    @AttributeDefinition(name = "%dial.via.password.file.name", description = "%dial.via.password.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String dial_via_password_file() default "";

    @AttributeDefinition(name = "%dial.via.timeout.millis.name", description = "%dial.via.timeout.millis.description", min = "100", max = "120000", required = false)
    int dial_via_timeout_millis() default 20_000;

    @AttributeDefinition(name = "%dial.via.refused.millis.name", description = "%dial.via.refused.millis.description", min = "1000", max = "86400000", required = false)
    int dial_via_refused_millis() default 600_000;

    @AttributeDefinition(name = "%dial.via.head.max.bytes.name", description = "%dial.via.head.max.bytes.description", min = "1024", max = "1048576", required = false)
    int dial_via_head_max_bytes() default 16_384;

    /** The dollar sign is not part of the key: Object has a method of that name. */
    @AttributeDefinition(name = "%notify.name", description = "%notify.description", required = false)
    @Format(pattern = Formats.LIST + Formats.EMAIL + Formats.LIST_END, is = "e-mail addresses, separated by commas", kind = Format.Kind.HOST)
    String[] notify$() default {};

    @AttributeDefinition(name = "%owner.name", description = "%owner.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.EMAIL + ")?" + Formats.BLANKS, is = "an e-mail address or empty", kind = Format.Kind.HOST)
    String owner() default "";

    @AttributeDefinition(name = "%language.name", description = "%language.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + "[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}" + ")?" + Formats.BLANKS,
        is = "a language tag such as en, de or fr-CH, or empty")
    String language() default "";

    @AttributeDefinition(name = "%title.name", description = "%title.description", required = false)
    @Format(pattern = Formats.BLANKS + "[^\\p{Cc}\\u2028\\u2029]{0,200}+", is = "one line of at most 200 characters")
    String title() default "";

    String webconsole_configurationFactory_nameHint() default "{name}";

    @AttributeDefinition(name = "%handler.timeout.millis.name", description = "%handler.timeout.millis.description", min = "0", max = "600000", required = false)
    int handler_timeout_millis() default 10_000;

    @AttributeDefinition(name = "%handler.waiting.name", description = "%handler.waiting.description", min = "0", max = "100000", required = false)
    int handler_waiting() default 1000;

    @AttributeDefinition(name = "%drain.timeout.millis.name", description = "%drain.timeout.millis.description", min = "0", max = "600000", required = false)
    int drain_timeout_millis() default 5000;
}

package io.adit.webhook;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Factory PID io.adit.webhook: one configuration, one hook. */
@ObjectClassDefinition(localization = "OSGI-INF/l10n/io.adit.webhook", name = "%ocd.name", description = "%ocd.description")
@interface WebhookConfig {

    @AttributeDefinition(name = "%url.name", description = "%url.description", type = AttributeType.PASSWORD, required = false)
    @Format(pattern = Formats.BLANKS + "(?:(?i:https?)" + Formats.URL_REST + ")?+" + Formats.BLANKS, is = "an http or https URL without user, or empty")
    String url() default "";

    @AttributeDefinition(name = "%url.file.name", description = "%url.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String url_file() default "";

    @AttributeDefinition(name = "%secret.file.name", description = "%secret.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String secret_file() default "";

    @AttributeDefinition(name = "%secret.name", description = "%secret.description", type = AttributeType.PASSWORD, required = false)
    @Format(pattern = Formats.BLANKS + "(?:\\P{javaWhitespace}.{14,}\\P{javaWhitespace})?" + Formats.BLANKS, is = "at least 16 characters, or empty")
    String secret() default "";

    @AttributeDefinition(name = "%timeout.seconds.name", description = "%timeout.seconds.description", min = "1", max = "300")
    int timeout_seconds() default 10;

    @AttributeDefinition(name = "%queue.max.name", description = "%queue.max.description", min = "1", max = "1000000")
    int queue_max() default 10_000;

    @AttributeDefinition(name = "%retry.millis.name", description = "%retry.millis.description", min = "10", max = "600000")
    int retry_millis() default 1000;

    @AttributeDefinition(name = "%retry.max.millis.name", description = "%retry.max.millis.description", min = "10", max = "3600000")
    int retry_max_millis() default 60_000;

    @AttributeDefinition(name = "%give.up.seconds.name", description = "%give.up.seconds.description", min = "1", max = "604800")
    int give_up_seconds() default 3600;
}

package io.adit.mail;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of PID io.adit.mail. */
@ObjectClassDefinition(id = Options.PID, localization = "OSGI-INF/l10n/io.adit.mail", name = "%ocd.name", description = "%ocd.description")
@interface MailConfig {

    @AttributeDefinition(name = "%smtp.host.name", description = "%smtp.host.description")
    @Format(pattern = Formats.BLANKS + Formats.HOST_OR_ADDRESS + Formats.BLANKS, is = "a host name or an IP address")
    String smtp_host();

    @AttributeDefinition(name = "%smtp.port.name", description = "%smtp.port.description", min = "1", max = "65535")
    int smtp_port() default 25;

    @AttributeDefinition(name = "%tls.name", description = "%tls.description",
        options = {@Option(label = "%tls.off", value = "off"),
            @Option(label = "%tls.optional", value = "optional"),
            @Option(label = "%tls.required", value = "required"),
            @Option(label = "%tls.implicit", value = "implicit")})
    String tls() default "optional";

    @AttributeDefinition(name = "%trust.file.name", description = "%trust.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String trust_file() default "";

    @AttributeDefinition(name = "%user.name", description = "%user.description", required = false)
    @Format(pattern = Formats.BLANKS + "[^\\p{Cc}\\u2028\\u2029]{0,1000}+", is = "one line of at most 1000 characters")
    String user() default "";

    @AttributeDefinition(name = "%password.name", description = "%password.description", type = AttributeType.PASSWORD, required = false)
    @Format(pattern = Formats.BLANKS + "[^\\p{Cc}\\u2028\\u2029]{0,1000}+", is = "one line of at most 1000 characters")
    String password() default "";

    @AttributeDefinition(name = "%password.file.name", description = "%password.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String password_file() default "";

    @AttributeDefinition(name = "%helo.name.name", description = "%helo.name.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.HOST_OR_ADDRESS + ")?" + Formats.BLANKS, is = "a host name or empty")
    String helo_name() default "";

    @AttributeDefinition(name = "%timeout.seconds.name", description = "%timeout.seconds.description", min = "1", max = "600")
    int timeout_seconds() default 30;

    @AttributeDefinition(name = "%from.name", description = "%from.description")
    @Format(pattern = Formats.BLANKS + Formats.EMAIL + Formats.BLANKS, is = "an e-mail address such as name@example.org", kind = Format.Kind.HOST)
    String from();

    @AttributeDefinition(name = "%from.name.name", description = "%from.name.description", required = false)
    @Format(pattern = Formats.BLANKS + "[^\\p{Cc}\\u2028\\u2029]{0,100}+", is = "one line of at most 100 characters")
    String from_name() default "";

    @AttributeDefinition(name = "%language.name", description = "%language.description",
        options = {@Option(label = "%language.en", value = "en"),
            @Option(label = "%language.de", value = "de"),
            @Option(label = "%language.fr", value = "fr")})
    String language() default "en";

    @AttributeDefinition(name = "%unsubscribe.url.name", description = "%unsubscribe.url.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + "https?://" + Formats.HOST_IN_URL + "(?::" + Formats.PORT + ")?+/*+" + ")?" + Formats.BLANKS,
        is = "an http or https URL without a path, or empty")
    String unsubscribe_url() default "";

    @AttributeDefinition(name = "%store.name", description = "%store.description")
    @Format(pattern = "(?!.*;)" + Formats.FILE, is = "the path of a file, without a semicolon", kind = Format.Kind.PATH)
    String store() default "data/mail/mail";

    @AttributeDefinition(name = "%key.file.name", description = "%key.file.description")
    @Format(pattern = "(?!.*;)" + Formats.FILE, is = "the path of a file, without a semicolon", kind = Format.Kind.PATH)
    String key_file() default "data/mail/unsubscribe.key";

    @AttributeDefinition(name = "%announce.after.seconds.name", description = "%announce.after.seconds.description", min = "0", max = "3600")
    int announce_after_seconds() default 10;

    @AttributeDefinition(name = "%offline.after.seconds.name", description = "%offline.after.seconds.description", min = "0", max = "86400")
    int offline_after_seconds() default 300;

    @AttributeDefinition(name = "%digest.minutes.name", description = "%digest.minutes.description", min = "0", max = "1440")
    int digest_minutes() default 60;

    @AttributeDefinition(name = "%recipients.max.name", description = "%recipients.max.description", min = "1", max = "1000")
    int recipients_max() default 20;

    @AttributeDefinition(name = "%name.max.per.day.name", description = "%name.max.per.day.description", min = "1", max = "10000")
    int name_max_per_day() default 50;

    @AttributeDefinition(name = "%max.per.hour.name", description = "%max.per.hour.description", min = "1", max = "100000")
    int max_per_hour() default 500;

    @AttributeDefinition(name = "%queue.max.name", description = "%queue.max.description", min = "1", max = "1000000")
    int queue_max() default 10_000;

    @AttributeDefinition(name = "%queue.max.per.name.name", description = "%queue.max.per.name.description", min = "1", max = "10000")
    int queue_max_per_name() default 100;

    @AttributeDefinition(name = "%retry.seconds.name", description = "%retry.seconds.description", min = "1", max = "3600")
    int retry_seconds() default 60;

    @AttributeDefinition(name = "%retry.max.seconds.name", description = "%retry.max.seconds.description", min = "1", max = "86400")
    int retry_max_seconds() default 3600;

    @AttributeDefinition(name = "%give.up.hours.name", description = "%give.up.hours.description", min = "1", max = "240")
    int give_up_hours() default 48;
}

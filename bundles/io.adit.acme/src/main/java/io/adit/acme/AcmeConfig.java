package io.adit.acme;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of PID io.adit.acme. */
@ObjectClassDefinition(id = Options.PID, localization = "OSGI-INF/l10n/io.adit.acme", name = "%ocd.name", description = "%ocd.description")
@interface AcmeConfig {

    @AttributeDefinition(name = "%domains.name", description = "%domains.description")
    @Format(pattern = "(?=[\\s,]*+[^\\s,])" + Formats.LIST + Formats.HOST + "\\.?+" + Formats.LIST_END,
        is = "host names without a wildcard, separated by commas", kind = Format.Kind.HOST)
    String[] domains();

    @AttributeDefinition(name = "%own.domains.name", description = "%own.domains.description")
    boolean own_domains() default true;

    @AttributeDefinition(name = "%terms.agreed.name", description = "%terms.agreed.description")
    boolean terms_agreed() default false;

    @AttributeDefinition(name = "%email.name", description = "%email.description", required = false)
    @Format(pattern = Formats.BLANKS + "(?:" + Formats.EMAIL + ")?" + Formats.BLANKS, is = "an e-mail address or empty")
    String email() default "";

    @AttributeDefinition(name = "%directory.url.name", description = "%directory.url.description")
    @Format(pattern = Formats.BLANKS + "(?i:https)" + Formats.URL_REST + Formats.BLANKS, is = "an https URL")
    String directory_url() default "https://acme-v02.api.letsencrypt.org/directory";

    @AttributeDefinition(name = "%trust.file.name", description = "%trust.file.description", required = false)
    @Format(pattern = Formats.FILE_OR_NOTHING, is = Formats.FILE_OR_NOTHING_WORDS, kind = Format.Kind.PATH)
    String trust_file() default "";

    @AttributeDefinition(name = "%certificate.directory.name", description = "%certificate.directory.description")
    @Format(pattern = Formats.PATH, is = Formats.PATH_WORDS, kind = Format.Kind.PATH)
    String certificate_directory() default "conf/tls";

    @AttributeDefinition(name = "%account.key.file.name", description = "%account.key.file.description")
    @Format(pattern = Formats.FILE, is = Formats.FILE_WORDS, kind = Format.Kind.PATH)
    String account_key_file() default "data/acme/account.key";

    @AttributeDefinition(name = "%renew.before.days.name", description = "%renew.before.days.description", min = "1", max = "365")
    int renew_before_days() default 30;

    @AttributeDefinition(name = "%check.hours.name", description = "%check.hours.description", min = "1", max = "168")
    int check_hours() default 12;

    @AttributeDefinition(name = "%retry.minutes.name", description = "%retry.minutes.description", min = "1", max = "1440")
    int retry_minutes() default 15;

    @AttributeDefinition(name = "%retry.max.minutes.name", description = "%retry.max.minutes.description", min = "1", max = "10080")
    int retry_max_minutes() default 720;

    @AttributeDefinition(name = "%timeout.seconds.name", description = "%timeout.seconds.description", min = "1", max = "600")
    int timeout_seconds() default 30;

    @AttributeDefinition(name = "%order.timeout.seconds.name", description = "%order.timeout.seconds.description", min = "5", max = "3600")
    int order_timeout_seconds() default 300;
}

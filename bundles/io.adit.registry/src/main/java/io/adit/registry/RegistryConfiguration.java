package io.adit.registry;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys of PID io.adit.registry; {@link Settings} checks them. */
@ObjectClassDefinition(id = Settings.PID, localization = "OSGI-INF/l10n/registry", name = "%name", description = "%description")
@interface RegistryConfiguration {

    @AttributeDefinition(name = "%store", description = "%store.description", required = false)
    String store() default "data/registry";

    @AttributeDefinition(name = "%domain", description = "%domain.description", required = false)
    String domain() default "localhost";

    @AttributeDefinition(name = "%public.url", description = "%public.url.description", required = false)
    String public_url() default "http://{name}.{domain}:8080/";

    @AttributeDefinition(name = "%proxy.name", description = "%proxy.name.description", required = false)
    String proxy_name() default "";

    @AttributeDefinition(name = "%public.addresses", description = "%public.addresses.description", required = false)
    String[] public_addresses() default {};

    @AttributeDefinition(name = "%reserved.names", description = "%reserved.names.description", required = false)
    String[] reserved_names() default {"www", "admin", "administrator", "api", "app", "auth", "console", "dns", "ftp", "help", "host", "hostmaster",
        "imap", "isatap", "localhost", "login", "mail", "mx", "ns", "ns1", "ns2", "pop", "postmaster", "proxy", "registry", "root", "security",
        "smtp", "ssl", "status", "support", "system", "tunnel", "webmaster", "wpad", "autoconfig", "autodiscover"};

    @AttributeDefinition(name = "%grace.millis", description = "%grace.millis.description", min = "0", max = "600000", required = false)
    long grace_millis() default 10_000;

    @AttributeDefinition(name = "%grace.waiting", description = "%grace.waiting.description", min = "0", max = "100000", required = false)
    int grace_waiting() default 256;

    @AttributeDefinition(name = "%drain.timeout.millis", description = "%drain.timeout.millis.description", min = "0", max = "3600000",
            required = false)
    long drain_timeout_millis() default 30000;

    @AttributeDefinition(name = "%replaced.max", description = "%replaced.max.description", min = "0", max = "64", required = false)
    int replaced_max() default 4;
}

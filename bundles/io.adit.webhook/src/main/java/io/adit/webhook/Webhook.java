package io.adit.webhook;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import io.adit.api.PresenceListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The component: one hook for each configuration. With one that cannot be accepted it says so and does nothing. Thread-safe. */
@Component(service = {}, immediate = true, configurationPid = Options.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WebhookConfig.class, factory = true)
public final class Webhook {

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

    private final Hook hook;
    private final ServiceRegistration<PresenceListener> registration;
    private final ServiceRegistration<HealthSource> health;

    @Activate
    public Webhook(BundleContext context, WebhookConfig config, Map<String, Object> properties) {
        Options options;
        try {
            String home = context.getProperty("adit.home");
            options = Options.of(String.valueOf(properties.get(Constants.SERVICE_PID)), config, Path.of(home == null ? "" : home));
        } catch (IllegalArgumentException e) {
            // thrown, it would be three stack traces in the log around this line
            LOG.error("{}; this hook is told nothing", e.getMessage());
            hook = null;
            registration = null;
            health = context.registerService(HealthSource.class, () -> List.of(HealthSource.bad("webhook", Check.State.FAIL, e.getMessage(), "This hook is told nothing until that is right.")), null);
            return;
        }
        hook = new Hook(options, Clock.systemUTC());
        registration = context.registerService(PresenceListener.class, hook, null);
        health = context.registerService(HealthSource.class, hook, null);
    }

    @Deactivate
    void deactivate() {
        health.unregister();
        if (hook != null) {
            registration.unregister();
            hook.close();
        }
    }
}

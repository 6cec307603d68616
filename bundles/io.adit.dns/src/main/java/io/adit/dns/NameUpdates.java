package io.adit.dns;

import java.nio.file.Path;
import java.util.List;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps another name server's zone up to date. Thread-safe: the registry tells on one thread. */
@Component(service = {PresenceListener.class, HealthSource.class}, immediate = true, configurationPid = UpdateSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = UpdateConfiguration.class)
public final class NameUpdates implements PresenceListener, HealthSource {

    private static final Logger LOG = LoggerFactory.getLogger(NameUpdates.class);

    private final Updater updater;
    private final Hosts hosts;

    /** @throws IllegalArgumentException for a bad value, with one line */
    @Activate
    public NameUpdates(BundleContext context, UpdateConfiguration config) {
        String home = context.getProperty("adit.home");
        UpdateSettings settings = UpdateSettings.of(config, Path.of(home == null ? "" : home));
        updater = new Updater(new TcpExchange(settings.host(), settings.port(), settings.key(), settings.timeout()),
                new UpdateMessages(settings.zone(), settings.owner(), settings.ttl()), settings.queue(), new Published(settings.state()),
                settings.reconcile());
        hosts = new Hosts(settings.domain(), updater);
        LOG.info("names are updated server={}:{} zone={} domain={}", settings.host(), settings.port(), settings.zone(), settings.domain());
    }

    @Override
    public void online(Presence presence) {
        hosts.online(presence);
    }

    @Override
    public void offline(String name) {
        hosts.gone(name);
    }

    @Override
    public void ended(String name) {
        hosts.gone(name);
    }

    @Override
    public List<Check> conditions() {
        return List.of(updater.condition());
    }

    @Override
    public void told() {
        updater.told();
    }

    @Deactivate
    void deactivate() {
        updater.close();
    }
}

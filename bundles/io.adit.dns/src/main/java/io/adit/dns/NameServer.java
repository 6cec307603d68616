package io.adit.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.adit.api.Check;
import io.adit.api.Checks;
import io.adit.api.HealthSource;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authoritative server of the peers' domain. Answers from memory, and what it holds is what the registry told, so that a peer's name is there as
 * soon as it is registered.
 *
 * <p>Thread-safe: the registry tells on one thread.
 */
@Component(service = {PresenceListener.class, HealthSource.class}, immediate = true, configurationPid = Settings.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DnsConfiguration.class)
public final class NameServer implements PresenceListener, HealthSource {

    private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);

    private final Settings settings;
    private final Zone zone;
    private final Hosts hosts;
    private final Sockets sockets;
    private final ServiceRegistration<?> ready;
    private final String address;
    private volatile boolean told;

    /**
     * Opens the ports.
     *
     * @throws IllegalArgumentException for a bad value, with one line
     * @throws IOException when the ports cannot be had, with one line
     */
    @Activate
    public NameServer(BundleContext context, DnsConfiguration config) throws IOException {
        settings = Settings.of(config);
        InetAddress bind = bind(settings.bind());
        zone = new Zone(settings.zone(), !settings.addresses().isEmpty() || bind.isAnyLocalAddress() ? settings.addresses() : List.of(bind),
                () -> System.currentTimeMillis() / 1000);
        hosts = new Hosts(zone.domain(), zone::lead);
        Answers answers = new Answers(zone, settings.udpBytes(), settled(System.nanoTime()));
        try {
            sockets = new Sockets(bind, settings.port(), new UdpHandler(answers, new RateLimit(settings.rate(), System::nanoTime)),
                    new TcpHandler(answers, settings.connections(), settings.idle(), System::nanoTime));
        } catch (IOException e) {
            LOG.debug("the ports cannot be had", e);
            // no io.adit.failure, which ends a container that serves; and without the cause, since one line is shown, that of the last cause
            throw new IOException(Settings.PID + ": " + settings.bind() + ":" + settings.port() + " cannot be listened on: "
                    + String.valueOf(e.getMessage()).lines().reduce((first, last) -> last).orElse("").replaceFirst("^original message : ", ""));
        }
        InetSocketAddress address = sockets.address();
        String host = address.getAddress().getHostAddress();
        ready = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(
                Map.of("io.adit.ready", new String[] {"proxy.dns", "registry.dns"}, "dns", (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort())));
        this.address = address.toString();
        settings.leftOut().forEach(LOG::warn);
        LOG.info("name server open address={}:{} domain={}", host, address.getPort(), zone.domain());
    }

    private static InetAddress bind(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw Checks.bad(Settings.PID, "bind.address", address, "an address of this machine");
        }
    }

    private BooleanSupplier settled(long start) {
        long nanos = settings.settle().toNanos();
        return () -> told || System.nanoTime() - start >= nanos;
    }

    @Override
    public void online(Presence presence) {
        hosts.online(presence);
        proxies();
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
        return List.of(settings.leftOut().isEmpty() ? HealthSource.ok("dns-server", "answers at " + address)
                : HealthSource.bad("dns-server", Check.State.WARN, String.join("; ", settings.leftOut()), "Correct the records, in DIR/etc or in the web console."));
    }

    @Override
    public void told() {
        told = true;
    }

    /** The domain leads where the proxies are, if nothing else was configured; to the last ones when none is left. */
    private void proxies() {
        List<InetAddress> proxies = hosts.proxies();
        if (settings.addresses().isEmpty() && !proxies.isEmpty()) {
            zone.addresses(proxies);
        }
    }

    @Deactivate
    void deactivate() {
        ready.unregister();
        sockets.close();
    }
}

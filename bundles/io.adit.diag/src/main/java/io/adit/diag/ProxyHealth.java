package io.adit.diag;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.PeerEvent;
import io.adit.api.PeerListener;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.ProxyManager;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.RegistrationManager;
import io.adit.api.TunnelEndpoint;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Of a proxy, as its services show it; nothing where there never was a registry. Thread-safe. */
@Component(service = HealthSource.class, immediate = true, configurationPid = Diagnoser.PID)
public final class ProxyHealth implements HealthSource, PeerListener {

    private static final Duration LATELY = Duration.ofMinutes(10);
    private static final int MANY_LOSSES = 3;
    private static final int MOST_LOSSES = 1000;
    private static final int MOST_NAMED = 5;

    private record Loss(Instant at, String name) {
    }

    private final Supplier<Boolean> servesVisitors;
    private final int tripMillis;
    private final Duration certificate;
    private final InstantSource clock;
    private final Deque<Loss> losses = new ArrayDeque<>();
    private Listening listening;
    private volatile boolean proxy;
    private volatile RegistrationManager registrations;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile PeerManager peers;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile ProxyManager proxies;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile TunnelEndpoint endpoint;

    /** The public port; it gives the ends of its certificates by name. */
    private volatile Object port;
    private volatile Map<String, ?> portProperties = Map.of();

    @Activate
    public ProxyHealth(BundleContext context, DiagConfig config) {
        this(() -> List.of(context.getBundles()).stream().anyMatch(bundle -> "io.adit.port".equals(bundle.getSymbolicName())), Limit.ROUND_TRIP_MILLIS.of(config),
                Limit.CERTIFICATE_DAYS.of(config), InstantSource.system());
    }

    @Activate
    void activate(BundleContext context) {
        listening = new Listening(context, this, PeerListener.class);
    }

    @Deactivate
    void deactivate() {
        listening.close();
    }

    /** @param servesVisitors whether there has to be a public port */
    ProxyHealth(Supplier<Boolean> servesVisitors, int tripMillis, int certificateDays, InstantSource clock) {
        this.servesVisitors = servesVisitors;
        this.tripMillis = tripMillis;
        this.certificate = Duration.ofDays(certificateDays);
        this.clock = clock;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setRegistrations(RegistrationManager manager) {
        registrations = manager;
        proxy = true;
    }

    void unsetRegistrations(RegistrationManager manager) {
        if (registrations == manager) {
            registrations = null;
        }
    }

    @Reference(name = "port", service = Object.class, target = "(io.adit.public=true)", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setPort(Object service, Map<String, ?> properties) {
        port = service;
        portProperties = Map.copyOf(properties);
    }

    void unsetPort(Object service) {
        if (port == service) {
            port = null;
            portProperties = Map.of();
        }
    }

    @Override
    public void happened(PeerEvent event) {
        if (event.kind() == PeerEvent.Kind.ENDED && event.code() == ErrorCode.KEEP_ALIVE) {
            synchronized (losses) {
                losses.addLast(new Loss(event.at(), event.name()));
                if (losses.size() > MOST_LOSSES) {
                    losses.removeFirst();
                }
            }
        }
    }

    @Override
    public List<Check> conditions() {
        if (!proxy) {
            return List.of();
        }
        List<Check> all = new ArrayList<>();
        all.add(registrations == null ? HealthSource.bad("registry", State.WAIT, "the registry is away: names are not known and peers cannot register",
                "It is being updated, or its bundle was taken away or cannot open its store: the log says which.") : HealthSource.ok("registry", "the registry is there"));
        if (endpoint == null) {
            all.add(HealthSource.bad("tunnel-port", State.FAIL, "nothing listens for peers", "Is io.adit.acceptor there and its configuration right, and is the port free? The log says what is wrong."));
        }
        if (servesVisitors.get()) {
            publicPort(all);
        }
        linked(all);
        all.add(keepAlive());
        all.add(Trips.condition(peers == null ? List.of() : peers.connected().values().stream().flatMap(List::stream).map(PeerSession::info).toList(), tripMillis));
        return all;
    }

    private void publicPort(List<Check> all) {
        if (port == null) {
            all.add(HealthSource.bad("public-port", State.FAIL, "nothing listens for visitors", "Is io.adit.port there, and is the port free? The log says what is wrong."));
            return;
        }
        String https = String.valueOf(portProperties.get("https"));
        all.add(HealthSource.ok("public-port", "visitors come to " + portProperties.get("http") + (https.startsWith("https:") ? " and " + https : "")));
        all.add(certificates());
    }

    private Check certificates() {
        Map<String, Instant> ends = new TreeMap<>();
        if (port instanceof Supplier<?> supplier && supplier.get() instanceof Map<?, ?> map) {
            map.forEach((name, end) -> {
                if (end instanceof Instant time) {
                    ends.put(String.valueOf(name), time);
                }
            });
        }
        Map.Entry<String, Instant> first = ends.entrySet().stream().min(Map.Entry.comparingByValue(Comparator.naturalOrder())).orElse(null);
        if (first == null) {
            return HealthSource.ok("https-certificate", "the public port has no certificate");
        }
        String advice = "Browsers will warn of it: does io.adit.acme renew it, or whoever else puts it into the folder of the certificates?";
        Instant now = clock.instant();
        return !first.getValue().isAfter(now) ? HealthSource.bad("https-certificate", State.FAIL, first.getKey() + " ended at " + first.getValue(), advice)
                : !first.getValue().isAfter(now.plus(certificate)) ? HealthSource.bad("https-certificate", State.WARN, first.getKey() + " ends at " + first.getValue(), advice)
                : HealthSource.ok("https-certificate", "certificates: " + ends.size() + ", the first ends at " + first.getValue());
    }

    private void linked(List<Check> all) {
        ProxyManager manager = proxies;
        List<ProxyInfo> others = manager == null ? List.of() : manager.proxies().stream().filter(info -> !info.state().equals("here")).toList();
        if (!others.isEmpty()) {
            List<String> away = others.stream().filter(info -> info.state().equals("away")).map(ProxyInfo::name).limit(MOST_NAMED).toList();
            all.add(away.isEmpty() ? HealthSource.ok("proxies", "linked proxies: " + others.size()) : HealthSource.bad("proxies", State.WARN, "linked proxies that are away: " + String.join(", ", away),
                    "Their peers go to others when they register anew. Does that proxy run, and can it reach the tunnel port here? If it is gone for good: adit revoke."));
        }
    }

    private Check keepAlive() {
        TreeSet<String> names = new TreeSet<>();
        int count = 0;
        synchronized (losses) {
            while (!losses.isEmpty() && losses.peekFirst().at().isBefore(clock.instant().minus(LATELY))) {
                losses.removeFirst();
            }
            count = losses.size();
            losses.forEach(loss -> names.add(loss.name()));
        }
        String text = "sessions that were lost in silence within " + LATELY.toMinutes() + " min: " + count;
        return count < MANY_LOSSES ? HealthSource.ok("keep-alive", text) : HealthSource.bad("keep-alive", State.WARN,
                text + " (" + String.join(", ", names.stream().limit(MOST_NAMED).toList()) + (names.size() > MOST_NAMED ? ", ..." : "") + ")",
                "Of one peer: its network, or a firewall that forgets connections (ping.millis of io.adit.tunnel lower). Of many: this machine's network, or too little processor.");
    }
}

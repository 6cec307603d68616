package io.adit.metrics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.HealthSource;
import io.adit.api.MetricSource;
import io.adit.api.PeerListener;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import io.adit.api.RequestListener;
import io.adit.api.RequestListener.Side;
import jakarta.servlet.Servlet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: counts requests and what happens to names, and shows these numbers and all others to Prometheus and by JMX. It stays while what it asks is
 * updated. Thread-safe; no thread of its own.
 */
@Component(service = {}, immediate = true, configurationPid = Settings.PID)
@Designate(ocd = MetricsConfig.class)
public final class Metrics implements Own.Registry {

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final List<PeerNode> nodes = new CopyOnWriteArrayList<>();
    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
    private final List<HealthSource> conditions = new CopyOnWriteArrayList<>();
    private final Health health = new Health(conditions);
    private final Own own;
    private final Beans beans;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile RegistrationManager registrationManager;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile PeerManager peerManager;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile ProxyManager proxyManager;

    /** @throws IllegalArgumentException for a bad value, with one line */
    @Activate
    public Metrics(BundleContext context, MetricsConfig config) {
        String home = context.getProperty("adit.home");
        Settings settings = Settings.of(config, Path.of(home == null ? "" : home));
        Requests requests = new Requests(settings.peerLabels(), settings.peersMax(), side -> side == Side.PROXY ? peerManager != null : !nodes.isEmpty());
        Events events = new Events();
        own = new Own(requests, events, this, context.getBundle().getVersion().toString(), settings.peerLabels() ? settings.peersMax() : 0);
        registrations.add(context.registerService(RequestListener.class, requests, null));
        registrations.add(context.registerService(PeerListener.class, events, null));
        registrations.add(context.registerService(PresenceListener.class, new PresenceListener() {
            @Override
            public void online(Presence presence) {
                // those that get requests are counted
            }

            @Override
            public void offline(String name) {
                // it may come back
            }

            @Override
            public void ended(String name) {
                requests.forget(name);
            }
        }, null));
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.name", Settings.PID);
        properties.put("osgi.http.whiteboard.servlet.pattern", MetricsServlet.PATH);
        properties.put("osgi.http.whiteboard.target", settings.httpTarget());
        Servlet servlet = new MetricsServlet(new Access(settings.callers(), settings.tokenFile()),
                () -> new Exposition(requests, this::all, settings.jvm()));
        registrations.add(context.registerService(Servlet.class, servlet, properties));
        beans = settings.jmx() ? new Beans(requests, this::peers, nodes, this::all, settings.jmxSessionsMax()) : null;
    }

    private Collection<MetricSource> all() {
        List<MetricSource> all = new ArrayList<>(sources);
        all.add(own);
        all.add(health);
        return all;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(MetricSource source) {
        sources.add(source);
    }

    void removeSource(MetricSource source) {
        sources.remove(source);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addConditions(HealthSource source) {
        conditions.add(source);
    }

    void removeConditions(HealthSource source) {
        conditions.remove(source);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addNode(PeerNode node) {
        nodes.add(node);
    }

    void removeNode(PeerNode node) {
        nodes.remove(node);
    }

    @Override
    public RegistrationManager registrations() {
        return registrationManager;
    }

    @Override
    public PeerManager peers() {
        return peerManager;
    }

    @Override
    public ProxyManager proxies() {
        return proxyManager;
    }

    @Deactivate
    void deactivate() {
        for (ServiceRegistration<?> each : registrations) {
            try {
                each.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("unregistered already, by the framework with its bundle", e);
            }
        }
        if (beans != null) {
            beans.close();
        }
    }
}

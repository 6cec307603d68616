package io.adit.health;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.HealthSource;
import io.adit.api.PeerNode;
import io.adit.api.RegistrationManager;
import org.apache.felix.hc.api.HealthCheck;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Registers the health checks: those of both sides at once, those of a proxy or of a peer as soon as this container has shown to be one, and for good, since
 * what was there and is away is what they are for. Thread-safe.
 */
@Component(service = {}, immediate = true)
public final class HealthChecks {

    private final BundleContext context;
    private final Map<Mode, ServiceRegistration<HealthCheck>> checks = new EnumMap<>(Mode.class);
    private boolean closed;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<HealthSource> sources = new CopyOnWriteArrayList<>();

    @Activate
    public HealthChecks(BundleContext context) {
        this.context = context;
        add(Mode.Side.BOTH);
    }

    /** Only that it is there counts. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addRegistry(ServiceReference<RegistrationManager> manager) {
        add(Mode.Side.PROXY);
    }

    void removeRegistry(ServiceReference<RegistrationManager> manager) {
        // its checks say so
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPeer(ServiceReference<PeerNode> node) {
        add(Mode.Side.PEER);
    }

    void removePeer(ServiceReference<PeerNode> node) {
        // its checks say so
    }

    private synchronized void add(Mode.Side side) {
        for (Mode mode : Mode.values()) {
            if (!closed && mode.side() == side && !checks.containsKey(mode)) {
                Hashtable<String, Object> properties = new Hashtable<>();
                properties.put(HealthCheck.NAME, mode.title());
                properties.put(HealthCheck.TAGS, mode.tags());
                checks.put(mode, context.registerService(HealthCheck.class, new ModeCheck(mode, () -> sources), properties));
            }
        }
    }

    @Deactivate
    void deactivate() {
        List<ServiceRegistration<HealthCheck>> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(checks.values());
        }
        for (ServiceRegistration<HealthCheck> each : all) {
            try {
                each.unregister();
            } catch (IllegalStateException e) {
                continue; // by the framework, with the bundle
            }
        }
    }
}

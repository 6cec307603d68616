package io.adit.connector;

import java.time.Duration;
import java.time.Instant;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.adit.api.MetricSource;
import io.adit.api.PeerNode;
import io.adit.api.PeerNode.Trouble;
import io.adit.api.PeerSession;
import io.adit.api.packet.Packet.Registered;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connector says of itself by services: its node, with the state as a property, and its drain, while it runs; and, for whoever waits (the launcher,
 * the console), that it is ready and where, why it is not yet, or why it gave up. The link of a proxy has only the latter two.
 *
 * <p>Thread-safety: no locks. Confined to the connector's thread, but for the constructor, which comes before it, and for {@link #withdraw}: a state that is
 * shown after that has nobody to hear it.
 */
final class Published {

    private static final Logger LOG = LoggerFactory.getLogger(Published.class);
    private static final int DRAIN_ORDER = 10;
    /** Another tunnel of this container, which goes on. */
    private static final String OTHERS = "(&(" + Constants.OBJECTCLASS + "=" + PeerNode.class.getName() + ")(!(state=stopped)))";

    private final BundleContext context;
    private final String name;
    private final boolean proxy;
    private final ServiceRegistration<?> drainRegistration;
    private final Node node;
    private final ServiceRegistration<?> nodeRegistration;

    // confined to the connector's thread
    /** Of the node, as its service property says. */
    private String shownState = "connecting";
    private ServiceRegistration<?> ready;
    private String readyUrl;
    private ServiceRegistration<?> trouble;
    private ServiceRegistration<?> failure;

    /** @param drain may be called from now on, on any thread */
    Published(BundleContext context, Settings settings, Function<Duration, CompletionStage<Void>> drain) {
        this.context = context;
        this.name = settings.name();
        this.proxy = settings.isProxy();
        // the link of a proxy is needed until the proxy has drained
        this.drainRegistration = proxy ? null
                : context.registerService(Function.class, drain, FrameworkUtil.asDictionary(Map.of("io.adit.drain", DRAIN_ORDER)));
        Route route = settings.route();
        this.node = new Node(name, new PeerNode.Way(settings.invitation(), route.isDirect() ? "" : route.via().toString()));
        this.nodeRegistration = proxy ? null : context.registerService(new String[] {PeerNode.class.getName(), MetricSource.class.getName()}, node,
                shown());
    }

    /** The connector is about to stop: its drain and its node go, what waits for it may still be told. On any thread; once. */
    void withdraw() {
        if (drainRegistration != null) {
            drainRegistration.unregister();
            nodeRegistration.unregister();
        }
    }

    /** Nobody is told anything any more. */
    void clear() {
        for (ServiceRegistration<?> each : new ServiceRegistration<?>[] {ready, failure, trouble}) {
            if (each != null) {
                each.unregister();
            }
        }
        ready = null;
        failure = null;
        trouble = null;
    }

    /** A session serves. */
    void up(Registered answer, PeerSession session) {
        noTrouble();
        if (!proxy) {
            ready(answer.url());
            node.up(answer, session);
            show();
        }
    }

    /** Nobody serves any more. */
    void down() {
        node.down();
        if (ready != null) {
            ready.unregister();
            ready = null;
        }
    }

    /** An attempt failed, or a session was lost; the next attempt comes at that time. */
    void retry(Trouble kind, String reason, Instant next) {
        node.retry();
        trouble(kind, reason, next);
    }

    /**
     * Why there is no connection yet.
     *
     * @param reason null where a connect failed without one: nothing to tell, and what was told does not hold any more
     * @param next when it is tried again; null for when something changes
     */
    void trouble(Trouble kind, String reason, Instant next) {
        if (reason == null) {
            noTrouble();
            return;
        }
        node.trouble(kind, reason, next);
        show();
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of("io.adit.trouble", reason));
        if (trouble == null) {
            trouble = context.registerService(Object.class, new Object(), properties);
        } else {
            trouble.setProperties(properties);
        }
    }

    /** It does not try again; {@link #failed} comes next. */
    void stopped(Trouble kind, String message) {
        node.stopped(kind, message);
        show();
        noTrouble();
    }

    /** Ends a process that waits for this one only, so whatever else is to be said of it has been said. */
    void failed(String message) {
        Map<String, Object> properties = new HashMap<>(Map.of("io.adit.failure", true, "message", message, "code", 1));
        if (!proxy) {
            properties.put("unless", OTHERS);
        }
        failure = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(properties));
    }

    private void noTrouble() {
        if (trouble != null) {
            trouble.unregister();
        }
        trouble = null;
    }

    private void ready(String url) {
        if (ready != null && url.equals(readyUrl)) {
            return;
        }
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of("io.adit.ready", "peer", "url", url, "name", name));
        readyUrl = url;
        if (ready == null) {
            ready = context.registerService(Object.class, new Object(), properties);
        } else {
            ready.setProperties(properties);
        }
    }

    private Dictionary<String, Object> shown() {
        return FrameworkUtil.asDictionary(Map.of("name", name, "state", node.status().state()));
    }

    /** Who wants to know of another state is told by the framework. */
    private void show() {
        if (nodeRegistration == null) {
            return;
        }
        try {
            if (!node.status().state().equals(shownState)) {
                shownState = node.status().state();
                nodeRegistration.setProperties(shown());
            }
        } catch (IllegalStateException e) {
            LOG.debug("unregistered already", e);
        }
    }
}

package io.adit.console;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import io.adit.api.BundleSwap;
import io.adit.api.CodecManager;
import io.adit.api.DomainManager;
import io.adit.api.PeerListener;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.PresenceListener;
import io.adit.api.Probe;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import io.adit.api.RequestListener;
import jakarta.servlet.Servlet;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: watches requests and peers, and gives the web console the pages that make sense here. They stay while what they show is updated.
 * Thread-safe.
 *
 * <p>Threads: {@code adit-console} takes a sample each second, {@code adit-console-swap} waits for the exchange of a bundle.
 */
@Component(service = {}, immediate = true, configurationPid = Settings.PID)
@Designate(ocd = ConsoleConfig.class)
public final class Console {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String CATEGORY = "Adit";
    /** That may have the web console: not the one for visitors. */
    private static final String EVERY_SERVER = "(!(org.apache.felix.http.name=public))";

    private final BundleContext context;
    private final Network network;
    private final Sampler sampler;
    private final Actions actions;
    private final Codecs codecs;
    private final Views views;
    private final Guard guard = new Guard();
    private final FramePolicy policy;
    private final String version;
    private final ScheduledExecutorService clock;
    private final ExecutorService swapping;
    private final List<ServiceRegistration<?>> listeners = new ArrayList<>();
    private final Map<Page, ServiceRegistration<Servlet>> pages = new EnumMap<>(Page.class);
    private boolean closed;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile CodecManager codecManager;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile BundleSwap bundleSwap;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Probe probe;

    private final List<PeerNode> nodes = new java.util.concurrent.CopyOnWriteArrayList<>();

    /** @throws IllegalArgumentException for a bad value, with one line */
    @Activate
    public Console(BundleContext context, ConsoleConfig config) {
        Settings settings = Settings.of(config);
        this.context = context;
        Bundle own = context.getBundle();
        version = Long.toString(own.getLastModified(), 36);
        policy = new FramePolicy(FrameworkUtil.getBundle(AbstractServlet.class));
        clock = Executors.newSingleThreadScheduledExecutor(daemon("adit-console"));
        swapping = Executors.newSingleThreadExecutor(daemon("adit-console-swap"));
        RequestLog requests = new RequestLog(settings.requestsMax(), settings.requestsMaxBytes(), settings.bodyMaxBytes());
        Recorder recorder = new Recorder(requests);
        PeerLog events = new PeerLog(settings.eventsMax());
        network = new Network(recorder, events);
        sampler = new Sampler(recorder, events, this::sessions, System.nanoTime());
        PeersView peers = new PeersView(network, recorder, events, sampler);
        codecs = new Codecs(context, () -> codecManager, () -> bundleSwap, swapping, settings.uploadMaxBytes());
        actions = new Actions(network, requests, () -> probe, codecs, settings);
        views = new Views(network, new OverviewView(network, recorder, events, sampler, peers), peers, requests, codecs, new LocalView(recorder, sampler),
                () -> nodes, own.getVersion().toString());
        clock.scheduleAtFixedRate(this::sample, 1, 1, TimeUnit.SECONDS);
        listeners.add(context.registerService(RequestListener.class, recorder, null));
        listeners.add(context.registerService(PeerListener.class, events, null));
        listeners.add(context.registerService(PresenceListener.class, network, null));
        listeners.add(context.registerService(Preprocessor.class, new ForeignPages(), new Hashtable<>(Map.of(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, EVERY_SERVER))));
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private void sample() {
        try {
            sampler.sample(System.nanoTime());
        } catch (RuntimeException e) {
            LOG.warn("a sample failed", e); // an executor would never call again
        }
    }

    private Map<String, List<PeerSession>> sessions() {
        Map<String, List<PeerSession>> all = new HashMap<>(network.sessions());
        for (PeerNode node : nodes) {
            node.session().ifPresent(session -> all.putIfAbsent(node.status().name(), List.of(session)));
        }
        return all;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setRegistrations(RegistrationManager manager) {
        network.set(manager);
        show(Page.OF_PROXY);
    }

    void unsetRegistrations(RegistrationManager manager) {
        network.unset(manager);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setPeers(PeerManager manager) {
        network.set(manager);
    }

    void unsetPeers(PeerManager manager) {
        network.unset(manager);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setProxies(ProxyManager manager) {
        network.set(manager);
    }

    void unsetProxies(ProxyManager manager) {
        network.unset(manager);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setDomains(DomainManager manager) {
        network.set(manager);
    }

    void unsetDomains(DomainManager manager) {
        network.unset(manager);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addNode(PeerNode node) {
        nodes.add(node);
        show(Page.OF_PEER);
    }

    void removeNode(PeerNode node) {
        nodes.remove(node);
    }

    private synchronized void show(List<Page> wanted) {
        for (Page page : wanted) {
            if (!closed && !pages.containsKey(page)) {
                Hashtable<String, Object> properties = new Hashtable<>();
                properties.put(ServletConstants.PLUGIN_LABEL, page.label());
                properties.put(ServletConstants.PLUGIN_TITLE, page.title());
                properties.put(ServletConstants.PLUGIN_CATEGORY, CATEGORY);
                properties.put(ServletConstants.PLUGIN_CSS_REFERENCES, new String[] {"/" + page.label() + "/res/adit.css?v=" + version});
                Servlet servlet = new ConsoleServlet(page, this::shown, views, actions, codecs, guard, policy, version);
                pages.put(page, context.registerService(Servlet.class, servlet, properties));
            }
        }
    }

    private synchronized List<Page> shown() {
        return List.copyOf(pages.keySet());
    }

    @Deactivate
    void deactivate() {
        List<ServiceRegistration<?>> all = new ArrayList<>(listeners);
        synchronized (this) {
            closed = true;
            all.addAll(pages.values());
        }
        // without the lock: a page that is being asked for wants it
        for (ServiceRegistration<?> each : all) {
            try {
                each.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("unregistered already, by the framework with its bundle", e);
            }
        }
        clock.shutdownNow();
        swapping.shutdownNow();
    }
}

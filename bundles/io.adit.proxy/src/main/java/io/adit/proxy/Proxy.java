package io.adit.proxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.adit.api.Api;
import io.adit.api.LocalAnswers;
import io.adit.api.MetricSource;
import io.adit.api.PeerManager;
import io.adit.api.RegistrationManager;
import io.adit.api.RequestListener;
import io.adit.gate.OwnClasses;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRequest;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/**
 * The component: puts the servlet on the whiteboard of the public HTTP server, in a context of its own that nothing shadows, and takes
 * part in the drain. While there is no registration or peer manager (they are updated, say) requests wait, for a time. When it goes, the servlet
 * goes first: another one takes the requests that come then, or the public port's waiting room does, while those under way end here.
 */
@Component(service = {}, immediate = true, configurationPid = Settings.PID, reference = @Reference(name = "api", service = Api.class))
@Designate(ocd = ProxyConfig.class)
public final class Proxy {

    private static final String CONTEXT = "io.adit.proxy";
    private static final int DRAIN_ORDER = 10;
    /** ComponentConstants.DEACTIVATION_REASON_REFERENCE */
    private static final int REFERENCE_GONE = 2;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<LocalAnswers> localAnswers = List.of();

    private final PagesFolder pagesFolder;
    private final JettyErrors errors;
    private final Servers servers;
    private final ServiceRegistration<?> figures;
    private final Gateway gateway;
    private final Readiness readiness;
    private final Entrances entrances;
    private final ServiceRegistration<?> context;
    private final ServiceRegistration<?> servlet;
    private final ServiceRegistration<?> drain;

    @Activate
    public Proxy(BundleContext bundleContext, ProxyConfig config) {
        Settings settings = Settings.of(config);
        OwnClasses.load(bundleContext.getBundle());
        readiness = new Readiness(bundleContext);
        entrances = new Entrances(bundleContext, Duration.ofMillis(settings.stopTimeout()));
        pagesFolder = new PagesFolder(home(bundleContext).resolve(settings.pagesDirectory()), settings.pagesMaxBytes(), settings.pagesCheckMillis());
        ErrorPages pages = new ErrorPages(pagesFolder);
        gateway = new Gateway(settings, pages, () -> localAnswers);
        Refusals refusals = new Refusals(gateway);
        errors = new JettyErrors(pages, refusals);
        servers = new Servers(bundleContext, errors);
        figures = bundleContext.registerService(MetricSource.class, refusals, null);
        context = bundleContext.registerService(ServletContextHelper.class, new ServletContextHelper(bundleContext.getBundle()) {
        }, contextProperties(settings));
        servlet = bundleContext.registerService(Servlet.class, new ProxyServlet(gateway, this::exchange, new WaitingRoom(bundleContext)::service, this::bound),
                servletProperties(settings));
        Function<Duration, CompletionStage<Void>> drainFunction = deadline -> gateway.drain();
        drain = bundleContext.registerService(Function.class.getName(), drainFunction, properties("io.adit.drain", DRAIN_ORDER));
    }

    /** @param reason as Declarative Services has them */
    @Deactivate
    void deactivate(int reason) {
        readiness.close();
        drain.unregister();
        servlet.unregister();
        try {
            // with the API all that an exchange runs through is restarted; and where the container ends, nothing goes on
            if (reason == REFERENCE_GONE || gateway.isDraining()) {
                gateway.close();
            } else {
                gateway.leave();
            }
        } finally {
            context.unregister();
            entrances.close();
            figures.unregister();
            servers.close();
            errors.close();
            pagesFolder.close();
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setPeers(PeerManager manager) {
        gateway.registry().set(manager);
    }

    void unsetPeers(PeerManager manager) {
        gateway.registry().unset(manager);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setRegistrations(RegistrationManager manager) {
        gateway.registry().set(manager);
    }

    void unsetRegistrations(RegistrationManager manager) {
        gateway.registry().unset(manager);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addRequestListener(RequestListener listener) {
        gateway.reports().add(listener);
    }

    void removeRequestListener(RequestListener listener) {
        gateway.reports().remove(listener);
    }

    /** When the server lets the servlet go, nobody finds the way to it any more, but some may be on it: the server would fail them. */
    private void bound(boolean now) {
        readiness.bound(now);
        if (!now) {
            entrances.await();
        }
    }

    private Exchange exchange(ServletRequest request) {
        JettyExchange exchange = new JettyExchange(request);
        // without our public port the server is not to be had before: Felix HTTP keeps it to itself
        errors.attach(exchange.server());
        return exchange;
    }

    /** What relative paths start at. */
    private static Path home(BundleContext context) {
        String home = context.getProperty("adit.home");
        return Path.of(home == null ? "" : home).toAbsolutePath();
    }

    private static Dictionary<String, Object> contextProperties(Settings settings) {
        Dictionary<String, Object> properties = properties(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, CONTEXT);
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, "/");
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, settings.httpTarget());
        properties.put(Constants.SERVICE_RANKING, Integer.MAX_VALUE);
        return properties;
    }

    private static Dictionary<String, Object> servletProperties(Settings settings) {
        Dictionary<String, Object> properties = properties(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, CONTEXT);
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN, "/*");
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED, Boolean.TRUE);
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
                "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + CONTEXT + ")");
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, settings.httpTarget());
        properties.put(Constants.SERVICE_RANKING, Integer.MAX_VALUE);
        return properties;
    }

    private static Dictionary<String, Object> properties(String key, Object value) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(key, value);
        return properties;
    }
}

package io.adit.share;

import jakarta.servlet.Servlet;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;

import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.annotations.RequireHttpWhiteboard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a folder on the HTTP whiteboard. The servlet is registered by hand because its pattern and its target are configuration.
 *
 * <p>It has a servlet context of its own, ranked below every default: a servlet of somebody else wins wherever both match, and
 * its filters and listeners do not see ours. The context's name carries the component id, so that several configurations do not
 * shadow each other.
 */
@Component(configurationPid = ShareComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
    service = {})
@Designate(ocd = ShareConfig.class)
@RequireHttpWhiteboard
public final class ShareComponent {

    static final String PID = "io.adit.share";

    /** Defaults rank low, so that any service of a user wins untouched. */
    private static final int RANKING = -1000;

    private static final Logger LOG = LoggerFactory.getLogger(ShareComponent.class);

    private final ServiceRegistration<ServletContextHelper> helper;
    private final ServiceRegistration<Servlet> servlet;
    private final ServiceRegistration<?> serving;

    /**
     * Registers the folder's servlet.
     *
     * @throws IllegalArgumentException when a value of the configuration is out of its range
     */
    @Activate
    public ShareComponent(BundleContext bundle, ShareConfig config, Map<String, Object> properties) {
        ShareOptions options = ShareOptions.of(config);
        String target = target(config.http_target());
        String name = PID + "." + properties.get("component.id");

        Dictionary<String, Object> context = new Hashtable<>();
        context.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME, name);
        context.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH, "/");
        context.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, target);
        context.put(Constants.SERVICE_RANKING, RANKING);

        Dictionary<String, Object> mapping = new Hashtable<>();
        mapping.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_NAME, name);
        mapping.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_PATTERN,
            options.prefix().isEmpty() ? "/*" : "/" + String.join("/", options.prefix()) + "/*");
        mapping.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_SERVLET_ASYNC_SUPPORTED, true);
        mapping.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
            "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + name + ")");
        mapping.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, target);
        mapping.put(Constants.SERVICE_RANKING, RANKING);

        helper = bundle.registerService(ServletContextHelper.class, new ServletContextHelper(bundle.getBundle()) { }, context);
        try {
            servlet = bundle.registerService(Servlet.class, new ShareServlet(options), mapping);
        } catch (RuntimeException e) {
            helper.unregister();
            throw e;
        }
        // whoever passes requests on to this server waits while it is away; last, so that the servlet is there
        Dictionary<String, Object> mark = new Hashtable<>();
        mark.put("io.adit.serving", name);
        serving = bundle.registerService(Object.class, new Object(), mark);
        LOG.info("Sharing {} at {} of {}", options.folder(), config.path(), target);
    }

    /** Takes the folder from the whiteboard. The peer's request handler has waited for its transfers then; others that run are aborted. */
    @Deactivate
    public void deactivate() {
        unregister(serving);
        unregister(servlet);
        unregister(helper);
    }

    private static String target(String filter) {
        try {
            return FrameworkUtil.createFilter(filter).toString();
        } catch (InvalidSyntaxException e) {
            throw ShareOptions.bad("http.target", filter, "an LDAP filter");
        }
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("Already unregistered, the bundle is stopping", e);
        }
    }
}

package io.adit.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;

import io.adit.api.AdminAccess;
import io.adit.api.Checks;
import io.adit.api.CodecManager;
import io.adit.api.Diagnosis;
import io.adit.api.DomainManager;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import jakarta.servlet.Servlet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
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
 * Puts the {@link RestServlet} on the HTTP server that the configuration selects, also while there is no registry: it is who says so.
 * The servlet is registered here and not by Declarative Services because its whiteboard target is a key of ours.
 */
@Component(configurationPid = RestComponent.PID, immediate = true, service = {})
@Designate(ocd = CommandConfiguration.class)
public final class RestComponent {

    static final String PID = "io.adit.command";

    private static final Logger LOG = LoggerFactory.getLogger(RestComponent.class);
    private static final int LEAST_BODY = 64;
    private static final int LARGEST_BODY = 1 << 20;

    private final RestServlet servlet;
    private final Hashtable<String, Object> properties = new Hashtable<>();
    private ServiceRegistration<Servlet> registration;

    private final BundleContext context;
    /** Of the mark that there is a registry; guarded by this. */
    private ServiceRegistration<?> mark;
    private volatile RegistrationManager registrations;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile ProxyManager proxies;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile DomainManager domains;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile CodecManager codecs;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Diagnosis diagnosis;

    /**
     * @throws IllegalArgumentException for a bad value, with one line
     * @throws IllegalStateException when the token cannot be made, with one line
     */
    @Activate
    public RestComponent(BundleContext context, CommandConfiguration config) {
        this.context = context;
        properties.put("osgi.http.whiteboard.servlet.name", PID);
        properties.put("osgi.http.whiteboard.servlet.pattern", RestServlet.PATH + "/*");
        properties.put("osgi.http.whiteboard.target", target(config.http_target()));
        int most = Checks.within(PID, "body.max.bytes", config.body_max_bytes(), LEAST_BODY, LARGEST_BODY);
        AdminAccess access = AdminAccess.of(PID, config.remote(), config.hosts());
        AdminToken token = new AdminToken(tokenFile(context, config.token_file()));
        try {
            token.make();
        } catch (IOException e) {
            throw new IllegalStateException(PID + ": token.file=" + config.token_file() + " cannot be made: " + e);
        }
        this.servlet = new RestServlet(new Operations(() -> Optional.ofNullable(registrations), () -> Optional.ofNullable(proxies), () -> Optional.ofNullable(domains),
                () -> Optional.ofNullable(codecs), () -> Optional.ofNullable(diagnosis)), new Guard(token, access), most);
    }

    /** After the constructor, when the references are there. */
    @Activate
    public void register() {
        this.registration = context.registerService(Servlet.class, servlet, properties);
    }

    /** The mark, {@code io.adit.control}, is for a launcher: with it commands have answers. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setRegistrations(RegistrationManager manager) {
        registrations = manager;
        if (mark == null) {
            mark = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(Map.of("io.adit.control", true)));
        }
    }

    synchronized void unsetRegistrations(RegistrationManager manager) {
        if (registrations == manager) {
            registrations = null;
            unregister(mark);
            mark = null;
        }
    }

    @Deactivate
    public void deactivate() {
        unregister(registration);
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("it was unregistered already, by the framework with its bundle", e);
        }
    }

    private static String target(String filter) {
        try {
            return FrameworkUtil.createFilter(filter).toString();
        } catch (InvalidSyntaxException e) {
            throw Checks.bad(PID, "http.target", filter, "an OSGi filter (" + e.getMessage() + ")");
        }
    }

    private static Path tokenFile(BundleContext context, String path) {
        if (path.isBlank()) {
            throw Checks.bad(PID, "token.file", path, "a path");
        }
        String home = context.getProperty("adit.home");
        return home == null || home.isBlank() ? Path.of(path) : Path.of(home).resolve(path);
    }
}

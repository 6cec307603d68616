package io.adit.command;

import java.nio.file.Path;
import java.util.Hashtable;

import io.adit.api.Checks;
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
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the {@link ControlServlet} on the HTTP server that the configuration selects, while there is a registration manager.
 * The servlet is registered here and not by Declarative Services because its whiteboard target is a key of ours.
 */
@Component(configurationPid = ControlComponent.PID, immediate = true, service = {})
@Designate(ocd = CommandConfiguration.class)
public final class ControlComponent {

    static final String PID = "io.adit.command";

    private static final Logger LOG = LoggerFactory.getLogger(ControlComponent.class);
    private static final int LEAST_BODY = 64;
    private static final int LARGEST_BODY = 1 << 20;

    private final ServiceRegistration<Servlet> registration;

    /** @throws IllegalArgumentException for a bad value, with one line */
    @Activate
    public ControlComponent(BundleContext context, CommandConfiguration config, @Reference RegistrationManager registrations,
            @Reference ProxyManager proxies) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.name", PID);
        properties.put("osgi.http.whiteboard.servlet.pattern", ControlServlet.PATH + "/*");
        properties.put("osgi.http.whiteboard.target", target(config.http_target()));
        int most = Checks.within(PID, "body.max.bytes", config.body_max_bytes(), LEAST_BODY, LARGEST_BODY);
        ControlServlet servlet = new ControlServlet(registrations, proxies, new AdminPassword(passwordFile(context, config.password_file())), most);
        this.registration = context.registerService(Servlet.class, servlet, properties);
    }

    @Deactivate
    public void deactivate() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("the servlet was unregistered already, by the framework with its bundle", e);
        }
    }

    private static String target(String filter) {
        try {
            return FrameworkUtil.createFilter(filter).toString();
        } catch (InvalidSyntaxException e) {
            throw Checks.bad(PID, "http.target", filter, "an OSGi filter (" + e.getMessage() + ")");
        }
    }

    private static Path passwordFile(BundleContext context, String path) {
        if (path.isBlank()) {
            throw Checks.bad(PID, "password.file", path, "a path");
        }
        String home = context.getProperty("adit.home");
        return home == null || home.isBlank() ? Path.of(path) : Path.of(home).resolve(path);
    }
}

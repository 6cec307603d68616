package io.adit.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/**
 * Watches for the services by which a container says that it serves ({@code io.adit.ready=ROLE}; the addresses are
 * properties), that it cannot ({@code io.adit.failure}, {@code message}, {@code code}), and for the admin HTTP server. A failure that is {@code true} ends
 * a container at any time, unless a service matches its filter {@code unless}: another of its kind that goes on; one that is {@code start} is of a part,
 * without which a container does not begin to serve, but goes on.
 * Only properties are looked at, so the launcher shares no class with a bundle. Thread-safe.
 */
final class Readiness {

    private static final String FAILURE = "io.adit.failure";
    /** Of a failure: an LDAP filter. */
    private static final String UNLESS = "unless";
    /** Of what is ready: which of several that are alike. */
    private static final String NAME = "name";

    private static final String FILTER = "(|(io.adit.ready=*)(io.adit.failure=*)(io.adit.checked=true)(io.adit.control=true)"
        + "(objectClass=org.osgi.service.servlet.runtime.HttpServiceRuntime))";

    private static final String ADMIN_SERVER = "(&(objectClass=org.osgi.service.servlet.runtime.HttpServiceRuntime)"
        + "(org.apache.felix.http.name=admin))";
    /** The REST endpoint of io.adit.command: a proxy whose bundle is active must also answer invite, revoke and names. */
    private static final String CONTROL = "io.adit.command";
    private static final String CONTROL_PATH = "/adit/api/names";

    /** Looks at all configurations, those of before it was started too. */
    private static final String CHECKS = "io.adit.config";

    private final BundleContext context;
    private final String role;
    private final Set<String> keys;
    private final boolean withAdmin;
    private volatile boolean serving;

    /**
     * @param keys the properties that the ready services of the role must bring together, in the order of the READY line
     * @param withAdmin whether the admin port belongs to the line
     */
    Readiness(BundleContext context, String role, Set<String> keys, boolean withAdmin) {
        this.context = context;
        this.role = role;
        this.keys = keys;
        this.withAdmin = withAdmin;
    }

    /**
     * Calls back at each change, also for what was there before; on whatever thread changes a service, so it must not block. What ends a container is a
     * failure that comes, not that something goes: that may be back with another configuration.
     */
    void watch(Runnable changed, Consumer<CommandFailure> failed) {
        ServiceListener listener = event -> {
            if (event == null || event.getType() == ServiceEvent.REGISTERED && event.getServiceReference().getProperty(FAILURE) != null) {
                failure(serving).ifPresent(failed);
            }
            changed.run();
        };
        try {
            context.addServiceListener(listener, FILTER);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        listener.serviceChanged(null);
    }

    /** The container serves: from now on a part that cannot is no reason to end the others. */
    void serving() {
        serving = true;
    }

    /**
     * The addresses of the READY lines, of those for which all are known: by the name of what is served, which is empty where it has none. A part that does
     * not serve visitors says {@code io.adit.ready=ROLE.PART}.
     *
     * @param said the names of those that are known already, which are left out
     */
    SortedMap<String, Map<String, String>> addresses(Set<String> said) {
        Map<String, String> common = new HashMap<>();
        Map<String, Map<String, String>> named = new TreeMap<>();
        for (ServiceReference<?> reference : references("(|(io.adit.ready=" + role + ")(io.adit.ready=" + role + ".*))")) {
            Map<String, String> known = reference.getProperty(NAME) instanceof String name ? named.computeIfAbsent(name, each -> new HashMap<>()) : common;
            for (String key : reference.getPropertyKeys()) {
                known.put(key, String.valueOf(reference.getProperty(key)));
            }
        }
        adminUrl().ifPresent(url -> common.put("admin", url));
        if (named.isEmpty()) {
            named.put("", Map.of());
        }
        named.keySet().removeAll(said);
        SortedMap<String, Map<String, String>> lines = new TreeMap<>();
        named.forEach((name, known) -> {
            Map<String, String> all = new HashMap<>(common);
            all.putAll(known);
            Map<String, String> line = line(all);
            if (!line.containsValue(null)) {
                lines.put(name, line);
            }
        });
        return lines.isEmpty() || !isChecked() || !controlAnswers() ? new TreeMap<>() : lines;
    }

    private Map<String, String> line(Map<String, String> known) {
        Map<String, String> line = new LinkedHashMap<>();
        for (String key : keys) {
            line.put(key, known.get(key));
            if (key.equals("http") && known.containsKey("https")) {
                line.put("https", known.get("https"));
            }
        }
        if (withAdmin) {
            line.put("admin", known.get("admin"));
        }
        return line;
    }

    /** What of the configuration is refused, a line each: before the container serves, that is a fault of whoever starts it. */
    List<String> refused() {
        List<String> lines = new ArrayList<>();
        for (ServiceReference<?> reference : references("(io.adit.refused=*)")) {
            lines.addAll(List.of((String[]) reference.getProperty("io.adit.refused")));
        }
        return lines;
    }

    /** True if the configuration was looked at, or the bundle that does so is not wanted. */
    private boolean isChecked() {
        return Arrays.stream(context.getBundles()).noneMatch(bundle -> CHECKS.equals(bundle.getSymbolicName()))
            || references("(io.adit.checked=true)").length > 0;
    }

    /** True if the REST endpoint is bound on the admin server and has a registry, or its bundle is not wanted. */
    private boolean controlAnswers() {
        boolean wanted = Arrays.stream(context.getBundles())
            .anyMatch(bundle -> CONTROL.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE);
        if (!wanted) {
            return true;
        } else if (references("(io.adit.control=true)").length == 0) {
            return false;
        }
        for (ServiceReference<?> reference : references(ADMIN_SERVER)) {
            Object runtime = context.getService(reference);
            try {
                // By reflection: the API of the whiteboard is a bundle and not on the launcher's class path.
                Object info = runtime.getClass().getMethod("calculateRequestInfoDTO", String.class).invoke(runtime, CONTROL_PATH);
                Object servlet = info.getClass().getField("servletDTO").get(info);
                if (servlet != null && CONTROL.equals(servlet.getClass().getField("name").get(servlet))) {
                    return true;
                }
            } catch (ReflectiveOperationException e) {
                e.printStackTrace();
            } finally {
                context.ungetService(reference);
            }
        }
        return false;
    }

    /**
     * What ends the container now.
     *
     * @param all whether those count, too, that end it only when no other goes on
     */
    Optional<CommandFailure> failure(boolean all) {
        Set<String> messages = new TreeSet<>();
        int code = CommandFailure.RUN_TIME;
        for (ServiceReference<?> reference : references(serving ? "(io.adit.failure=true)" : "(io.adit.failure=*)")) {
            String unless = (String) reference.getProperty(UNLESS);
            if (unless == null || all && references(unless).length == 0) {
                code = reference.getProperty("code") instanceof Integer given ? given : code;
                messages.add(Failures.oneLine(String.valueOf(reference.getProperty("message"))));
            }
        }
        return messages.isEmpty() ? Optional.empty() : Optional.of(CommandFailure.withCode(code, String.join("; ", messages)));
    }

    private Optional<String> adminUrl() {
        for (ServiceReference<?> reference : references(ADMIN_SERVER)) {
            if (reference.getProperty("osgi.http.endpoint") instanceof String[] endpoints) {
                return Arrays.stream(endpoints).filter(url -> url.startsWith("http://")).findFirst()
                    .map(url -> url.replaceAll("/+$", ""));
            }
        }
        return Optional.empty();
    }

    private ServiceReference<?>[] references(String filter) {
        try {
            ServiceReference<?>[] references = context.getAllServiceReferences(null, filter);
            return references == null ? new ServiceReference<?>[0] : references;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

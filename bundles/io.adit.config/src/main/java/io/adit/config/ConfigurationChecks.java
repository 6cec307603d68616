package io.adit.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at each configuration of ours on its way to its component. A value that the Metatype does not allow gets no further: the one before stays, or the
 * default where there was none, and the log has one line with PID, key and what is allowed. Where there is neither, and the component cannot be without, it is
 * kept waiting, by a condition that never comes, until there is a value. A configuration that no bundle has is warned of. Without this bundle a component
 * refuses its whole configuration, and is gone until that is mended.
 *
 * <p>It is a service of its own, with the property {@code io.adit.checked}, as soon as what was there before has been looked at, and {@code io.adit.refused}
 * has the lines of all that is refused now, for a launcher and for health checks.
 *
 * <p>Imports nothing of ours: with another bundle it would be restarted, and forget which values were good. Thread-safe; guarded by itself.
 */
@Component(service = {}, immediate = true)
public final class ConfigurationChecks implements ConfigurationPlugin, ConfigurationListener {

    private static final String OURS = "io.adit.";
    /** Which Condition a component waits for (Declarative Services 1.5; where that is not known the component says itself what is wrong). */
    private static final String CONDITION = "osgi.ds.satisfying.condition.target";
    /** How a line then ends, for whoever has to know that this is worse than a default. */
    private static final String WAITING = "; nothing is at work without it";
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationChecks.class);

    private final BundleContext context;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final ServiceRegistration<ConfigurationChecks> state;
    /** Of each configuration the last good values; what has its default is not among them. */
    private final Map<String, Map<String, Object>> good = new HashMap<>();
    /** Of each configuration what the log has been told, by key. */
    private final Map<String, Map<String, String>> told = new TreeMap<>();
    private final Map<String, List<String>> refused = new TreeMap<>();

    private final Strangers strangers = new Strangers(pid -> definition(pid).isPresent());
    /** The framework is active by then. */
    private final FrameworkListener started = event -> {
        if (event.getType() == FrameworkEvent.STARTED) {
            tellOfStrangers();
        }
    };

    @Activate
    public ConfigurationChecks(BundleContext context, @Reference ConfigurationAdmin configurations) throws IOException, InvalidSyntaxException {
        this.context = context;
        // within 0..1000, or it may not change anything; late, so that placeholders are replaced
        registrations.add(context.registerService(ConfigurationPlugin.class, this, new Hashtable<>(Map.of(CM_RANKING, 900))));
        registrations.add(context.registerService(ConfigurationListener.class, this, null));
        Configuration[] there = configurations.listConfigurations("(service.pid=" + OURS + "*)");
        for (Configuration each : there == null ? new Configuration[0] : there) {
            Dictionary<String, Object> properties = each.getProperties();
            if (properties != null) {
                check(properties);
                strangers.saw(each.getPid(), each.getFactoryPid());
            }
        }
        context.addFrameworkListener(started);
        tellOfStrangers();
        state = context.registerService(ConfigurationChecks.class, this, state());
        registrations.add(state);
    }

    @Deactivate
    void deactivate() {
        context.removeFrameworkListener(started);
        registrations.forEach(ServiceRegistration::unregister);
    }

    @Override
    public void modifyConfiguration(ServiceReference<?> reference, Dictionary<String, Object> properties) {
        if (String.valueOf(properties.get("service.pid")).startsWith(OURS) && check(properties) && state != null) {
            state.setProperties(state());
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            strangers.gone(event.getPid());
            if (forget(event.getPid())) {
                state.setProperties(state());
            }
        } else if (event.getType() == ConfigurationEvent.CM_UPDATED && event.getPid().startsWith(OURS)) {
            strangers.saw(event.getPid(), event.getFactoryPid());
            tellOfStrangers();
        }
    }

    /** Not before all bundles have come: at the start configurations come first. */
    private void tellOfStrangers() {
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.ACTIVE) {
            strangers.tell().forEach(LOG::warn);
        }
    }

    private synchronized boolean forget(String pid) {
        good.remove(pid);
        told.remove(pid);
        return refused.remove(pid) != null;
    }

    private synchronized Dictionary<String, Object> state() {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("io.adit.checked", true));
        if (!refused.isEmpty()) {
            properties.put("io.adit.refused", refused.values().stream().flatMap(List::stream).toArray(String[]::new));
        }
        return properties;
    }

    /** @return whether other values are refused than before */
    private synchronized boolean check(Dictionary<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        Object factory = properties.get("service.factoryPid");
        Optional<Definition> definition = definition(factory == null ? pid : factory.toString());
        if (definition.isEmpty()) {
            return false;
        }
        Map<String, Object> before = good.computeIfAbsent(pid, each -> new HashMap<>());
        Map<String, String> log = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (Property property : definition.get().properties().values()) {
            Object value = property.bare(given(property, properties));
            Optional<String> allowed = value == null ? Optional.empty() : property.refuses(value);
            if (value == null) {
                before.remove(property.id());
                if (property.isWanted()) {
                    String line = pid + ": " + property.id() + " must be " + property.allowed() + ", and is not there" + waiting(property, properties);
                    lines.add(line);
                    log.put(property.id(), line);
                }
            } else if (allowed.isEmpty()) {
                before.put(property.id(), value);
                properties.put(property.id(), value);
            } else {
                String line = pid + ": " + property.id() + " must be " + allowed.get() + ", not " + property.shown(value);
                String told = line + instead(property, before, properties);
                lines.add(told.endsWith(WAITING) ? told : line);
                log.put(property.id(), told);
            }
        }
        List<String> unknown = Collections.list(properties.keys()).stream().filter(key -> !definition.get().knows(key)).toList();
        unknown.forEach(key -> log.put(key, pid + ": " + key + " is none of its properties"));
        tell(pid, log, unknown);
        return !lines.equals(lines.isEmpty() ? Optional.ofNullable(refused.remove(pid)).orElse(List.of()) : Optional.ofNullable(refused.put(pid, lines)).orElse(List.of()));
    }

    /** The value, or what was written in its place where FileInstall has made something else of it. */
    private static Object given(Property property, Dictionary<String, Object> properties) {
        Object value = properties.get(property.id());
        if (value != null && property.type().equals("Boolean") && properties.get("felix.fileinstall.filename") instanceof String source) {
            try {
                // a true is not of that text, and so it is newer: from the web console, say
                Optional<String> written = Boolean.TRUE.equals(value) ? Optional.empty() : WrittenFlag.neither(source, property.id());
                return written.isPresent() ? written.get() : value;
            } catch (IOException e) {
                LOG.warn("{}: {} is taken as it is, since its file cannot be read: {}", properties.get("service.pid"), property.id(), e.getMessage());
            }
        }
        return value;
    }

    /** Puts it there, and says what it is. */
    private static String instead(Property property, Map<String, Object> before, Dictionary<String, Object> properties) {
        Object last = before.get(property.id());
        if (last != null) {
            properties.put(property.id(), last);
            return "; " + property.shown(last) + " stays";
        }
        properties.remove(property.id());
        if (property.isWanted() || property.isSecret()) { // no default of a secret is better than none
            return waiting(property, properties);
        }
        return property.standard().map(each -> "; the default '" + each + "' is used").orElse("; it is left out");
    }

    /** Whoever looks at the component then sees what it waits for. */
    private static String waiting(Property property, Dictionary<String, Object> properties) {
        properties.put(CONDITION, "(io.adit.wanted=" + property.id() + ")");
        return WAITING;
    }

    /** A configuration comes by several times, once for each component that wants it. */
    private void tell(String pid, Map<String, String> log, List<String> unknown) {
        Map<String, String> before = log.isEmpty() ? told.remove(pid) : told.put(pid, log);
        log.forEach((key, line) -> {
            if (before == null || !line.equals(before.get(key))) {
                if (unknown.contains(key)) {
                    LOG.warn(line);
                } else {
                    LOG.error(line);
                }
            }
        });
    }

    /** By the rule that a bundle's PIDs begin with its symbolic name. */
    private Optional<Definition> definition(String pid) {
        for (Bundle bundle : context.getBundles()) {
            String name = bundle.getSymbolicName();
            if (name != null && name.startsWith(OURS) && (pid.equals(name) || pid.startsWith(name + "."))) {
                try {
                    Optional<Definition> found = Definition.of(bundle, pid);
                    if (found.isPresent()) {
                        return found;
                    }
                } catch (IOException e) {
                    LOG.warn("{}: the Metatype of {} cannot be read: {}", pid, name, e.getMessage());
                }
            }
        }
        return Optional.empty();
    }
}

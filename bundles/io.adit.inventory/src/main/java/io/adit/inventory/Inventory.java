package io.adit.inventory;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.adit.api.Check;
import io.adit.api.CodecManager;
import io.adit.api.HealthSource;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import io.adit.api.SessionInfo;
import io.adit.api.StreamInfo;
import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
import org.apache.felix.utils.json.JSONWriter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Prints what this container is made of and how it is: bundles, configurations, conditions, names in numbers, sessions, streams. No secret is in it, no query of
 * a request and nobody's e-mail address. Thread-safe.
 */
@Component(property = {InventoryPrinter.NAME + "=adit", InventoryPrinter.TITLE + "=Adit", InventoryPrinter.FORMAT + "=TEXT", InventoryPrinter.FORMAT + "=JSON"})
public final class Inventory implements InventoryPrinter {

    private static final int MOST_SESSIONS = 1000;
    private static final int MOST_STREAMS = 1000;
    private static final String OURS = "io.adit";
    private static final String ALL_LOCALES = null;

    private final BundleContext context;
    private final ConfigurationAdmin configurations;
    private final MetaTypeService metatype;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<HealthSource> sources = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<PeerNode> nodes = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile RegistrationManager registrations;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile PeerManager peers;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile ProxyManager proxies;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile CodecManager codecs;

    @Activate
    public Inventory(BundleContext context, @Reference ConfigurationAdmin configurations, @Reference MetaTypeService metatype) {
        this.context = context;
        this.configurations = configurations;
        this.metatype = metatype;
    }

    @Override
    public void print(PrintWriter writer, Format format, boolean isZip) {
        Map<String, Object> all = all();
        try {
            if (Format.JSON.equals(format)) {
                new JSONWriter(writer).value(all);
                writer.println();
            } else if (Format.TEXT.equals(format)) {
                Text.print(writer, all);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One look at everything; maps and lists of texts, numbers and truth values. */
    Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("time", Instant.now().toString());
        all.put("machine", machine());
        all.put("bundles", bundles());
        all.put("configurations", configurations());
        all.put("conditions", sources.stream().flatMap(source -> source.conditions().stream()).sorted(Comparator.comparing(Check::name)).map(Inventory::condition).toList());
        CodecManager versions = codecs;
        if (versions != null) {
            all.put("codecs", Map.of("here", versions.versions(), "preferred", versions.preferred()));
        }
        RegistrationManager names = registrations;
        if (names != null) {
            Map<String, Object> counts = new TreeMap<>();
            names.names().forEach(info -> counts.merge(info.state(), 1, (one, more) -> (Integer) one + (Integer) more));
            all.put("names", counts);
        }
        ProxyManager network = proxies;
        if (network != null) {
            all.put("proxies", network.proxies().stream().map(info -> row("name", info.name(), "state", info.state(), "since", info.since().toString(), "tunnel", info.tunnel(), "peers",
                    info.peers(), "capacity", info.capacity())).toList());
        }
        if (!nodes.isEmpty()) {
            all.put("peers", nodes.stream().map(node -> row("name", node.status().name(), "state", node.status().state(), "since", node.status().since().toString(), "url", node.status().url(),
                    "proxy", node.status().proxy(), "reason", Settings.text(node.status().reason()))).toList());
        }
        sessions(all);
        return all;
    }

    private static Map<String, Object> row(Object... pairs) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((String) pairs[i], pairs[i + 1]);
        }
        return row;
    }

    private static Map<String, Object> machine() {
        Runtime runtime = Runtime.getRuntime();
        return row("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"), "os", System.getProperty("os.name") + " " + System.getProperty("os.version")
                + " " + System.getProperty("os.arch"), "processors", runtime.availableProcessors(), "heapUsedMib", runtime.totalMemory() - runtime.freeMemory() >> 20, "heapMaxMib",
                runtime.maxMemory() >> 20, "threads", ManagementFactory.getThreadMXBean().getThreadCount(), "uptimeSeconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
    }

    private List<Map<String, Object>> bundles() {
        List<Map<String, Object>> rows = new ArrayList<>();
        Stream.of(context.getBundles()).filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith(OURS)).sorted(Comparator.comparing(Bundle::getSymbolicName))
                .forEach(bundle -> rows.add(row("name", bundle.getSymbolicName(), "version", bundle.getVersion().toString(), "state", state(bundle.getState()), "modified",
                        Instant.ofEpochMilli(bundle.getLastModified()).toString())));
        return rows;
    }

    private static String state(int state) {
        return switch (state) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.INSTALLED -> "installed";
            default -> "uninstalled";
        };
    }

    private Map<String, Object> configurations() {
        Map<String, Object> all = new TreeMap<>();
        try {
            Configuration[] found = configurations.listConfigurations("(service.pid=" + OURS + ".*)");
            Set<String> passwords = found == null ? Set.of() : passwords();
            for (Configuration each : found == null ? new Configuration[0] : found) {
                String pid = each.getFactoryPid() == null ? each.getPid() : each.getFactoryPid();
                all.put(each.getPid(), Settings.shown(pid, each.getProperties(), (of, key) -> passwords.contains(of + ":" + key)));
            }
        } catch (IOException | InvalidSyntaxException e) {
            all.put("failed", String.valueOf(e.getMessage()));
        }
        return all;
    }

    /** PID:key of all that the Metatype says is one. */
    private Set<String> passwords() {
        Set<String> found = new HashSet<>();
        for (Bundle bundle : context.getBundles()) {
            MetaTypeInformation information = String.valueOf(bundle.getSymbolicName()).startsWith(OURS) ? metatype.getMetaTypeInformation(bundle) : null;
            if (information != null) {
                Stream.concat(Stream.of(information.getPids()), Stream.of(information.getFactoryPids())).forEach(pid -> {
                    ObjectClassDefinition definition = information.getObjectClassDefinition(pid, ALL_LOCALES);
                    for (AttributeDefinition attribute : definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
                        if (attribute.getType() == AttributeDefinition.PASSWORD) {
                            found.add(pid + ":" + attribute.getID());
                        }
                    }
                });
            }
        }
        return found;
    }

    private static Map<String, Object> condition(Check check) {
        return row("name", check.name(), "state", check.state().name(), "text", Settings.text(check.text()), "advice", check.advice());
    }

    private void sessions(Map<String, Object> all) {
        Map<String, List<PeerSession>> connected = new TreeMap<>();
        PeerManager manager = peers;
        if (manager != null) {
            connected.putAll(manager.connected());
        }
        nodes.forEach(node -> node.session().ifPresent(session -> connected.putIfAbsent(node.status().name(), List.of(session))));
        List<Map<String, Object>> sessions = new ArrayList<>();
        List<Map<String, Object>> streams = new ArrayList<>();
        int count = 0;
        for (Map.Entry<String, List<PeerSession>> each : connected.entrySet()) {
            for (PeerSession session : each.getValue()) {
                count++;
                if (sessions.size() < MOST_SESSIONS) {
                    sessions.add(session(each.getKey(), session.info()));
                }
                if (streams.size() < MOST_STREAMS) {
                    session.streams(MOST_STREAMS - streams.size()).forEach(stream -> streams.add(stream(each.getKey(), session.id(), stream)));
                }
            }
        }
        all.put("sessionCount", count);
        all.put("sessions", sessions);
        all.put("streams", streams);
    }

    private static Map<String, Object> session(String name, SessionInfo info) {
        return row("name", name, "session", info.id(), "state", info.state(), "remote", info.remote(), "since", info.since().toString(), "codec", info.codec(), "roundTripMicros",
                info.roundTripMicros(), "streams", info.streams(), "totalStreams", info.totalStreams(), "bytesIn", info.bytesIn(), "bytesOut", info.bytesOut());
    }

    private static Map<String, Object> stream(String name, String session, StreamInfo info) {
        return row("name", name, "session", session, "id", info.id(), "method", info.method(), "target", info.target().replaceFirst("[?;#].*", "?..."), "ageMillis", info.ageMillis(),
                "stallMillis", info.stallMillis(), "waitsFor", info.waitsFor(), "bytesIn", info.bytesIn(), "bytesOut", info.bytesOut(), "buffered", info.buffered(), "window", info.window(),
                "credit", info.credit());
    }
}

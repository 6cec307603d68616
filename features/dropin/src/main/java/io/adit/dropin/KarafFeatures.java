package io.adit.dropin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Features for Karaf 4.4, as its features repository has them: what Karaf has is left out, and what it has none of, HTTP by Jakarta, comes along. The
 * console is a feature of its own, since it brings a web console with a login that has to be set. Immutable.
 */
final class KarafFeatures {

    private static final String CONSOLE = "adit-console";

    /** Karaf's own, or those of its feature scr. */
    private static final Set<String> THERE = Set.of("pax-logging-api", "pax-logging-logback", "org.osgi.util.function", "org.osgi.util.promise",
        "org.osgi.service.component", "org.apache.felix.configadmin", "org.apache.felix.metatype", "org.apache.felix.eventadmin", "org.apache.felix.scr",
        "org.apache.felix.gogo.runtime", "org.apache.felix.gogo.command", "org.apache.felix.fileinstall");
    private static final Set<String> OF_THE_CONSOLE = Set.of("org.apache.felix.webconsole", "org.apache.felix.webconsole.plugins.ds",
        "org.apache.felix.inventory", "org.apache.felix.healthcheck.webconsoleplugin", "encoder", "io.adit.inventory", "io.adit.console");
    /** It is part of the framework, and Karaf's is running already. */
    private static final String EXTENSION = "org.apache.aries.spifly.dynamic.framework.extension";
    /** Libraries that nobody imports: found as services, or by ServiceLoader. */
    private static final Set<String> UNASKED = Set.of("org.apache.felix.http.jetty12", "jetty-alpn-java-server", "jetty-server-internals",
        "org.apache.aries.spifly.dynamic.bundle");
    /** They are the owner's to write: an invitation, and what is to be shown. */
    private static final Set<String> OWNERS = Set.of("io.adit.connector~main", "io.adit.origin", "io.adit.share",
        "org.apache.felix.webconsole.internal.servlet.OsgiManager");
    /** The one that our command has is the one that Karaf's own HTTP has. */
    private static final Map<String, String> OTHER_PORTS = Map.of("8181", "8182");

    private final List<Feature> features;
    private final Build build;

    KarafFeatures(List<Feature> features, Build build) {
        this.features = features;
        this.build = build;
    }

    /** What is in them, each bundle once. */
    List<Artifact> bundles() {
        Map<String, Artifact> all = new LinkedHashMap<>();
        for (Feature feature : features) {
            all(feature).forEach(each -> all.putIfAbsent(each.artifact().mavenUrl(), each.artifact()));
        }
        return List.copyOf(all.values());
    }

    private List<Feature.Entry> all(Feature feature) {
        List<Feature.Entry> all = new ArrayList<>();
        for (Feature.Entry each : feature.bundles()) {
            if (each.artifact().artifact().equals(EXTENSION)) {
                build.serviceLoader().forEach(bundle -> all.add(new Feature.Entry(bundle, each.startLevel())));
            } else if (!THERE.contains(each.artifact().artifact())) {
                all.add(each);
            }
        }
        return all;
    }

    /** @param name of the repository */
    String xml(String name) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<features xmlns=\"http://karaf.apache.org/xmlns/features/v1.6.0\" name=\"")
            .append(name).append("\">\n");
        for (Feature feature : features) {
            xml.append("  <feature name=\"adit-").append(feature.role()).append("\" version=\"").append(osgi(feature.version())).append("\" description=\"")
                .append(escape(feature.description())).append("\">\n    <feature>scr</feature>\n");
            feature.configurations().forEach((pid, values) -> {
                if (!values.isEmpty() && !OWNERS.contains(pid)) {
                    configuration(xml, pid, values);
                }
            });
            all(feature).stream().filter(each -> !OF_THE_CONSOLE.contains(each.artifact().artifact())).forEach(each -> bundle(xml, each));
            xml.append("  </feature>\n");
        }
        Feature one = features.get(0);
        xml.append("  <feature name=\"").append(CONSOLE).append("\" version=\"").append(osgi(one.version()))
            .append("\" install=\"manual\" description=\"The Felix web console, with Adit's pages\">\n    <feature>scr</feature>\n");
        all(one).stream().filter(each -> OF_THE_CONSOLE.contains(each.artifact().artifact())).forEach(each -> bundle(xml, each));
        return xml.append("  </feature>\n</features>\n").toString();
    }

    private static void configuration(StringBuilder xml, String pid, Map<String, Object> values) {
        // as its file is called: FileInstall takes what is before a hyphen for the factory, and does not know "~"
        xml.append("    <config name=\"").append(pid.replace('~', '-')).append("\">\n");
        new TreeMap<>(values).forEach((key, value) -> {
            String name = key.replaceFirst(":.*", "");
            String text = value.toString();
            xml.append("      ").append(name).append(" = ").append(escape(name.endsWith("port") ? OTHER_PORTS.getOrDefault(text, text) : text)).append('\n');
        });
        xml.append("    </config>\n");
    }

    private static void bundle(StringBuilder xml, Feature.Entry entry) {
        Artifact artifact = entry.artifact();
        boolean ours = artifact.group().equals("io.adit");
        xml.append("    <bundle").append(ours || !entry.isStarted() || UNASKED.contains(artifact.artifact()) ? "" : " dependency=\"true\"")
            .append(entry.isStarted() ? "" : " start=\"false\"").append('>').append(artifact.mavenUrl()).append("</bundle>\n");
    }

    /** 0.1.0-SNAPSHOT is 0.1.0.SNAPSHOT. */
    private static String osgi(String version) {
        return version.replaceFirst("-", ".");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}

package io.adit.dropin;

import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.felix.utils.json.JSONWriter;

/**
 * A feature in the words of Apache Sling's feature launcher. It is older than the specification (159), by which ours are written: an extension is there what begins
 * with its name, and {@code extensions} what it stops at. What our launcher sets when it starts are variables. Stateless.
 */
final class SlingFeature {

    /** What only its owner knows; without a value the launcher does not start. */
    private static final List<String> ASKED = List.of("adit.home", "console.password");
    /** Logs to files, by a file that our launcher puts there; without it all goes to the standard output, by this property. */
    private static final String LOG = "pax-logging-logback";
    private static final String LOG_FILE = "org.ops4j.pax.logging.property.file";
    private static final String LOG_LEVEL = "org.ops4j.pax.logging.DefaultServiceLog.level";

    private SlingFeature() {
    }

    static String json(Feature feature) throws IOException {
        Map<String, Object> variables = new LinkedHashMap<>();
        ASKED.forEach(each -> variables.put(each, null));
        Map<String, Map<String, Object>> configurations = new TreeMap<>(feature.configurations());
        configurations.remove("io.adit.share"); // without a folder there is nothing to share
        set(configurations, "org.apache.felix.webconsole.internal.servlet.OsgiManager", "password", "${console.password}");
        if (configurations.containsKey("io.adit.connector~main")) {
            variables.put("invitation", null);
            set(configurations, "io.adit.connector~main", "invitation", "${invitation}");
        }
        Map<String, Object> properties = new TreeMap<>(feature.frameworkProperties());
        properties.remove(LOG_FILE);
        properties.put(LOG_LEVEL, "INFO");
        properties.put("adit.home", "${adit.home}");
        // until its configuration arrives
        properties.put("felix.webconsole.password", "${console.password}");
        List<Map<String, Object>> bundles = new ArrayList<>();
        for (Feature.Entry each : feature.bundles()) {
            if (!each.artifact().artifact().equals(LOG)) {
                Map<String, Object> bundle = new LinkedHashMap<>();
                bundle.put("id", each.artifact().id());
                bundle.put("start-order", Integer.toString(each.startLevel()));
                bundles.add(bundle);
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", "io.adit:adit-" + feature.role() + ":slingosgifeature:" + feature.version());
        json.put("description", feature.description());
        json.put("variables", variables);
        json.put("bundles", bundles);
        json.put("configurations", configurations);
        json.put("framework-properties", properties);
        StringWriter text = new StringWriter();
        new JSONWriter(text).value(json).flush();
        return text.toString();
    }

    private static void set(Map<String, Map<String, Object>> configurations, String pid, String key, String value) {
        Map<String, Object> changed = new TreeMap<>(configurations.get(pid));
        changed.put(key, value);
        configurations.put(pid, changed);
    }
}

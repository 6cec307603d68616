package io.adit.dropin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.felix.utils.json.JSONParser;

/**
 * A feature of the distribution: the one list of what a container is made of. Immutable.
 *
 * @param role proxy, peer or registry
 * @param framework what it is started with
 * @param configurations by PID; keys with their type, {@code port:Integer}, as in the file
 */
record Feature(String role, String description, String version, Artifact framework, List<Entry> bundles, Map<String, Map<String, Object>> configurations,
    Map<String, String> frameworkProperties) {

    /** From this level on nothing is started: what is there for those who ask for it. */
    private static final int STARTED = 20;

    /** A bundle and the start level at which it starts. */
    record Entry(Artifact artifact, int startLevel) {

        boolean isStarted() {
            return startLevel <= STARTED;
        }
    }

    @SuppressWarnings("unchecked")
    static Feature read(Path file) throws IOException {
        Map<String, Object> json = new JSONParser(Files.readString(file)).getParsed();
        List<Entry> bundles = new ArrayList<>();
        for (Object each : (List<?>) json.get("bundles")) {
            Map<?, ?> bundle = (Map<?, ?>) each;
            bundles.add(new Entry(Artifact.parse((String) bundle.get("id")), ((Number) bundle.get("bundleStartLevel")).intValue()));
        }
        Map<String, Map<String, Object>> configurations = new TreeMap<>();
        ((Map<String, Object>) json.getOrDefault("configurations", Map.of()))
            .forEach((pid, values) -> configurations.put(pid, (Map<String, Object>) values));
        Map<String, Object> extensions = (Map<String, Object>) json.get("extensions");
        Map<?, ?> framework = (Map<?, ?>) ((List<?>) ((Map<String, Object>) extensions.get("launch-framework")).get("artifacts")).get(0);
        Map<String, String> properties = new TreeMap<>();
        for (Object line : (List<?>) ((Map<String, Object>) extensions.get("framework-launching-properties")).get("text")) {
            String[] pair = ((String) line).split("=", 2);
            properties.put(pair[0], pair[1]);
        }
        return new Feature(file.getFileName().toString().replaceFirst("\\.json$", ""), (String) json.get("description"),
            Artifact.parse((String) json.get("id")).version(),
            Artifact.parse((String) framework.get("id")), List.copyOf(bundles), configurations, properties);
    }
}

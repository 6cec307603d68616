package io.adit.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.felix.utils.json.JSONParser;

/** A feature file of the distribution: the one list of what a container is made of. Immutable. */
record ShippedFeature(Map<Path, Integer> bundles, Map<String, Map<String, Object>> configurations,
        Map<String, String> frameworkProperties) {

    /** @param role proxy or peer */
    @SuppressWarnings("unchecked")
    static ShippedFeature read(Path dist, String role) throws IOException {
        Map<String, Object> feature =
            new JSONParser(Files.readString(dist.resolve("features").resolve(role + ".json"), StandardCharsets.UTF_8))
                .getParsed();
        Map<Path, Integer> bundles = new LinkedHashMap<>();
        for (Object each : (List<?>) feature.get("bundles")) {
            Map<String, Object> bundle = (Map<String, Object>) each;
            bundles.put(dist.resolve("bundles").resolve(fileName((String) bundle.get("id"))),
                ((Number) bundle.get("bundleStartLevel")).intValue());
        }
        Map<String, String> properties = new LinkedHashMap<>();
        Map<String, Object> extensions = (Map<String, Object>) feature.get("extensions");
        for (Object line : (List<?>) ((Map<String, Object>) extensions.get("framework-launching-properties")).get("text")) {
            String[] pair = ((String) line).split("=", 2);
            properties.put(pair[0], pair[1]);
        }
        return new ShippedFeature(bundles, (Map<String, Map<String, Object>>) feature.get("configurations"), properties);
    }

    /** group:artifact[:type[:classifier]]:version */
    private static String fileName(String id) {
        String[] parts = id.split(":");
        return parts[1] + "-" + parts[parts.length - 1] + (parts.length == 5 ? "-" + parts[3] : "") + ".jar";
    }

    /** Writes the configurations as FileInstall reads them. @param overrides PID -> key -> value, on top, and more PIDs */
    void writeConfigurations(Path etc, Map<String, Map<String, Object>> overrides) throws IOException {
        Set<String> pids = new TreeSet<>(configurations.keySet());
        pids.addAll(overrides.keySet());
        for (String pid : pids) {
            Map<String, Object> values = new LinkedHashMap<>();
            configurations.getOrDefault(pid, Map.of()).forEach((key, value) -> values.put(key.replaceFirst(":.*", ""), value));
            values.putAll(overrides.getOrDefault(pid, Map.of()));
            StringBuilder text = new StringBuilder();
            values.forEach((key, value) -> text.append(key).append('=').append(typed(value)).append('\n'));
            Files.writeString(etc.resolve(pid.replace('~', '-') + ".config"), text, StandardCharsets.UTF_8);
        }
    }

    private static String typed(Object value) {
        String prefix = value instanceof Number ? "I" : value instanceof Boolean ? "B" : "";
        return prefix + '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("=", "\\=") + '"';
    }
}

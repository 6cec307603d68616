package io.adit.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.felix.utils.json.JSONParser;

/**
 * What a container is made of, as its OSGi feature file says: bundles with their start levels, first configurations by PID
 * ({@code factory~name} for an instance of a factory) and framework properties. Immutable.
 */
record Feature(List<FeatureBundle> bundles, Map<String, Map<String, Object>> configurations,
    Map<String, String> frameworkProperties) {


    /** Metadata key and extension name of the Feature Launcher specification (160). */
    private static final String START_LEVEL = "bundleStartLevel";
    private static final String FRAMEWORK_PROPERTIES = "framework-launching-properties";

    /** A bundle and the start level at which it starts. */
    record FeatureBundle(ArtifactId id, int startLevel) {
    }

    static Feature read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a feature that can be read: " + e.getMessage(), e);
        }
    }

    static Feature parse(String json) {
        Map<String, Object> feature = new JSONParser(json).getParsed();
        if (feature == null) {
            throw new IllegalArgumentException("the outermost value is not an object");
        }
        List<FeatureBundle> bundles = new ArrayList<>();
        for (Object entry : list(feature.get("bundles"), "bundles")) {
            Map<String, Object> bundle = map(entry, "bundle");
            if (!(bundle.get("id") instanceof String id) || !(bundle.get(START_LEVEL) instanceof Long level)) {
                throw new IllegalArgumentException("a bundle needs an id and a " + START_LEVEL + ": " + bundle);
            }
            bundles.add(new FeatureBundle(ArtifactId.parse(id), Math.toIntExact(level)));
        }
        Map<String, Map<String, Object>> configurations = new TreeMap<>();
        map(feature.getOrDefault("configurations", Map.of()), "configurations")
            .forEach((pid, values) -> configurations.put(pid, configuration(pid, map(values, pid))));
        Map<String, Object> extensions = map(feature.getOrDefault("extensions", Map.of()), "extensions");
        return new Feature(List.copyOf(bundles), configurations, frameworkProperties(extensions));
    }

    private static Map<String, String> frameworkProperties(Map<String, Object> extensions) {
        Map<String, String> properties = new LinkedHashMap<>();
        Object extension = extensions.get(FRAMEWORK_PROPERTIES);
        if (extension != null) {
            for (Object line : list(map(extension, FRAMEWORK_PROPERTIES).get("text"), FRAMEWORK_PROPERTIES)) {
                String text = String.valueOf(line);
                int equals = text.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("not key=value in " + FRAMEWORK_PROPERTIES + ": " + text);
                }
                properties.put(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        return properties;
    }

    private static Map<String, Object> configuration(String pid, Map<String, Object> json) {
        Map<String, Object> typed = new TreeMap<>();
        json.forEach((name, value) -> {
            int colon = name.lastIndexOf(':');
            String key = colon < 0 ? name : name.substring(0, colon);
            typed.put(key, typed(pid, name, colon < 0 ? "" : name.substring(colon + 1), value));
        });
        return typed;
    }

    private static Object typed(String pid, String name, String type, Object value) {
        String text = String.valueOf(value);
        return switch (type) {
            case "Integer" -> Integer.valueOf(text);
            case "Long" -> Long.valueOf(text);
            case "Boolean" -> Boolean.valueOf(text);
            case "String[]" -> list(value, name).stream().map(String::valueOf).toArray(String[]::new);
            case "", "String" -> value instanceof List || value instanceof Map ? unknown(pid, name) : value;
            default -> unknown(pid, name);
        };
    }

    private static Object unknown(String pid, String name) {
        throw new IllegalArgumentException("unknown type of " + name + " in " + pid);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException(what + " is not an object");
    }

    private static List<?> list(Object value, String what) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(what + " is not an array");
    }
}

package io.adit.dropin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All bundles of the features, and the framework, laid out as Maven does it. Stateless. */
final class Repository {

    private Repository() {
    }

    static void write(List<Feature> features, Build build, Path folder) throws IOException {
        Map<String, Artifact> all = new TreeMap<>();
        for (Feature feature : features) {
            all.put(feature.framework().mavenPath(), feature.framework());
            feature.bundles().forEach(each -> all.put(each.artifact().mavenPath(), each.artifact()));
        }
        for (Artifact each : all.values()) {
            Path file = folder.resolve(each.mavenPath());
            Files.createDirectories(file.getParent());
            Files.copy(build.bundle(each), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}

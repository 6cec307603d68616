package io.adit.dropin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** An archive for Karaf's deploy/ with one feature and its bundles, which is installed at once. Stateless. */
final class Kar {

    private static final String MANIFEST = "Manifest-Version: 1.0\nKaraf-Feature-Start: true\n\n";

    private Kar() {
    }

    static void write(Feature feature, Build build, Path file, Instant time) throws IOException {
        KarafFeatures features = new KarafFeatures(List.of(feature), build);
        Artifact description = new Artifact("io.adit", "adit-" + feature.role(), "xml", "features", feature.version());
        try (Zip zip = new Zip(file, time)) {
            zip.add("META-INF/MANIFEST.MF", MANIFEST);
            zip.add("repository/" + description.mavenPath(), features.xml("adit-" + feature.role() + "-" + feature.version()));
            for (Artifact each : features.bundles()) {
                zip.add("repository/" + each.mavenPath(), build.bundle(each));
            }
        }
    }
}

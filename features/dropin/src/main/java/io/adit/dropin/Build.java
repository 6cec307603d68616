package io.adit.dropin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was built before: the distribution, and what is not part of it. Immutable.
 *
 * @param distribution the folder with features/ and bundles/
 * @param fragment the fragment for the Felix HTTP jar that has Jetty inside
 * @param more a folder with further bundles
 * @param serviceLoader those of them that do as bundles what the distribution has as an extension of the framework
 */
record Build(Path distribution, Path fragment, Path more, List<Artifact> serviceLoader) {

    private static final String FRAGMENT = "jetty-server-internals";
    private static final String FULL = "full";

    /** The same for the jar with Jetty inside, where an artifact is a fragment of Jetty's own. */
    Optional<Artifact> forFullJar(Artifact artifact) {
        return artifact.artifact().equals(FRAGMENT) ? Optional.of(artifact.withClassifier(FULL)) : Optional.empty();
    }

    Path feature(String role) {
        return distribution.resolve("features").resolve(role + ".json");
    }

    Path bundle(Artifact artifact) {
        Path file = FULL.equals(artifact.classifier()) ? fragment
            : artifact.artifact().endsWith(".framework") ? distribution.resolve("lib").resolve(artifact.fileName())
            : serviceLoader.contains(artifact) ? more.resolve(artifact.fileName()) : distribution.resolve("bundles").resolve(artifact.fileName());
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("not built: " + file);
        }
        return file;
    }
}

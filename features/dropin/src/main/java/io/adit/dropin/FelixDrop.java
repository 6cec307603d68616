package io.adit.dropin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a Felix container lacks that has a framework, SCR, ConfigAdmin, FileInstall, a log, Felix HTTP on Jetty 12 and the web console:
 * jars to be unpacked into the folder that it watches. Stateless.
 */
final class FelixDrop {

    /** Whose bundles such a container has already. */
    private static final Set<String> THERE = Set.of("org.apache.felix", "org.osgi", "org.ops4j.pax.logging", "org.apache.aries.spifly",
        "commons-io", "commons-fileupload", "org.owasp.encoder", "org.eclipse.jetty", "org.eclipse.jetty.http2", "org.eclipse.jetty.ee10");

    /** They want an EventAdmin and Felix's health checks, which not every such container has, and would stay unresolved: they are the owner's to add. */
    private static final Set<String> WITH_MORE = Set.of("io.adit.events", "io.adit.health");

    private FelixDrop() {
    }

    static void write(Feature feature, Build build, Path file, Instant time) throws IOException {
        TreeMap<String, Path> jars = new TreeMap<>();
        for (Feature.Entry each : feature.bundles()) {
            Artifact artifact = each.artifact();
            if (each.isStarted() && !THERE.contains(artifact.group()) && !WITH_MORE.contains(artifact.artifact())) {
                jars.put(artifact.watchedName(), build.bundle(artifact));
                build.forFullJar(artifact).ifPresent(twin -> jars.put(twin.watchedName(), build.bundle(twin)));
            }
        }
        try (Zip zip = new Zip(file, time)) {
            for (var jar : jars.entrySet()) {
                zip.add(jar.getKey(), WatchedJar.of(jar.getValue()));
            }
        }
    }
}

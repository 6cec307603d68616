package io.adit.dropin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a Felix container lacks that has a framework, SCR, ConfigAdmin, FileInstall, a log, Felix HTTP on Jetty 12 and the web console:
 * jars to be unpacked into the folder that it watches. Not thread-safe.
 */
final class FelixDrop {

    /** Whose bundles such a container has already. */
    private static final Set<String> THEIRS = Set.of("org.osgi", "org.ops4j.pax.logging", "org.apache.aries.spifly", "commons-io", "commons-fileupload",
        "org.owasp.encoder", "org.eclipse.jetty", "org.eclipse.jetty.http2", "org.eclipse.jetty.ee10");
    /** And of Felix' own. */
    private static final Set<String> THERE = Set.of("org.apache.felix.configadmin", "org.apache.felix.metatype", "org.apache.felix.scr",
        "org.apache.felix.fileinstall", "org.apache.felix.gogo.runtime", "org.apache.felix.gogo.command", "org.apache.felix.inventory",
        "org.apache.felix.http.servlet-api", "org.apache.felix.http.jetty12", "org.apache.felix.webconsole", "org.apache.felix.webconsole.plugins.ds");

    private final Build build;
    private final Instant time;
    /** What was made for one feature is in the next one too. */
    private final Map<Path, byte[]> made = new HashMap<>();

    FelixDrop(Build build, Instant time) {
        this.build = build;
        this.time = time;
    }

    void write(Feature feature, Path file) throws IOException {
        TreeMap<String, Path> jars = new TreeMap<>();
        for (Feature.Entry each : feature.bundles()) {
            Artifact artifact = each.artifact();
            if (each.isStarted() && !THEIRS.contains(artifact.group()) && !THERE.contains(artifact.artifact())) {
                jars.put(artifact.watchedName(), build.bundle(artifact));
                build.forFullJar(artifact).ifPresent(twin -> jars.put(twin.watchedName(), build.bundle(twin)));
            }
        }
        try (Zip zip = new Zip(file, time)) {
            for (var jar : jars.entrySet()) {
                zip.add(jar.getKey(), watched(jar.getValue()));
            }
        }
    }

    private byte[] watched(Path jar) throws IOException {
        byte[] before = made.get(jar);
        if (before != null) {
            return before;
        }
        byte[] bytes = WatchedJar.of(jar);
        made.put(jar, bytes);
        return bytes;
    }
}

package io.adit.dropin;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;

import aQute.bnd.osgi.repository.SimpleIndexer;

/** All bundles of the features, and the framework, laid out as Maven does it, with an index as the OSGi Repository specification (132) has it. Stateless. */
final class Repository {

    private Repository() {
    }

    /** @return the index */
    static Path write(List<Feature> features, Build build, Path folder, Instant time) throws Exception {
        Map<String, Artifact> all = new TreeMap<>();
        for (Feature feature : features) {
            all.put(feature.framework().mavenPath(), feature.framework());
            feature.bundles().forEach(each -> all.put(each.artifact().mavenPath(), each.artifact()));
        }
        List<File> indexed = new ArrayList<>();
        for (Artifact each : all.values()) {
            Path file = folder.resolve(each.mavenPath());
            Files.createDirectories(file.getParent());
            Files.copy(build.bundle(each), file, StandardCopyOption.REPLACE_EXISTING);
            indexed.add(file.toFile());
        }
        for (Feature feature : features) {
            List<String> names = new ArrayList<>();
            for (Feature.Entry each : feature.bundles()) {
                names.add(symbolicName(build.bundle(each.artifact())));
            }
            Path file = folder.resolve(RoleBundle.artifact(feature).mavenPath());
            RoleBundle.write(feature, names, file, time);
            indexed.add(file.toFile());
        }
        Path index = folder.resolve("index.xml");
        new SimpleIndexer().files(indexed).base(folder.toUri()).name("adit").increment(time.toEpochMilli()).index(index.toFile());
        return index;
    }

    private static String symbolicName(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            return jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
        }
    }
}

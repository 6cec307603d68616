package io.adit.dropin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * A bundle without code that stands for a role: it has the capability {@code io.adit} with that role, and requires our bundles that make it up. What those want of
 * others is for a resolver to find. Stateless.
 */
final class RoleBundle {

    /** Nobody's package, but a container can do nothing without. */
    private static final List<String> BESIDES = List.of("osgi.service;filter:=\"(objectClass=org.osgi.service.cm.ConfigurationAdmin)\";effective:=active",
        "osgi.service;filter:=\"(objectClass=org.osgi.service.log.LogService)\";effective:=active");
    /** Found by ServiceLoader, or found to put configurations there. */
    private static final List<String> UNASKED = List.of("org.apache.felix.fileinstall", "org.eclipse.jetty.alpn.java.server");

    private RoleBundle() {
    }

    static Artifact artifact(Feature feature) {
        return new Artifact("io.adit", "io.adit.role." + feature.role(), "jar", null, feature.version());
    }

    /** @param names the symbolic names of the feature's bundles */
    static void write(Feature feature, List<String> names, Path file, Instant time) throws IOException {
        List<String> requirements = new ArrayList<>(BESIDES);
        for (String name : names) {
            if (name.startsWith("io.adit.") && !name.startsWith("io.adit.lib.") || UNASKED.contains(name)) {
                requirements.add("osgi.identity;filter:=\"(osgi.identity=" + name + ")\"");
            }
        }
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", artifact(feature).artifact());
        main.putValue("Bundle-Version", feature.version().replaceFirst("-", "."));
        main.putValue("Bundle-Name", "Adit: " + feature.role());
        main.putValue("Bundle-Description", feature.description());
        main.putValue("Bundle-License", "Apache-2.0");
        main.putValue("Provide-Capability", "io.adit;role=" + feature.role());
        main.putValue("Require-Capability", String.join(",", requirements));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        manifest.write(text);
        Files.createDirectories(file.getParent());
        try (Zip zip = new Zip(file, time)) {
            zip.add("META-INF/MANIFEST.MF", text.toString(StandardCharsets.UTF_8));
        }
    }
}

package io.adit.itests;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.osgi.framework.BundleActivator;

/** Makes a bundle of some classes of these tests. Stateless. */
final class TestBundle {

    private TestBundle() {
    }

    /**
     * @param name its symbolic name
     * @param classes of the activator's package: a pattern of their names, inner classes of theirs included
     */
    static Path write(Path jar, String name, String version, Class<? extends BundleActivator> activator, String imports, String classes) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        main.putValue("Bundle-Activator", activator.getName());
        main.putValue("Import-Package", imports + ",org.osgi.framework;version=\"[1.8,2)\"");
        main.putValue("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=17))\"");
        // with what the compiler made of them: an inner class may be one of theirs
        Path all = Path.of(activator.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path ours = all.resolve(activator.getPackageName().replace('.', '/'));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ours, file -> file.getFileName().toString().matches("(" + classes + ")(\\$.*)?\\.class"));
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Path file : files) {
                out.putNextEntry(new JarEntry(all.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    static String symbolicName(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
        }
    }
}

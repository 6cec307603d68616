package io.adit.itests;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.adit.itests.checksum.Activator;

/** The example codec of docs/CODEC.md, made into a bundle as that page says. */
final class ChecksumBundle {

    private ChecksumBundle() {
    }

    /** Two classes and a manifest. */
    static Path write(Path jar, String version) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "example.checksum");
        main.putValue("Bundle-Version", version);
        main.putValue("Bundle-Activator", Activator.class.getName());
        main.putValue("Import-Package", "io.adit.api.packet;version=\"[1.0,2)\",org.osgi.framework;version=\"[1.8,2)\"");
        main.putValue("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=17))\"");
        // with what the compiler made of them: an inner class may be one of the two's own
        Path classes = Path.of(Activator.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path ours = classes.resolve(Activator.class.getPackageName().replace('.', '/'));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ours, file -> file.getFileName().toString().matches("(Activator|ChecksumCodec)(\\$.*)?\\.class"));
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Path file : files) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}

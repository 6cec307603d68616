package io.adit.command;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import io.adit.api.BundleSwap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Puts a bundle in the place of the one with its symbolic name in load/, or beside the others when there is
 * none, and waits until it runs. FileInstall does the exchange, so that it lasts, and docs/HOT-SWAP.md says what visitors see of it.
 * Thread-safety: thread-safe; a swap waits for its bundle, at most {@value #DEADLINE_SECONDS} s.
 */
@Component(service = BundleSwap.class)
public final class Swap implements BundleSwap {

    private static final int DEADLINE_SECONDS = 60;

    private final BundleContext context;
    private final Path load;

    @Activate
    public Swap(BundleContext context) {
        this.context = context;
        String home = context.getProperty("adit.home");
        this.load = Path.of(home == null ? "" : home).resolve("load");
    }

    /** What a jar's manifest says that it is. */
    private record Identity(String name, String version) {

        static Identity of(Path jar) throws IOException {
            Identity identity = read(jar);
            if (identity.name.isEmpty()) {
                throw new IOException(jar + " is not a bundle: it has no " + Constants.BUNDLE_SYMBOLICNAME);
            }
            return identity;
        }

        /** Empty for a jar that is no bundle. */
        static String nameOf(Path jar) throws IOException {
            return read(jar).name;
        }

        private static Identity read(Path jar) throws IOException {
            try (JarFile file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
                String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
                String version = main.getValue(Constants.BUNDLE_VERSION);
                return new Identity(name == null ? "" : name.replaceFirst(";.*", "").trim(), version == null ? "0.0.0" : version.trim());
            }
        }

        @Override
        public String toString() {
            return name + " " + version;
        }
    }

    @Override
    public String swap(Path source) throws IOException, InterruptedException {
        Identity next = Identity.of(source);
        Path target = target(next.name());
        String was = Files.exists(target) ? Identity.of(target).version() : "none";
        CountDownLatch started = new CountDownLatch(1);
        SynchronousBundleListener listener = event -> {
            Bundle bundle = event.getBundle();
            if (event.getType() == BundleEvent.STARTED && next.name().equals(bundle.getSymbolicName())) {
                started.countDown();
            }
        };
        // this command is restarted with what its bundle is wired to
        boolean ourselves = next.name().equals(context.getBundle().getSymbolicName()) || context.getBundle().adapt(BundleWiring.class)
            .getRequiredWires(null).stream().anyMatch(wire -> next.name().equals(wire.getProvider().getSymbolicName()));
        if (!ourselves) {
            context.addBundleListener(listener);
        }
        try {
            Path aside = Files.copy(source, target.resolveSibling(target.getFileName() + ".part"), StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(aside, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis()));
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE); // FileInstall must not see half a file
            if (ourselves) {
                return next + " comes in the place of " + was + "; what exchanges bundles goes with it";
            }
            if (!started.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(next + " does not run after " + DEADLINE_SECONDS + " s: see the log");
            }
            return next + " runs, before: " + was;
        } finally {
            if (!ourselves) {
                context.removeBundleListener(listener);
            }
        }
    }

    /** The jar in load/ that holds that bundle, or where it will be. */
    private Path target(String name) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(load, "*.jar")) {
            for (Path jar : jars) {
                if (name.equals(Identity.nameOf(jar))) {
                    return jar;
                }
            }
        }
        return load.resolve(name + ".jar");
    }
}

package io.adit.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that the launcher was unpacked to: lib/, bundles/, features/, conf/, site-demo/. Never written to. Immutable. */
record Distribution(Path root) {

    /** System property that the start script sets. */
    static final String PROPERTY = "adit.dist";

    static Distribution current() throws CommandFailure {
        String root = System.getProperty(PROPERTY);
        if (root == null || !Files.isDirectory(Path.of(root, "features"))) {
            throw CommandFailure.runTime("this is not a complete distribution: start it by its script bin/adit");
        }
        return new Distribution(Path.of(root).toAbsolutePath().normalize());
    }

    Feature feature(String role) throws CommandFailure {
        try {
            return Feature.read(root.resolve("features").resolve(role + ".json"));
        } catch (IOException e) {
            throw CommandFailure.runTime("the distribution is damaged: " + Failures.oneLine(e), e);
        }
    }

    Path bundle(ArtifactId id) {
        return root.resolve("bundles").resolve(id.fileName());
    }

    /** A file of which DIR/conf gets a copy at the first start. */
    Path conf(String name) {
        return root.resolve("conf").resolve(name);
    }

    Path demoSite() {
        return root.resolve("site-demo");
    }

    static String version() {
        String version = Distribution.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}

package io.adit.itests;

import java.nio.file.Path;

import io.adit.itests.checksum.Activator;

/** The example codec of docs/CODEC.md, made into a bundle as that page says. */
final class ChecksumBundle {

    static final String NAME = "example.checksum";

    private ChecksumBundle() {
    }

    /** Two classes and a manifest. */
    static Path write(Path jar, String version) throws Exception {
        return TestBundle.write(jar, NAME, version, Activator.class, "io.adit.api.packet;version=\"[1.0,2)\"", "Activator|ChecksumCodec");
    }
}

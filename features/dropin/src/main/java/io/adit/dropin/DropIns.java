package io.adit.dropin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes what others drop into their containers, from the features of the distribution, so that nothing is listed twice. Stateless. */
public final class DropIns {

    private static final List<String> ROLES = List.of("peer", "proxy", "registry");

    private DropIns() {
    }

    /** @param args the distribution, the fragment for the full jar, the folder for the results, and the time of their entries */
    public static void main(String[] args) throws IOException {
        Build build = new Build(Path.of(args[0]), Path.of(args[1]));
        Path out = Files.createDirectories(Path.of(args[2]));
        Instant time = Instant.parse(args[3]);
        List<Feature> features = new ArrayList<>();
        for (String role : ROLES) {
            features.add(Feature.read(build.feature(role)));
        }
        for (Feature feature : features) {
            FelixDrop.write(feature, build, out.resolve("adit-" + feature.role() + "-felix.zip"), time);
        }
    }
}

package io.adit.dropin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes what others drop into their containers, from the features of the distribution, so that nothing is listed twice. Stateless. */
public final class DropIns {

    private static final List<String> ROLES = List.of("peer", "proxy", "registry");

    private DropIns() {
    }

    /**
     * @param args the folder for the results, the time of their entries, the distribution, the fragment for the full jar, the folder with further bundles,
     *             and the ids of those that stand for the framework extension
     */
    public static void main(String[] args) throws Exception {
        Path out = Files.createDirectories(Path.of(args[0]));
        Instant time = Instant.parse(args[1]);
        Build build = new Build(Path.of(args[2]), Path.of(args[3]), Path.of(args[4]), Arrays.stream(args).skip(5).map(Artifact::parse).toList());
        List<Feature> features = new ArrayList<>();
        for (String role : ROLES) {
            features.add(Feature.read(build.feature(role)));
        }
        FelixDrop felix = new FelixDrop(build, time);
        for (Feature feature : features) {
            felix.write(feature, out.resolve("adit-" + feature.role() + "-felix.zip"));
            Files.writeString(out.resolve("adit-" + feature.role() + "-sling.json"), SlingFeature.json(feature));
            Kar.write(feature, build, out.resolve("adit-" + feature.role() + ".kar"), time);
        }
        Path index = Repository.write(features, build, out.resolve("repository"), time);
        for (Feature feature : features) {
            RunFile.write(feature, index, out.resolve("adit-" + feature.role() + ".bndrun"));
        }
        Files.writeString(out.resolve("adit-features.xml"), new KarafFeatures(features, build).xml("adit-" + features.get(0).version()));
    }
}

package io.adit.dropin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.junit.Test;
import org.osgi.service.feature.FeatureExtension;

/** The features are what the specification (OSGi Compendium 159) says, as its reference implementation reads them, which knows nothing of us. */
public class SpecificationTest {

    private static final Path FEATURES = Path.of("../target/classes/features");

    @Test
    public void felixReadsThem() throws Exception {
        for (String role : List.of("peer", "proxy", "registry")) {
            org.osgi.service.feature.Feature read;
            try (Reader json = Files.newBufferedReader(FEATURES.resolve(role + ".json"))) {
                read = new FeatureServiceImpl().readFeature(json);
            }
            Feature ours = Feature.read(FEATURES.resolve(role + ".json"));
            assertEquals("io.adit." + role, read.getID().getArtifactId());
            assertEquals(ours.bundles().stream().map(each -> each.artifact().id()).toList(), read.getBundles().stream().map(each -> each.getID().toString()).toList());
            assertEquals(ours.configurations().keySet(), read.getConfigurations().keySet());
            assertEquals(8181, read.getConfigurations().get("org.apache.felix.http").getValues().get("org.osgi.service.http.port"));
            FeatureExtension properties = read.getExtensions().get("framework-launching-properties");
            assertEquals(FeatureExtension.Type.TEXT, properties.getType());
            assertEquals(ours.frameworkProperties().size(), properties.getText().size());
            assertEquals(1, read.getExtensions().get("launch-framework").getArtifacts().size());
            assertTrue(read.getVariables().containsKey("adit.home"));
            assertFalse(read.isComplete());
        }
    }
}

package io.adit.runtime;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.Test;

public class FeatureTest {

    @Test
    public void bundlesConfigurationsAndPropertiesAreRead() {
        Feature feature = Feature.parse("""
            {"id": "g:a:1",
             "bundles": [{"id": "g:b:1.0", "bundleStartLevel": 3}, {"id": "g:c:jar:light:2", "bundleStartLevel": 5}],
             "configurations": {"p~x": {"n:Integer": 7, "b:Boolean": true, "s": "a,b", "l:String[]": ["x", "y"]}},
             "extensions": {"framework-launching-properties": {"kind": "mandatory", "type": "text", "text": ["k=v=w"]}}}
            """);
        assertEquals(new Feature.FeatureBundle(new ArtifactId("g", "c", "jar", "light", "2"), 5), feature.bundles().get(1));
        assertEquals("c-2-light.jar", feature.bundles().get(1).id().fileName());
        assertEquals("b-1.0.jar", feature.bundles().get(0).id().fileName());
        Map<String, Object> configuration = feature.configurations().get("p~x");
        assertEquals(7, configuration.get("n"));
        assertEquals(true, configuration.get("b"));
        assertEquals("a,b", configuration.get("s"));
        assertArrayEquals(new String[] {"x", "y"}, (String[]) configuration.get("l"));
        assertEquals(Map.of("k", "v=w"), feature.frameworkProperties());
    }

    @Test
    public void whatIsNoFeatureIsRefused() {
        for (String bad : List.of("[]", "{\"bundles\": [{\"id\": \"g:a:1\"}]}",
            "{\"bundles\": [{\"id\": \"g:a\", \"bundleStartLevel\": 1}]}",
            "{\"bundles\": [], \"configurations\": {\"p\": {\"n:Strange\": 1}}}", "{\"bundles\": {}}")) {
            assertThrows(bad, IllegalArgumentException.class, () -> Feature.parse(bad));
        }
    }

    @Test
    public void theShippedFeaturesAreWhole() throws Exception {
        for (String role : List.of("proxy", "peer", "registry")) {
            Feature feature = ContainerPlanTest.feature(role);
            Set<String> names = new HashSet<>();
            int last = Integer.parseInt(feature.frameworkProperties().get("org.osgi.framework.startlevel.beginning"));
            for (Feature.FeatureBundle bundle : feature.bundles()) {
                assertTrue("twice: " + bundle, names.add(bundle.id().fileName()));
                assertFalse("a version that the build did not fill in: " + bundle, bundle.id().version().contains("$"));
                // the registry takes the driver's classes where a database is configured, and starts nothing for it
                assertEquals("started: " + bundle, !bundle.id().artifact().equals("postgresql"), bundle.startLevel() <= last);
                if (bundle.id().group().startsWith("org.eclipse.jetty")) {
                    assertEquals("all of Jetty at one version", jetty(feature), bundle.id().version());
                }
            }
            // FileInstall comes last: it starts our bundles while it starts.
            assertTrue(feature.bundles().stream().filter(b -> !b.id().isOurs() && b.startLevel() == last)
                .allMatch(b -> b.id().artifact().equals("org.apache.felix.fileinstall")));
        }
    }

    private static String jetty(Feature feature) {
        return feature.bundles().stream().filter(b -> b.id().artifact().equals("jetty-server"))
            .findFirst().orElseThrow().id().version();
    }
}

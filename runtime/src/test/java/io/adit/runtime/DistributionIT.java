package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.Test;

/** The features are the list of what ships: the bundle repository of the distribution holds these files, no fewer and no more. */
public class DistributionIT {

    private final Distribution distribution = new Distribution(Path.of(System.getProperty(Distribution.PROPERTY)));

    @Test
    public void theRepositoryIsWhatTheFeaturesName() throws Exception {
        Set<String> named = new TreeSet<>();
        for (String role : List.of("proxy", "peer", "registry")) {
            distribution.feature(role).bundles().forEach(bundle -> named.add(bundle.id().fileName()));
        }
        assertEquals(named, files("bundles"));
    }

    @Test
    public void everyFileIsABundleAndNoTwoAreTheSame() throws Exception {
        Set<String> names = new TreeSet<>();
        for (String file : files("bundles")) {
            try (JarFile jar = new JarFile(distribution.root().resolve("bundles").resolve(file).toFile())) {
                String name = jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
                assertNotNull("no bundle: " + file, name);
                assertTrue("a second " + name + ": " + file, names.add(name.replaceAll(";.*", "")));
            }
        }
    }

    @Test
    public void whatElseTheLauncherWantsIsThere() throws Exception {
        assertTrue(Files.isExecutable(distribution.root().resolve("bin/adit")));
        assertTrue(Files.isReadable(distribution.conf("logback.xml")));
        assertTrue(Files.isReadable(distribution.demoSite().resolve("index.html")));
        assertTrue(Files.isRegularFile(Path.of(distribution.root() + ".tar.gz")));
        assertEquals("the launcher, the framework, its utilities, the parser of arguments, and what looks at the way to a proxy before anything runs", 6, files("lib").size());
    }

    private Set<String> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(distribution.root().resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}

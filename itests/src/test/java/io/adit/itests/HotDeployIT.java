package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;

import org.apache.felix.utils.json.JSONParser;
import org.junit.Test;

/**
 * Every bundle of ours, in a running container: replaced by another build, taken out, dropped in again. Nobody restarts
 * anything. Those that all others can do without come and go together, as when somebody upgrades; each other one by itself.
 */
public class HotDeployIT {

    private static final String LATER_BUILD = "0.1.0.later";

    /** FileInstall looks twice a second, and the list of bundles is long. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** To which no other refers; BundleSwapIT updates each of them by itself. */
    private static final Set<String> LEAVES = Set.of("io.adit.config", "io.adit.command", "io.adit.console", "io.adit.metrics", "io.adit.accesslog", "io.adit.acme", "io.adit.dns",
        "io.adit.mail", "io.adit.webhook", "io.adit.diag", "io.adit.shell", "io.adit.health", "io.adit.events", "io.adit.inventory");

    @Test
    public void everyBundleOfEitherSide() throws Exception {
        try (Site site = Site.start("HotDeployIT", Adit.HOSTED, List.of("--admin-port", "0"))) {
            exchangeAll(site, new Console(site.proxyAddress("admin"), site.proxyHome()), site.proxyHome());
            exchangeAll(site, new Console(site.peerAddress("admin"), site.peerHome()), site.peerHome());
            site.stop();
            assertEquals(List.of(), site.proxy().err());
            assertEquals(List.of(), site.peer().err());
        }
    }

    private static void exchangeAll(Site site, Console console, Path home) throws Exception {
        site.awaitServing();
        for (List<Path> jars : together(jars(home.resolve("load")))) {
            List<String> names = jars.stream().map(HotDeployIT::name).toList();
            for (Path jar : jars) {
                Files.copy(jar, site.folder().resolve(name(jar) + ".shipped"), StandardCopyOption.REPLACE_EXISTING);
                laterBuild(jar, site.folder().resolve(name(jar) + ".later"));
            }
            for (Path jar : jars) {
                drop(site.folder().resolve(name(jar) + ".later"), jar);
            }
            console.awaitBundles(names, bundle -> bundle.version().equals(LATER_BUILD) && bundle.active());
            site.awaitServing();

            for (Path jar : jars) {
                Files.delete(jar);
            }
            console.awaitGone(names);
            for (Path jar : jars) {
                drop(site.folder().resolve(name(jar) + ".shipped"), jar);
            }
            console.awaitBundles(names, bundle -> !bundle.version().equals(LATER_BUILD) && bundle.active());
            site.awaitServing();
        }
        assertTrue(site.proxy().isAlive() && site.peer().isAlive());
        assertTrue("the commands are back", site.names().stream().anyMatch(each -> each.startsWith("demo\tonline\t")));
    }

    private static List<List<Path>> together(List<Path> jars) {
        List<List<Path>> all = new ArrayList<>(jars.stream().filter(each -> !LEAVES.contains(name(each))).map(List::of).toList());
        all.add(jars.stream().filter(each -> LEAVES.contains(name(each))).toList());
        return all;
    }

    private static String name(Path jar) {
        return jar.getFileName().toString().replaceFirst("\\.jar$", "");
    }

    private static List<Path> jars(Path load) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(load, "io.adit.*.jar")) {
            all.forEach(jars::add);
        }
        assertTrue(jars.toString(), jars.size() >= 6);
        jars.sort(null);
        return jars;
    }

    /** As a careful user does it: FileInstall must not see half a file. */
    private static void drop(Path source, Path target) throws IOException {
        Path aside = target.resolveSibling(target.getFileName() + ".part");
        Files.copy(source, aside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The same bundle with another version in its manifest. */
    private static void laterBuild(Path jar, Path target) throws IOException {
        try (JarFile in = new JarFile(jar.toFile()); OutputStream file = Files.newOutputStream(target)) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", LATER_BUILD);
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                out.setLevel(Deflater.NO_COMPRESSION);
                for (JarEntry entry : in.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.getInputStream(entry).transferTo(out);
                    out.closeEntry();
                }
            }
        }
    }

    private record BundleState(String version, boolean active) {
    }

    private interface Wish {
        boolean isFulfilledBy(BundleState bundle);
    }

    /** The web console of a container, as a source of truth about its bundles. */
    private record Console(String admin, Path home) {

        void awaitBundles(List<String> names, Wish wish) throws Exception {
            Await.until(names + " as wished", PAUSE, () -> {
                Map<String, BundleState> bundles = bundles().orElse(Map.of());
                return names.stream().allMatch(name -> bundles.containsKey(name) && wish.isFulfilledBy(bundles.get(name)));
            });
        }

        void awaitGone(List<String> names) throws Exception {
            Await.until(names + " are gone", PAUSE, () -> bundles().filter(each -> Collections.disjoint(each.keySet(), names)).isPresent());
        }

        /** By symbolic name; nothing where the console ended its list in the midst, since a bundle went. */
        private Optional<Map<String, BundleState>> bundles() throws Exception {
            HttpResponse<String> response = MetatypeIT.console(home, admin, "bundles.json", request -> request);
            assertEquals("the console stays there", 200, response.statusCode());
            if (!response.body().endsWith("]}")) {
                return Optional.empty();
            }
            Map<String, BundleState> bundles = new TreeMap<>();
            for (Object each : (List<?>) new JSONParser(response.body()).getParsed().get("data")) {
                Map<?, ?> bundle = (Map<?, ?>) each;
                bundles.put((String) bundle.get("symbolicName"), new BundleState((String) bundle.get("version"), "Active".equals(bundle.get("state"))));
            }
            return Optional.of(bundles);
        }
    }
}

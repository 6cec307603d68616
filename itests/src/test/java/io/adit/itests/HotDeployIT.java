package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.Test;

/**
 * Every bundle of ours, in a running container: replaced by another build, taken out, dropped in again. Nobody restarts
 * anything.
 */
public class HotDeployIT {

    private static final String LATER_BUILD = "0.1.0.later";

    /** FileInstall looks every half second. */
    private static final Duration PAUSE = Duration.ofMillis(200);

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
        for (Path jar : jars(home.resolve("load"))) {
            String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
            Path shipped = Files.copy(jar, site.folder().resolve(name + ".shipped"), StandardCopyOption.REPLACE_EXISTING);
            Path later = laterBuild(jar, site.folder().resolve(name + ".later"));

            drop(later, jar);
            console.awaitBundle(name, bundle -> bundle.version().equals(LATER_BUILD) && bundle.active());
            site.awaitServing();

            Files.delete(jar);
            console.awaitGone(name);
            drop(shipped, jar);
            console.awaitBundle(name, bundle -> !bundle.version().equals(LATER_BUILD) && bundle.active());
            site.awaitServing();
        }
        assertTrue(site.proxy().isAlive() && site.peer().isAlive());
        assertTrue("the commands are back", site.names().stream().anyMatch(each -> each.startsWith("demo\tonline\t")));
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
    private static Path laterBuild(Path jar, Path target) throws IOException {
        try (JarFile in = new JarFile(jar.toFile()); OutputStream file = Files.newOutputStream(target)) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", LATER_BUILD);
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : in.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.getInputStream(entry).transferTo(out);
                    out.closeEntry();
                }
            }
        }
        return target;
    }

    private record BundleState(String version, boolean active) {
    }

    private interface Wish {
        boolean isFulfilledBy(BundleState bundle);
    }

    /** The web console of a container, as a source of truth about its bundles. */
    private static final class Console {

        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpRequest request;

        Console(String admin, Path home) throws IOException {
            String login = "admin:" + Files.readString(home.resolve("conf").resolve("admin.password")).trim();
            request = HttpRequest.newBuilder(URI.create(admin + "/system/console/bundles.json"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                    .build();
        }

        void awaitBundle(String name, Wish wish) throws Exception {
            Await.until(name + " as wished", PAUSE, () -> bundle(name).filter(wish::isFulfilledBy).isPresent());
        }

        void awaitGone(String name) throws Exception {
            Await.until(name + " is gone", PAUSE, () -> bundle(name).isEmpty());
        }

        private Optional<BundleState> bundle(String name) throws Exception {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals("the console stays there", 200, response.statusCode());
            assertTrue("all of them: " + response.body(), response.body().endsWith("]}"));
            // as text, since it is looked at some hundred times
            Matcher bundle = Pattern.compile("\"state\":\"(\\w+)\",\"version\":\"([^\"]*)\",\"symbolicName\":\"" + Pattern.quote(name) + "\"").matcher(response.body());
            return bundle.find() ? Optional.of(new BundleState(bundle.group(2), bundle.group(1).equals("Active"))) : Optional.empty();
        }
    }
}

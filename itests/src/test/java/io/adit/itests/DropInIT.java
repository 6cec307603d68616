package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.adit.itests.hello.Activator;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Containers of others become peers and proxies as docs/OSGI.md says; what that page shows is what is done here. Each ends in a page through the tunnel. */
public class DropInIT {

    private static final DocPage PAGE = page();

    private static Path folder;
    private static Path hello;
    private static Adit proxy;
    private static Map<String, String> ready;

    @BeforeClass
    public static void startProxy() throws Exception {
        folder = Adit.folder(DropInIT.class.getSimpleName());
        hello = TestBundle.write(folder.resolve("hello.jar"), "example.hello", "1.0.0", Activator.class,
            "jakarta.servlet;version=\"[5,7)\",jakarta.servlet.http;version=\"[5,7)\"", "Activator");
        proxy = Adit.start("proxy", "--home", home().toString(), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0");
        ready = proxy.awaitReady();
    }

    @AfterClass
    public static void stopProxy() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private static DocPage page() {
        try {
            return DocPage.read("OSGI.md");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home() {
        return folder.resolve("proxy");
    }

    private static String invite(String name) throws Exception {
        return new Control(home()).invite(name);
    }

    @Test
    public void felixWithJettysBundles() throws Exception {
        felix("light", StockFelix.Http.LIGHT, Set.of("io.adit.lib.jetty-server-internals.full"));
    }

    @Test
    public void felixWithJettyInside() throws Exception {
        felix("full", StockFelix.Http.FULL, Set.of("io.adit.lib.jetty-server-internals"));
    }

    /** @param useless fragments that find no host there */
    private static void felix(String name, StockFelix.Http http, Set<String> useless) throws Exception {
        try (StockFelix felix = StockFelix.start(Files.createDirectories(folder.resolve(name)), http)) {
            Set<String> before = felix.bundles().keySet();
            Files.copy(hello, felix.load().resolve("hello.jar"));
            becomePeer(felix, name);
            awaitIdle(Set.of(), felix);
            becomeProxy(felix);
            awaitIdle(useless, felix);
            assertTrue("nothing of what was there went", felix.bundles().keySet().containsAll(before));
            assertFalse(felix.out(), felix.out().matches("(?s).* ERROR [^\n]*adit.*"));
        }
    }

    @Test
    public void karaf() throws Exception {
        try (Karaf karaf = Karaf.prepare(Files.createDirectories(folder.resolve("karaf")))) {
            karaf.write("custom.properties", PAGE.block("karaf-home"));
            int port = Ports.free();
            // what the feature of a proxy would bring, with other ports
            karaf.write("org.apache.felix.http-public.cfg", "org.apache.felix.http.name=public\norg.apache.felix.http.host=127.0.0.1\norg.osgi.service.http.port=" + port);
            karaf.write("io.adit.acceptor.cfg", "port=" + Ports.free());
            for (String kar : List.of("adit-peer.kar", "adit-proxy.kar")) {
                drop(kar, karaf.folder());
            }
            PAGE.run("karaf-peer", karaf.folder());
            karaf.write("io.adit.connector-main.cfg", PAGE.block("karaf-peer-config", invite("karaf")));
            Files.copy(hello, karaf.folder().resolve("deploy/hello.jar"));
            karaf.start();
            awaitHello(karaf, new Web(ready.get("http"), "karaf"));
            PAGE.run("karaf-proxy", karaf.folder());
            Control control = control(karaf.folder().resolve("adit"), karaf.url());
            karaf.write("io.adit.connector-own.cfg", "invitation = " + Await.value("an invitation of its own", () -> invitation(control)));
            awaitHello(karaf, new Web("http://127.0.0.1:" + port, "own"));

            karaf.write("org.apache.felix.webconsole.internal.servlet.OsgiManager.cfg", PAGE.block("karaf-console-config"));
            // its bundles are there already, so that it can be seen that the third role is found, too
            String repository = PAGE.block("karaf-repository").replace("/path", System.getProperty("adit.dropin")).replace("install adit-peer", "install --simulate adit-registry");
            String told = karaf.run((PAGE.block("karaf-console") + PAGE.block("karaf-shell") + repository + "feature:list -i").replace("\n", "; "));
            assertTrue(told, told.matches("(?s).*own\\s+s\\d+\\s+open.*") && told.contains("adit-console"));
            assertFalse(told, told.contains("Error"));
            String password = PAGE.block("karaf-console-config").replaceFirst(".*= ", "").strip();
            awaitConsole(karaf, karaf.url() + "/system/console/adit", "admin:" + password);
            assertEquals("the password is that of the configuration", 401, Web.status(karaf.url() + "/system/console/adit", "admin:admin"));
        }
    }

    @Test
    public void slingsFeatureLauncher() throws Exception {
        Path here = Files.createDirectories(folder.resolve("sling"));
        Files.createSymbolicLink(here.resolve("launcher"), Path.of(System.getProperty("adit.containers"), "sling").toAbsolutePath());
        Files.createSymbolicLink(here.resolve("repository"), Path.of(System.getProperty("adit.dropin"), "repository").toAbsolutePath());
        drop("adit-peer-sling.json", here);
        int admin = Ports.free();
        try (Origin origin = Origin.start()) {
            Files.writeString(here.resolve("mine.json"), PAGE.block("sling-mine").replace("8181", Integer.toString(admin)).replace("http://localhost:3000", origin.url()));
            try (LaunchedBundles sling = LaunchedBundles.start(here, PAGE.block("sling-peer", invite("sling")))) {
                awaitPage(sling, new Web(ready.get("http"), "sling"), Origin.HELLO);
                String console = "http://127.0.0.1:" + admin + "/system/console/bundles";
                awaitConsole(sling, console, "admin:secret");
                assertEquals("the password is that of the command", 401, Web.status(console, "admin:admin"));
            }
        }
    }

    /** What bnd found for one requirement, when this was built, is all that is needed. */
    @Test
    public void resolvedByBnd() throws Exception {
        Path run = Path.of(System.getProperty("adit.dropin"), "adit-peer.bndrun");
        assertTrue(Files.readString(run), Files.readString(run).contains(PAGE.block("bnd-requirement").strip()));
        List<Path> bundles = new ArrayList<>();
        try (Stream<Path> files = Files.walk(run.resolveSibling("repository"))) {
            Map<String, Path> byName = new TreeMap<>();
            for (Path jar : files.filter(each -> each.toString().endsWith(".jar")).toList()) {
                byName.put(TestBundle.symbolicName(jar), jar);
            }
            Matcher names = Pattern.compile("(?m)^ +([^;\\s]+);version").matcher(Files.readString(run));
            while (names.find()) {
                bundles.add(byName.get(names.group(1)));
            }
        }
        try (StockFelix felix = StockFelix.start(Files.createDirectories(folder.resolve("bnd")), bundles)) {
            Files.copy(hello, felix.load().resolve("hello.jar"));
            Files.writeString(felix.folder().resolve("conf/alice.invitation"), invite("bnd") + "\n");
            Files.writeString(felix.load().resolve("io.adit.connector-main.config"), PAGE.block("felix-peer-file"));
            awaitHello(felix, new Web(ready.get("http"), "bnd"));
            awaitIdle(Set.of(), felix);
        }
    }

    private static void becomePeer(StockFelix felix, String name) throws Exception {
        drop("adit-peer-felix.zip", felix.folder());
        PAGE.run("felix-peer", felix.folder());
        Files.writeString(felix.load().resolve("io.adit.connector-main.config"), PAGE.block("felix-peer-config", invite(name)));
        Web web = new Web(ready.get("http"), name);
        awaitHello(felix, web);
        assertEquals("the console is not for visitors", 404, status(web, "/system/console/bundles"));
        assertEquals(404, status(web, "/x/..;/system/console"));
        Files.writeString(felix.load().resolve("io.adit.share.config"), PAGE.block("felix-share-config").replaceAll("/home/alice/photos", conf(felix)));
        Await.until("a shared folder", () -> web.status("/photos/logback.xml") == 200);
    }

    /** Of an answer that is the peer's: FileInstall may still be restarting its web server. */
    private static int status(Web web, String path) throws Exception {
        return Await.value("an answer", () -> Optional.of(web.status(path)).filter(status -> status != 502 && status != 503));
    }

    /** A folder of which we know what is in it. */
    private static String conf(StockFelix felix) {
        return felix.folder().resolve("conf").toString();
    }

    private static void becomeProxy(StockFelix felix) throws Exception {
        drop("adit-proxy-felix.zip", felix.folder());
        PAGE.run("felix-proxy", felix.folder());
        int port = Ports.free();
        Files.writeString(felix.load().resolve("org.apache.felix.http-public.config"), PAGE.block("felix-proxy-config").replace("8080", Integer.toString(port)));
        // a second one, which is for this test only: the tunnel's usual port may be taken
        int tunnel = Ports.free();
        Files.writeString(felix.load().resolve("io.adit.acceptor.config"), "port=I\"" + tunnel + "\"\n");
        Control control = control(felix.folder(), felix.url());
        // one that was made before that configuration was there leads to the usual port
        String invitation = Await.value("an invitation of its own", () -> invitation(control).filter(each -> each.contains(":" + tunnel + "?")));
        Files.writeString(felix.load().resolve("io.adit.connector-own.config"), "invitation=\"" + invitation + "\"\n");
        awaitHello(felix, new Web("http://127.0.0.1:" + port, "own"));
    }

    /** With what the launcher would have written, had it started the container. */
    private static Control control(Path home, String admin) throws IOException {
        Files.writeString(Files.createDirectories(home.resolve("data")).resolve("run.properties"), "admin=" + admin + "\n");
        return new Control(home);
    }

    private static Optional<String> invitation(Control control) throws Exception {
        try {
            return Optional.of(control.invite("own"));
        } catch (IOException | AssertionError e) {
            return Optional.empty(); // not there yet; the deadline judges
        }
    }

    private static void drop(String name, Path container) throws IOException {
        Files.copy(Path.of(System.getProperty("adit.dropin"), name), container.resolve(name));
    }

    private static void awaitHello(ForeignContainer container, Web web) throws Exception {
        awaitPage(container, web, Activator.TEXT);
    }

    /** At the path that both have, the servlet of our own and {@link Origin}. */
    private static void awaitPage(ForeignContainer container, Web web, String text) throws Exception {
        try {
            Await.until("a page of the container", () -> {
                assertTrue("it ended", container.isAlive());
                return isThere(web, text);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + " of " + container, e);
        }
    }

    /** The page of servlets may be there before it. */
    private static void awaitConsole(ForeignContainer container, String url, String login) throws Exception {
        Await.until("the console", () -> {
            assertTrue("it ended", container.isAlive());
            try {
                return Web.status(url, login) == 200;
            } catch (IOException e) {
                return false; // its port is closed while the web server is restarted; the deadline judges
            }
        });
    }

    private static boolean isThere(Web web, String text) throws Exception {
        try {
            HttpResponse<byte[]> response = web.get(Activator.PATH);
            return response.statusCode() == 200 && new String(response.body(), StandardCharsets.UTF_8).equals(text);
        } catch (IOException e) {
            return false; // a port of its own may not be there yet; the deadline judges
        }
    }

    /** Soon: FileInstall takes many files in several steps, and refreshes what is there already when more has come. */
    private static void awaitIdle(Set<String> expected, StockFelix felix) throws Exception {
        Set<String> last = new TreeSet<>();
        try {
            Await.until("of the bundles these alone do not run: " + expected, () -> {
                last.clear();
                last.addAll(idle(felix));
                return last.equals(expected);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", but " + last, e);
        }
    }

    private static Set<String> idle(StockFelix felix) throws Exception {
        Map<String, String> states = new TreeMap<>(felix.bundles());
        states.values().removeIf(state -> state.equals("Active") || state.equals("Fragment"));
        return new TreeSet<>(states.keySet());
    }
}

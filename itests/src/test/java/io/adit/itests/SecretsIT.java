package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import io.adit.itests.gogo.Activator;
import org.junit.Test;

/**
 * What Felix shows of a container, on its pages, in the archive of them that people mail, and in its shell, has no secret that the container was given.
 * Each is a process that a user has started, since its command line is among what is shown. For a demo see {@link DemoIT}.
 */
public class SecretsIT {

    private static final Pattern PAGE = Pattern.compile("href=\"/system/console/(status-[^\"]+)\"");
    private static final String COMPONENTS = "status-scr";
    /** Of the page that shows most; of each other one what is not the same as in another format, or as in the text and the archive of all. */
    private static final List<String> FORMATS = List.of("", ".txt", ".json", ".html", ".nfo", ".zip");
    private static final List<String> FORMATS_OF_OTHERS = List.of("", ".json");
    private static final String HOOK = "sixteen-or-more-and-nobody-s-business";
    private static final String TOKEN = "t0ken-of-somebody";

    @Test
    public void neitherPeerNorLinkedProxyShowsWhatItWasInvitedWith() throws Exception {
        Path folder = Adit.folder("SecretsIT-network");
        Path linked = folder.resolve("linked");
        Files.createDirectories(linked.resolve("conf"));
        Files.writeString(linked.resolve("conf/hook.secret"), HOOK + "\n");
        Files.writeString(linked.resolve("conf/hook.url"), "http://127.0.0.1:" + Ports.free() + "/" + TOKEN + "\n");
        try (Origin origin = Origin.start();
                Adit registrar = Adit.start("registry", "--home", folder.resolve("registrar").toString(), "--tunnel-port", "0", "--admin-port", "0")) {
            registrar.awaitReady();
            Control control = new Control(folder.resolve("registrar"));
            String forProxy = control.inviteProxy("gate");
            String forPeer = control.invite("demo");
            try (Adit proxy = process("proxy", "--home", linked.toString(), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0",
                    "--registrar", forProxy, "--set", "io.adit.webhook~test:url.file=conf/hook.url", "--set", "io.adit.webhook~test:secret.file=conf/hook.secret")) {
                String proxyAdmin = proxy.awaitReady().get("admin");
                try (Adit peer = process("peer", "--home", folder.resolve("peer").toString(), "--admin-port", "0", "--invite", forPeer, "--origin", origin.url())) {
                    String peerAdmin = peer.awaitReady().get("admin");
                    assertKept("demo", "io.adit.connector.Connector", peerAdmin, folder.resolve("peer"), Map.of(secret(forPeer), "conf/invitation"));
                    assertKept("gate", "io.adit.webhook.Webhook", proxyAdmin, linked,
                        Map.of(secret(forProxy), "conf/registrar.invitation", HOOK, "conf/hook.secret", TOKEN, "conf/hook.url"));
                }
            }
        }
    }

    /** What a demo's peer could show besides: it is a peer like any other, but the demo made its invitation, and started it. */
    static void assertKept(Adit demo, Path folder) throws IOException {
        Path home = folder.resolve("peer");
        String secret = secret(Files.readString(home.resolve("conf/invitation")).strip());
        for (ProcessHandle each : demo.family()) {
            for (String what : List.of("cmdline", "environ")) {
                String text = Files.readString(Path.of("/proc", Long.toString(each.pid()), what), StandardCharsets.ISO_8859_1);
                assertFalse(what + " of " + each.pid() + ": " + text, text.contains(secret));
            }
        }
        assertEquals("where the secret of the demo is found", List.of("conf/invitation"), found(home, secret));
        assertEquals("and at the proxy", List.of(), found(folder.resolve("proxy"), secret));
        assertEquals("rw-------", permissions(home.resolve("conf/invitation")));
    }

    /** With verified classes, as a user has it: unverified, the console's page of preferences is there without what it needs, and cuts the archive. */
    private static Adit process(String... arguments) throws IOException {
        return Adit.start(Adit.VERIFIED, List.of(arguments));
    }

    private static String secret(String invitation) {
        return invitation.replaceFirst("adit://[a-z]+:([A-Za-z0-9_-]{43})=?@.*", "$1");
    }

    /** @param secrets each with the one file of the home that has it */
    private static void assertKept(String name, String component, String admin, Path home, Map<String, String> secrets) throws Exception {
        Map<String, String> shown = pages(new ConsolePage(admin, home));
        TestBundle.write(home.resolve("data/gogo.jar"), "example.gogo", "1.0.0", Activator.class, "org.osgi.framework.wiring;version=\"[1.1,2)\"", "Activator");
        Files.move(home.resolve("data/gogo.jar"), home.resolve("load/gogo.jar"));
        Path printed = home.resolve(Activator.FILE);
        Await.until("the shell has printed " + printed, () -> Files.exists(printed));
        shown.put("scr:info", Files.readString(printed));
        for (String where : List.of("status-scr.txt", "status-scr.json", "status-scr", "scr:info", "status-scr/all.txt")) {
            String text = shown.getOrDefault(where, "").replaceAll("&#[^;]*;|&nbsp;", " ");
            assertTrue(where + " shows the component: " + shown.keySet(), text.contains(component));
        }
        assertTrue(shown.keySet().toString(), shown.keySet().stream().filter(each -> each.startsWith("status-scr/all.zip!")).count() > 8);
        TreeSet<String> wrong = new TreeSet<>();
        for (String secret : secrets.keySet()) {
            shown.forEach((where, text) -> {
                if (text.contains(secret)) {
                    wrong.add(where);
                }
            });
            found(home, secret).stream().filter(each -> !each.equals(secrets.get(secret))).forEach(wrong::add);
        }
        assertEquals("where the secrets of " + name + " are found", List.of(), List.copyOf(wrong));
        secrets.values().stream().filter(each -> each.endsWith("invitation")).forEach(each -> assertEquals(each, "rw-------", permissions(home.resolve(each))));
        for (String log : List.of("adit.log", "access.log", "launcher.log")) {
            assertTrue(log, permissions(home.resolve("log").resolve(log)).endsWith("---"));
        }
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** All pages of the console, and what is in the archives. */
    private static Map<String, String> pages(ConsolePage console) throws Exception {
        Matcher page = PAGE.matcher(console.get("status-adit").body());
        List<String> names = new ArrayList<>();
        while (page.find()) {
            names.add(page.group(1).replace(" ", "%20"));
        }
        names.addAll(List.of(COMPONENTS + "/all", "components", "config", "services", "bundles"));
        Map<String, String> shown = new TreeMap<>();
        for (String name : names) {
            for (String format : name.startsWith(COMPONENTS) ? FORMATS : FORMATS_OF_OTHERS) {
                HttpResponse<byte[]> answer = fetch(console, name + format);
                if (answer.statusCode() != 200) {
                    continue; // not every page has every format
                } else if (format.equals(".zip")) {
                    unzip(name + format, answer.body(), shown);
                } else {
                    shown.put(name + format, new String(answer.body(), StandardCharsets.UTF_8));
                }
            }
        }
        return shown;
    }

    private static HttpResponse<byte[]> fetch(ConsolePage console, String path) throws Exception {
        try {
            return console.bytes(path);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    private static void unzip(String name, byte[] bytes, Map<String, String> shown) throws IOException {
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                shown.put(name + "!" + entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    /** Where it is, below the home. */
    private static List<String> found(Path home, String secret) throws IOException {
        return FileSearch.containing(home, secret, home.resolve("load"), home.resolve("data/framework")).stream().map(each -> home.relativize(each).toString()).toList();
    }
}

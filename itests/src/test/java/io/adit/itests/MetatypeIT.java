package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.BeforeClass;
import org.junit.Test;

/** What an operator sees of each configuration: texts in two languages, units, ranges; held against the bundles as they ship. */
public class MetatypeIT {

    /** Units that a key says, and what their texts end with, before the range. */
    private static final Map<String, List<String>> UNITS = Map.of("millis", List.of("Milliseconds", "Millisekunden"), "seconds", List.of("Seconds", "Sekunden"),
        "minutes", List.of("Minutes", "Minuten"), "hours", List.of("Hours", "Stunden"), "days", List.of("Days", "Tage"), "bytes", List.of("Bytes", "Bytes"),
        "megabytes", List.of("Megabytes", "Megabytes"));
    private static final Pattern COMPONENT_PID = Pattern.compile("configuration-pid=\"([^\"]+)\"");

    private static Map<String, Metatype> all;

    @BeforeClass
    public static void read() throws Exception {
        all = Metatype.all();
    }

    @Test
    public void everyPidOfAComponentHasOne() throws Exception {
        Set<String> pids = new TreeSet<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Adit.dist().resolve("bundles"), "io.adit.*.jar")) {
            for (Path jar : jars) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    for (JarEntry entry : file.stream().filter(each -> each.getName().matches("OSGI-INF/[^/]+\\.xml")).toList()) {
                        try (InputStream in = file.getInputStream(entry)) {
                            Matcher pid = COMPONENT_PID.matcher(new String(in.readAllBytes()));
                            while (pid.find()) {
                                pids.addAll(List.of(pid.group(1).split(" ")));
                            }
                        }
                    }
                }
            }
        }
        assertEquals(all.keySet(), pids);
    }

    @Test
    public void everyTextIsThereInBothLanguagesAndNoneIsUnused() {
        for (Metatype each : all.values()) {
            assertEquals(each.pid(), "OSGI-INF/l10n/" + each.pid(), each.texts());
            assertNotNull("English texts of " + each.pid(), each.english());
            assertNotNull("German texts of " + each.pid(), each.german());
            for (Properties texts : List.of(each.english(), each.german())) {
                String label = texts.getProperty(each.label().substring(1));
                assertTrue("in the console's list ours are together: " + label, label.matches("Adit[ -].+"));
            }
            Set<String> used = new TreeSet<>(List.of(each.label(), each.description()));
            for (Metatype.Attribute attribute : each.attributes()) {
                used.addAll(List.of(attribute.label(), attribute.description()));
                used.addAll(attribute.options().values());
            }
            for (Properties texts : List.of(each.english(), each.german())) {
                Set<String> there = new TreeSet<>();
                texts.stringPropertyNames().forEach(key -> there.add("%" + key));
                assertEquals(each.pid(), used, there);
                texts.forEach((key, text) -> assertTrue(each.pid() + " " + key + ": " + text, ((String) text).matches("\\S(.*\\S)?")));
            }
            for (String key : used.stream().filter(key -> key.endsWith(".description")).toList()) {
                String german = each.german().getProperty(key.substring(1));
                assertTrue(key + " is a sentence: " + german, german.endsWith(".") && each.english(key).endsWith("."));
                assertFalse(key + " is translated: " + german, german.equals(each.english(key)));
            }
        }
    }

    /** The service reads them as ISO 8859-1, and most editors write something else. */
    @Test
    public void theFilesOfTextsAreAscii() throws Exception {
        List<String> others = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Adit.dist().resolve("bundles"), "io.adit.*.jar")) {
            for (Path jar : jars) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    for (JarEntry entry : file.stream().filter(each -> each.getName().startsWith("OSGI-INF/l10n/") && !each.isDirectory()).toList()) {
                        try (InputStream in = file.getInputStream(entry)) {
                            for (byte each : in.readAllBytes()) {
                                if (each < 0 && others.size() < 10) {
                                    others.add(entry.getName());
                                    break;
                                }
                            }
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), others);
    }

    @Test
    public void everyNumberHasARangeWithItsDefaultAndTheFormTellsUnitAndRange() {
        for (Metatype each : all.values()) {
            for (Metatype.Attribute number : each.attributes().stream().filter(Metatype.Attribute::isNumber).toList()) {
                String where = each.pid() + ":" + number.id();
                assertFalse(where + " has a range", number.least().isEmpty() || number.most().isEmpty());
                if (number.standard() != null && !number.standard().isEmpty()) {
                    long standard = Long.parseLong(number.standard());
                    assertTrue(where + " has its default in its range", standard >= Long.parseLong(number.least()) && standard <= Long.parseLong(number.most()));
                }
                List<String> units = UNITS.get(number.id().substring(number.id().lastIndexOf('.') + 1));
                for (int language = 0; language < 2; language++) {
                    Properties texts = language == 0 ? each.english() : each.german();
                    String text = texts.getProperty(number.description().substring(1));
                    String unit = units == null ? "\\p{Lu}[\\p{L}-]+( [\\p{L}]+)*" : units.get(language);
                    assertTrue(where + ": " + text, text.matches(".* " + unit + ", " + number.least() + "\\.\\." + number.most() + "\\."));
                }
            }
        }
    }

    @Test
    public void aDefaultIsOneOfTheChoices() {
        for (Metatype each : all.values()) {
            for (Metatype.Attribute attribute : each.attributes().stream().filter(one -> !one.options().isEmpty()).toList()) {
                assertTrue(each.pid() + ":" + attribute.id(), attribute.options().containsKey(attribute.standard()));
            }
        }
    }

    @Test
    public void whatIsSecretIsNotShown() {
        for (Metatype each : all.values()) {
            for (Metatype.Attribute attribute : each.attributes()) {
                if (attribute.id().matches("(.*\\.)?(password|secret|invitation)")) {
                    assertEquals(each.pid() + ":" + attribute.id(), "Password", attribute.type());
                }
            }
        }
    }

    /** With what else a configuration wants, so that its component is at work before, and goes on being it. */
    private static Map<String, String> wanted(String pid, Path folder) throws Exception {
        String nobody = "127.0.0.1:" + Ports.free();
        return switch (pid) {
            case "io.adit.acme" -> Map.of("domains", "a.example", "terms.agreed", "true", "directory.url", "https://" + nobody + "/directory");
            case "io.adit.connector" -> Map.of("invitation", "adit://demo:" + "s".repeat(43) + "@" + nobody + "?tls=off");
            case "io.adit.dns" -> Map.of("port", "0");
            case "io.adit.dns.update" -> Map.of("server", nobody, "key.file", Files.writeString(folder.resolve("dns.key"),
                "key \"adit\" { algorithm hmac-sha256; secret \"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\"; };").toString());
            case "io.adit.mail" -> Map.of("smtp.host", "127.0.0.1", "smtp.port", nobody.split(":")[1], "from", "adit@a.example");
            case "io.adit.origin" -> Map.of("url", "http://" + nobody);
            case "io.adit.share" -> Map.of("folder", folder.toString());
            case "io.adit.webhook" -> Map.of("url", "http://" + nobody + "/", "secret", "sixteen or more characters");
            default -> Map.of();
        };
    }

    /** All configurations of a proxy and a peer in one container. Each gets good values, then every value a bad one. */
    @Test
    public void aBadValueIsOneLineAndWhatWasThereStays() throws Exception {
        Path folder = Adit.folder("MetatypeIT");
        Path home = folder.resolve("proxy");
        Files.createDirectories(home.resolve("load"));
        for (String each : List.of("io.adit.origin", "io.adit.share", "jetty-client", "jetty-alpn-client")) {
            copy(each, home.resolve("load"));
        }
        try (Adit proxy = Adit.start("proxy", "--home", home.toString(), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0")) {
            Map<String, String> ready = proxy.awaitReady();
            Path log = home.resolve("log").resolve("adit.log");
            Map<Path, List<String>> files = new TreeMap<>();
            for (Metatype each : all.values()) {
                Path file = file(home, each);
                List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
                wanted(each.pid(), folder).forEach((key, value) -> lines.add(key + "=\"" + value.replace("\"", "\\\"").replace("=", "\\=") + "\""));
                files.put(file, lines);
                lines.add("no.such.property=\"1\"");
                replace(file, lines);
            }
            List<String> warned = all.values().stream().map(each -> pid(each) + ": no.such.property is none of its properties").toList();
            awaitLines(log, warned);
            List<String> expected = new ArrayList<>();
            for (Metatype each : all.values()) {
                Path file = file(home, each);
                List<String> lines = files.get(file);
                for (Metatype.Attribute attribute : each.attributes()) {
                    String bad = bad(attribute);
                    if (bad != null) {
                        lines.removeIf(line -> line.startsWith(attribute.id() + "="));
                        lines.add(attribute.id() + "=\"" + bad + "\"");
                        expected.add(pid(each) + ": " + attribute.id() + " must be " + allowed(attribute) + ", not '" + bad + "'; ");
                    }
                }
                replace(file, lines);
            }
            awaitLines(log, expected);
            List<String> told = Files.readAllLines(log).stream().filter(line -> line.contains(" ERROR ")).toList();
            assertEquals("nothing is said twice: " + told, expected.size(), told.size());
            assertTrue("what was there stays", told.stream().anyMatch(line -> line.endsWith("io.adit.dns: port must be in 0..65535, not '" + -1 + "'; '0' stays")));
            assertFalse("no component was refused its configuration", Files.readString(log).contains("InvocationTargetException"));
            assertEquals("visitors are served", 404, new Web(ready.get("http"), "nobody").get("/").statusCode());
            assertEquals("and operators", List.of(), new Control(home).names());

            String form = form(home, ready.get("admin"), "io.adit.registry");
            assertTrue(form, form.contains("Quarant\u00e4ne") && form.contains("Sekunden, 0..315360000. (quarantine.seconds)"));
        }
    }

    private static String pid(Metatype metatype) {
        return metatype.pid() + (metatype.factory() ? "~one" : "");
    }

    private static Path file(Path home, Metatype metatype) {
        return home.resolve("etc").resolve(pid(metatype).replace('~', '-') + ".config");
    }

    private static void awaitLines(Path log, List<String> lines) throws Exception {
        Await.until("in " + log + " " + lines, () -> {
            String text = Files.readString(log);
            return lines.stream().allMatch(text::contains);
        });
    }

    /** What the console's form gets, for a browser that speaks German. */
    static String form(Path home, String admin, String pid) throws Exception {
        String login = "admin:" + Files.readString(home.resolve("conf").resolve("admin.password")).strip();
        HttpResponse<String> response = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(admin + "/system/console/configMgr/" + pid))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes())).header("Accept-Language", "de-AT,de;q=0.9,en;q=0.5")
            .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        return response.body();
    }

    /** Null where any text may be good. */
    private static String bad(Metatype.Attribute attribute) {
        if (attribute.isNumber()) {
            return attribute.id().hashCode() % 2 == 0 ? Long.toString(Long.parseLong(attribute.most()) + 1) : Long.toString(Long.parseLong(attribute.least()) - 1);
        }
        return attribute.type().equals("Boolean") || !attribute.options().isEmpty() ? "perhaps" : null;
    }

    private static String allowed(Metatype.Attribute attribute) {
        if (attribute.isNumber()) {
            return "in " + attribute.least() + ".." + attribute.most();
        }
        return attribute.type().equals("Boolean") ? "true or false" : "one of " + String.join(", ", attribute.options().keySet());
    }

    private static void copy(String bundle, Path folder) throws Exception {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Adit.dist().resolve("bundles"), bundle + "-*.jar")) {
            for (Path jar : jars) {
                Files.copy(jar, folder.resolve(bundle + ".jar"));
            }
        }
    }

    /** At once: FileInstall may look in between. */
    private static void replace(Path file, List<String> lines) throws Exception {
        Files.move(Files.write(file.resolveSibling(file.getFileName() + ".new"), lines), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.BeforeClass;
import org.junit.Test;

/** What an operator sees of each configuration: texts in two languages, units, ranges, formats; held against the bundles as they ship. */
public class MetatypeIT {

    /** Units that a key says, and what their texts end with, before the range. */
    private static final Map<String, List<String>> UNITS = Map.of("millis", List.of("Milliseconds", "Millisekunden"), "seconds", List.of("Seconds", "Sekunden"),
        "minutes", List.of("Minutes", "Minuten"), "hours", List.of("Hours", "Stunden"), "days", List.of("Days", "Tage"), "bytes", List.of("Bytes", "Bytes"),
        "megabytes", List.of("Megabytes", "Megabytes"));
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();
    private static final Pattern COMPONENT_PID = Pattern.compile("configuration-pid=\"([^\"]+)\"");

    private static Map<String, Metatype> all;
    private static Map<String, Metatype> withExtra;

    @BeforeClass
    public static void read() throws Exception {
        all = Metatype.all();
        withExtra = Metatype.withExtra();
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

    @Test
    public void everyTextHasAFormatWithItsDefault() {
        for (Metatype each : withExtra.values()) {
            for (Metatype.Attribute text : each.attributes().stream().filter(Metatype.Attribute::isText).toList()) {
                String where = each.pid() + ":" + text.id();
                assertFalse(where + " has a format", text.pattern().isEmpty() || text.is().isEmpty());
                if (text.standard() != null && !text.isWanted() && !(text.many() && text.standard().isEmpty())) {
                    for (String one : text.many() ? text.standard().split(",") : new String[] {text.standard()}) {
                        assertTrue(where + " takes its default " + one, one.matches(text.pattern()));
                    }
                }
            }
        }
    }

    /** As --set and a .cfg file have them, which know no lists. */
    @Test
    public void ofAListSeveralMayBeInOneText() {
        assertTaken("io.adit.proxy:trusted.proxies", "", "10.0.0.0/8,192.168.0.0/16", " ::1 , ::ffff:10.0.0.1, 2001:db8::/32,", "10.0.0.1,10.0.0.2");
        assertRefused("io.adit.proxy:trusted.proxies", "10.0.0.0/8 192.168.0.0/16", "10.0.0.0/33,::1", "::1,::ffff:10.0.0.0/104", "a.example");
        assertTaken("io.adit.registry:reserved.names", "", "www", "www,mail, admin,");
        assertRefused("io.adit.registry:reserved.names", "www mail", "www,-a", "a.b");
        for (String pid : List.of("io.adit.command", "io.adit.metrics")) {
            assertTaken(pid + ":hosts", "", "a.example", "a.example, B.example,localhost", "my_host");
            assertRefused(pid + ":hosts", "a.example:80", "a.example,-b", "a.example b.example");
        }
    }

    @Test
    public void finalDotsBlanksUnderscoresAndUpperCaseSchemesAreNoMistakes() {
        assertTaken("io.adit.registry:domain", "example.com.", " example.com. ");
        assertRefused("io.adit.registry:domain", ".", "example.com..", ".example.com");
        assertTaken("io.adit.registry:proxy.name", "p1.example.", "");
        assertRefused("io.adit.registry:proxy.name", ".", "p1.example..");
        assertTaken("io.adit.origin:url", "", "http://my_container:3000", " HTTPS://_a.b_/ ", "http://127.0.0.1:80", "http://[::1]:80", "http://a-b.example");
        assertRefused("io.adit.origin:url", "http://a_b/c", "http://a_b:0", "http://a_.1", "http://1.2.3", "http://a_..b", "http://-a");
        assertTaken("io.adit.registry:public.url", "HTTPS://{name}.example.com", " https://{name}.{domain}/ ", "Http://a/{name}?x={domain} ");
        assertRefused("io.adit.registry:public.url", "https://{name}.a b/", "ftp://{name}.example.com", " ");
    }

    private static void assertTaken(String key, String... values) {
        for (String value : values) {
            assertTrue(key + " takes '" + value + "'", value.matches(pattern(key)));
        }
    }

    private static void assertRefused(String key, String... values) {
        for (String value : values) {
            assertFalse(key + " refuses '" + value + "'", value.matches(pattern(key)));
        }
    }

    private static String pattern(String key) {
        String[] parts = key.split(":");
        return withExtra.get(parts[0]).attributes().stream().filter(each -> each.id().equals(parts[1])).findFirst().orElseThrow().pattern();
    }

    /** What a pattern looks at is in proportion to the text, whatever that is: nobody keeps a container busy by a text that nearly matches. */
    @Test
    public void noFormatTakesLong() {
        List<String> pieces = List.of("a", " ", "/", ".", "-", "0", ":", ",", "@", "\"", "\\", "(", "%41",
            "a.", "a-", "a/", "a,", "a, ", "a@a.a,", "/a ", "1.1.1.1,", "{name}", "::1,", "a\n", "\"\" ", "; ");
        // many properties have the same format
        Map<String, String> formats = new TreeMap<>();
        for (Metatype each : withExtra.values()) {
            each.attributes().stream().filter(Metatype.Attribute::isText).forEach(text -> formats.merge(text.pattern(), each.pid() + ":" + text.id(), (one, other) -> one + ", " + other));
        }
        formats.forEach((format, where) -> {
            Pattern pattern = Pattern.compile(format);
            for (String begin : List.of("", "http://", "http://a/", "adit://a:", "jdbc:postgresql://", "a@", "http://{name}/")) {
                for (String piece : pieces) {
                    for (String end : List.of("", "\u0007", "!")) {
                        Watched watched = new Watched(begin + piece.repeat(2000 / piece.length()) + end);
                        pattern.matcher(watched).matches();
                        assertTrue(where + " looks " + watched.looks + " times at " + begin + piece + "..." + end, watched.looks < 100L * watched.length());
                    }
                }
            }
        });
    }

    /** Counts how often somebody looks at one of its characters. */
    private static final class Watched implements CharSequence {
        private final String text;
        private long looks;

        Watched(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            looks++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.subSequence(from, to);
        }
    }

    /** What the console's form gets, for a browser that speaks German. */
    static String form(Path home, String admin, String pid) throws Exception {
        HttpResponse<String> response = console(home, admin, "configMgr/" + pid, request -> request.header("Accept-Language", "de-AT,de;q=0.9,en;q=0.5")
            .POST(HttpRequest.BodyPublishers.noBody()));
        assertEquals(200, response.statusCode());
        return response.body();
    }

    /**
     * What the web console answers. It fails with 500 in the moment in which a plugin comes or goes, such as ours when it is configured: its PluginHolder lets others change a map that it goes
     * through (5.0.18). Then it has not looked at the request yet, which is sent again.
     */
    static HttpResponse<String> console(Path home, String admin, String path, UnaryOperator<HttpRequest.Builder> request) throws Exception {
        String login = "admin:" + Files.readString(home.resolve("conf").resolve("admin.password")).strip();
        HttpRequest.Builder to = HttpRequest.newBuilder(URI.create(admin + "/system/console/" + path)).timeout(Await.DEADLINE)
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes()));
        return Await.value("an answer of the console", () ->
            Optional.of(CLIENT.send(request.apply(to.copy()).build(), HttpResponse.BodyHandlers.ofString())).filter(answer -> answer.statusCode() != 500));
    }
}

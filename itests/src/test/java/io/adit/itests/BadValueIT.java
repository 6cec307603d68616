package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.felix.utils.json.JSONParser;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * What becomes of values that cannot be, of every property of every configuration: one line, and what was there stays at work. All configurations of a proxy
 * and a peer are in one container; each test begins with good values.
 */
public class BadValueIT {

    /** What somebody could type, or a program make, in place of what is meant: empty, blank, of several lines, of another kind, too long. */
    private static final List<String> TEXTS = List.of("", "   ", "\u0007", "a\nb", "\"a", "a\\", "ftp://x", "..", "a".repeat(300), "*", "\u00fc", "\u2028", "%zz", "/%zz?\"",
        "/a//b", "x:99999", "127.0.0.1:", "[::1", "a..b", "1.2.3.4.5", "::ffff:1.2.3.4/120", "(a=b", "a@b@c", "http://{name}.1/", "x IN NOTYPE y", "@ TXT \"a",
        "\ud83d\ude00".repeat(150));

    /** Of these: nothing but signs that mean something to a format, or to none. */
    private static final Pattern PLAIN = Pattern.compile("[\\w:/@()=\\[\\]{} -][\\w.:/@()=\\[\\]{} -]{0,50}");

    /** Files and folders that have to be there, with the right things in it, which no format says. */
    private static final Set<String> FILES = Set.of("io.adit.acme:trust.file", "io.adit.dns.update:key.file", "io.adit.mail:trust.file", "io.adit.mail:password.file",
        "io.adit.share:folder", "io.adit.connector:invitation.file", "io.adit.webhook:url.file", "io.adit.webhook:secret.file");
    /** What is there, or is in a file; and there is none. */
    private static final Set<String> NO_FILE = Set.of("io.adit.connector:invitation", "io.adit.webhook:url", "io.adit.webhook:secret");
    /** What is no path of a file, whatever is there. */
    private static final List<String> NO_FILES = List.of("", "   ", "\u0007", "a\nb", "..", "a".repeat(300), "\u2028");

    /** FileInstall looks twice a second, and to read the log costs something. */
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Pattern REFUSED = Pattern.compile(".* ERROR .*?(io\\.adit\\.\\S+): (\\S+) must be (.*)");

    private static Map<String, Metatype> all;
    private static Path folder;
    private static Path home;
    private static Adit proxy;
    private static Map<String, String> ready;
    /** The good lines of each PID's file. */
    private static final Map<String, List<String>> good = new TreeMap<>();
    /** PIDs whose files are not the good ones. */
    private static final Set<String> changed = new TreeSet<>();
    private static int round;

    /** With what else a configuration wants, so that its component is at work before, and goes on being it. */
    private static Map<String, String> wanted(String pid) throws Exception {
        String nobody = "127.0.0.1:" + Ports.free();
        return switch (pid) {
            case "io.adit.acme" -> Map.of("domains", "a.example", "terms.agreed", "true", "directory.url", "https://" + nobody + "/directory");
            case "io.adit.connector" -> Map.of("invitation", invitation(nobody));
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

    private static String invitation(String hostPort) {
        return "adit://demo:" + "s".repeat(43) + "@" + hostPort + "?tls=off";
    }

    @BeforeClass
    public static void start() throws Exception {
        all = Metatype.withExtra();
        folder = Adit.folder("BadValueIT");
        home = folder.resolve("proxy");
        Files.createDirectories(home.resolve("load"));
        for (String each : List.of("io.adit.origin", "io.adit.share", "jetty-client", "jetty-alpn-client")) {
            copy(each, home.resolve("load"));
        }
        try (DirectoryStream<Path> extra = Files.newDirectoryStream(Adit.dist().resolve("extra"), "io.adit.*.jar")) {
            for (Path jar : extra) {
                Files.copy(jar, home.resolve("load").resolve(jar.getFileName()));
            }
        }
        proxy = Adit.start("proxy", "--home", home.toString(), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0");
        ready = proxy.awaitReady();
        for (Metatype each : all.values()) {
            Path file = file(pid(each));
            List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
            wanted(each.pid()).forEach((key, value) -> lines.add(line(key, value)));
            good.put(each.pid(), lines);
        }
        changed.addAll(all.keySet());
    }

    @Before
    public void good() throws Exception {
        change(Map.of());
        awaitWork();
    }

    @AfterClass
    public static void stop() throws Exception {
        if (proxy != null) {
            proxy.close();
        }
    }

    /** Written here, or by the launcher, which puts blanks around the sign. */
    private static boolean isOf(String key, String line) {
        return line.startsWith(key) && line.substring(key.length()).strip().startsWith("=");
    }

    /** @param values for each PID, by key, in the place of the good ones; when this returns, all have been looked at */
    private static void change(Map<String, Map<String, String>> values) throws Exception {
        String sentinel = "round." + ++round;
        changed.addAll(values.keySet());
        List<String> seen = new ArrayList<>();
        for (String each : changed) {
            List<String> lines = new ArrayList<>(good.get(each));
            values.getOrDefault(each, Map.of()).forEach((key, value) -> {
                lines.removeIf(line -> isOf(key, line));
                lines.add(line(key, value));
            });
            lines.add(line(sentinel, "1"));
            WholeFile.write(file(pid(all.get(each))), lines);
            seen.add(pid(all.get(each)) + ": " + sentinel + " is none of its properties");
        }
        changed.retainAll(values.keySet());
        Await.until("in " + log() + " " + seen, PAUSE, () -> {
            String text = Files.readString(log());
            return seen.stream().allMatch(text::contains);
        });
    }

    @Test
    public void ofANumberOrAChoice() throws Exception {
        int from = errors().size();
        Map<String, Map<String, String>> values = new TreeMap<>();
        List<String> expected = new ArrayList<>();
        for (Metatype each : all.values()) {
            for (Metatype.Attribute attribute : each.attributes().stream().filter(one -> bad(one) != null).toList()) {
                values.computeIfAbsent(each.pid(), pid -> new TreeMap<>()).put(attribute.id(), bad(attribute));
                expected.add(pid(each) + ": " + attribute.id() + " must be " + attribute.allowed() + ", not '" + bad(attribute) + "'; ");
            }
        }
        change(values);
        List<String> told = errorsFrom(from);
        assertEquals("each is told", List.of(), expected.stream().filter(one -> told.stream().noneMatch(line -> line.contains(one))).toList());
        assertEquals("nothing is said twice: " + told, expected.size(), told.size());
        assertTrue("what was there stays", told.stream().anyMatch(line -> line.endsWith("io.adit.dns: port must be in 0..65535, not '-1'; '0' stays")));
        awaitWork();
        awaitServed();
    }

    /** They are none, but Declarative Services would not make a number of them. */
    @Test
    public void ofANumberOrAChoiceWithBlanks() throws Exception {
        int from = errors().size();
        Map<String, Map<String, String>> values = new TreeMap<>();
        for (Metatype each : all.values()) {
            for (Metatype.Attribute attribute : each.attributes().stream().filter(one -> bad(one) != null && one.standard() != null && !one.standard().isEmpty()).toList()) {
                if (good.get(each.pid()).stream().noneMatch(line -> isOf(attribute.id(), line))) {
                    values.computeIfAbsent(each.pid(), pid -> new TreeMap<>()).put(attribute.id(), " " + attribute.standard() + " \t");
                }
            }
        }
        change(values);
        awaitWork();
        assertEquals(List.of(), errorsFrom(from));
        awaitServed();
    }

    @Test
    public void ofAText() throws Exception {
        Set<String> refused = new TreeSet<>();
        Map<String, List<String>> texts = texts();
        for (int i = 0; i < TEXTS.size(); i++) {
            Map<String, Map<String, String>> values = new TreeMap<>();
            Set<String> expected = new TreeSet<>();
            for (Metatype each : all.values()) {
                for (Metatype.Attribute attribute : each.attributes()) {
                    String key = each.pid() + ":" + attribute.id();
                    if (i < texts.getOrDefault(key, List.of()).size()) {
                        String text = texts.get(key).get(i);
                        values.computeIfAbsent(each.pid(), pid -> new TreeMap<>()).put(attribute.id(), text);
                        // a line that says no more than the last one of the same property is not written again
                        if (!text.isBlank() && !attribute.type().equals("Password") && isRefusedByPattern(attribute, text)) {
                            expected.add(key);
                        }
                    }
                }
            }
            int from = errors().size();
            change(values);
            List<String> told = errorsFrom(from);
            Set<String> now = new TreeSet<>();
            for (String line : told) {
                Matcher refusal = REFUSED.matcher(line);
                assertTrue("only refusals are errors: " + line, refusal.matches());
                String pid = refusal.group(1).replaceFirst("~.*", "");
                Metatype.Attribute attribute = all.get(pid).attributes().stream().filter(each -> each.id().equals(refusal.group(2))).findFirst().orElseThrow();
                assertTrue(line, refusal.group(3).startsWith(attribute.allowed() + ", not ") && refusal.group(3).matches(".*; .+ (stays|is used)|.*; it is left out"));
                assertFalse("a secret is not shown: " + line, attribute.type().equals("Password") && !refusal.group(3).contains("not what it is; "));
                now.add(pid + ":" + attribute.id());
            }
            assertEquals("nothing is said twice", told.size(), new TreeSet<>(told).size());
            assertTrue("refused are " + now + ", and not all of " + expected, now.containsAll(expected));
            refused.addAll(now);
            awaitWork();
        }
        good();
        awaitServed();
        assertEquals("each refuses something", texts.keySet(), refused);
    }

    /**
     * By key, what a property is given, one after the other. Whatever its format takes gets to the component: of that, all; but of {@link #PLAIN} texts, which are all the same to a component that
     * takes any line of text, or any path, two. What the pattern refuses gets no further, for whatever reason (FormatTest in io.adit.config): of that, four, others for each PID.
     */
    private static Map<String, List<String>> texts() {
        Map<String, List<String>> texts = new TreeMap<>();
        int turn = 0;
        for (Metatype metatype : all.values()) {
            turn++; // the same for all of a PID: a new file of a key wants a new one of its certificate
            for (Metatype.Attribute attribute : metatype.attributes().stream().filter(one -> one.isText()).toList()) {
                String key = metatype.pid() + ":" + attribute.id();
                boolean any = TEXTS.stream().filter(text -> PLAIN.matcher(text).matches()).noneMatch(text -> isRefusedByPattern(attribute, text));
                List<String> turned = new ArrayList<>(TEXTS);
                Collections.rotate(turned, turn);
                int plain = 0;
                int refused = 0;
                List<String> given = new ArrayList<>();
                for (String each : turned) {
                    // where a file is made there would be one for all
                    String text = attribute.path() && !NO_FILES.contains(each) ? each + "." + key : each;
                    // no file is made outside of the home
                    boolean may = attribute.path() ? NO_FILES.contains(text) || !FILES.contains(key) && !text.startsWith("/") : true;
                    boolean must = text.isBlank() ? !NO_FILE.contains(key) : !isRefusedByPattern(attribute, text) ? !any || !PLAIN.matcher(text).matches() || plain++ < 2 : refused++ < 4;
                    if (may && must) {
                        given.add(text);
                    }
                }
                texts.put(key, given);
            }
        }
        return texts;
    }

    /** Whether that alone is why it is refused. Letters of others than English may be good for a host. */
    private static boolean isRefusedByPattern(Metatype.Attribute attribute, String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text) && !text.matches(attribute.pattern()) && !text.strip().matches(attribute.pattern());
    }

    /** Nothing was there before, or not any more, and there is no default. */
    @Test
    public void ofWhatThereHasToBe() throws Exception {
        int from = errors().size();
        Path mail = file("io.adit.mail");
        changed.add("io.adit.mail");
        Path two = file("io.adit.connector~two");
        WholeFile.write(two, List.of(line("invitation", "adit://demo")));
        WholeFile.write(mail, Files.readAllLines(mail).stream().filter(line -> !line.startsWith("from=")).toList());
        Await.until("two lines", () -> errors().size() == from + 2);
        List<String> told = errorsFrom(from).stream().map(line -> line.replaceFirst(".* - ", "")).sorted().toList();
        assertEquals(List.of("io.adit.connector~two: invitation must be an invitation, as 'adit invite' prints it, or empty, not what it is; nothing is at work without it",
            "io.adit.mail: from must be an e-mail address such as name@example.org, and is not there; nothing is at work without it"), told);
        Await.until("both wait", () -> {
            Map<String, String> states = states();
            return Stream.of("io.adit.connector", "io.adit.mail").allMatch(pid -> states.get(pid).startsWith("unsatisfied"));
        });
        WholeFile.write(two, List.of(line("invitation", invitation("127.0.0.1:" + Ports.free()))));
        good();
        assertEquals("nothing else was an error", from + 2, errors().size());
        Files.delete(two);
    }

    /** Whoever saves a form without a change has each value sent, as a text, and of a list without elements one that is empty. */
    @Test
    public void ofAFormThatIsSavedAsItIs() throws Exception {
        int from = errors().size();
        changed.addAll(all.keySet());
        for (Metatype each : all.values()) {
            save(pid(each), (Map<?, ?>) new JSONParser(MetatypeIT.form(home, ready.get("admin"), pid(each))).getParsed().get("properties"));
        }
        awaitWork();
        assertEquals(List.of(), errorsFrom(from));
        awaitServed();
    }

    private static void save(String pid, Map<?, ?> properties) throws Exception {
        List<String> parameters = new ArrayList<>(List.of("apply=true", "action=ajaxConfigManager", "propertylist=" + String.join(",", properties.keySet().toArray(String[]::new))));
        properties.forEach((key, property) -> {
            Object several = ((Map<?, ?>) property).get("values");
            List<?> values = several == null ? Arrays.asList(((Map<?, ?>) property).get("value")) : several instanceof List<?> list && !list.isEmpty() ? list : List.of("");
            values.forEach(value -> parameters.add(key + "=" + (value == null ? "" : URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8))));
        });
        HttpResponse<String> response = MetatypeIT.console(home, ready.get("admin"), "configMgr/" + pid, request -> request.header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", parameters))));
        assertTrue(pid + ": " + response.statusCode() + " " + response.body(), response.statusCode() < 400);
    }

    /** FileInstall makes false of it, and then it is the file that tells. */
    @Test
    public void ofAFlagWithItsType() throws Exception {
        int from = errors().size();
        Path file = file("io.adit.acceptor");
        changed.add("io.adit.acceptor");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> line.startsWith("tls"));
        lines.add("tls = B\"yes\"");
        WholeFile.write(file, lines);
        Await.until("a line", () -> errors().size() > from);
        List<String> told = errorsFrom(from);
        assertEquals(told.toString(), 1, told.size());
        assertTrue(told.toString(), told.get(0).endsWith("io.adit.acceptor: tls must be true or false, not 'yes'; 'true' stays"));
    }

    private static void awaitServed() throws Exception {
        // a component that was given a configuration is made anew, be it the same one, and that may be still to come
        Await.until("visitors are served", () -> {
            try {
                return new Web(ready.get("http"), "nobody").get("/").statusCode() == 404;
            } catch (IOException e) {
                return false;
            }
        });
        Await.until("and operators", () -> {
            try {
                return new Control(home).names().isEmpty();
            } catch (AssertionError e) {
                return false;
            }
        });
        String form = MetatypeIT.form(home, ready.get("admin"), "io.adit.registry");
        assertTrue(form, form.contains("Quarant\u00e4ne") && form.contains("Sekunden, 0..315360000. (quarantine.seconds)"));
    }

    /** Every component that has a configuration of ours is there, and stays there. */
    private static void awaitWork() throws Exception {
        Await.until("all are at work: " + states(), () -> {
            Map<String, String> states = states();
            assertFalse("no component was refused its configuration: see " + log(), Files.readString(log()).contains("InvocationTargetException"));
            return states.keySet().containsAll(all.keySet()) && states.values().stream().allMatch(state -> state.equals("active") || state.equals("satisfied"));
        });
    }

    /** Of the components of ours, by the PID of their configurations; of several one that is not at work. */
    private static Map<String, String> states() throws Exception {
        HttpResponse<String> response = MetatypeIT.console(home, ready.get("admin"), "components.json", request -> request);
        Map<String, String> states = new TreeMap<>();
        for (Object each : (List<?>) new JSONParser(response.body()).getParsed().get("data")) {
            Map<?, ?> component = (Map<?, ?>) each;
            String pid = String.valueOf(component.get("pid"));
            if (pid.startsWith("io.adit.")) {
                states.merge(pid, String.valueOf(component.get("state")), (one, other) -> one.equals("active") || one.equals("satisfied") ? other : one);
            }
        }
        return states;
    }

    private static String pid(Metatype metatype) {
        return metatype.pid() + (metatype.factory() ? "~one" : "");
    }

    private static Path file(String pid) {
        return home.resolve("etc").resolve(pid.replace('~', '-') + ".config");
    }

    private static Path log() {
        return home.resolve("log").resolve("adit.log");
    }

    /**
     * But for those of the exporter of traces, whose server is not there: one comes for the visitors of these tests, some time later; and for those of the web console, see
     * {@link MetatypeIT#console}.
     */
    private static List<String> errors() throws Exception {
        return Files.readAllLines(log()).stream().filter(line -> line.contains(" ERROR ") && !line.contains(".exporter.otlp.")
            && !line.contains(" - Exception while processing request to /system/console/")).toList();
    }

    private static List<String> errorsFrom(int from) throws Exception {
        List<String> errors = errors();
        return errors.subList(from, errors.size());
    }

    /** Null where any text may be good. */
    private static String bad(Metatype.Attribute attribute) {
        if (attribute.isNumber()) {
            return attribute.id().hashCode() % 2 == 0 ? Long.toString(Long.parseLong(attribute.most()) + 1) : Long.toString(Long.parseLong(attribute.least()) - 1);
        }
        return attribute.type().equals("Boolean") || !attribute.options().isEmpty() ? "perhaps" : null;
    }

    /** In the syntax of Felix' .config files. */
    private static String line(String key, String value) {
        StringBuilder line = new StringBuilder(key).append("=\"");
        value.chars().forEach(c -> {
            if (c < ' ') {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append("\"\\=".indexOf(c) < 0 ? "" : "\\").append((char) c);
            }
        });
        return line.append('"').toString();
    }

    private static void copy(String bundle, Path folder) throws Exception {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Adit.dist().resolve("bundles"), bundle + "-*.jar")) {
            for (Path jar : jars) {
                Files.copy(jar, folder.resolve(bundle + ".jar"));
            }
        }
    }
}

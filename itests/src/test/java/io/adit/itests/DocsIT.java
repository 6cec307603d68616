package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * README and docs/ say what is so: links lead somewhere, properties and options exist, and each fenced block is accounted for. What a user types is run by
 * {@link DocsCommandsIT}, or by the test that {@link #ELSEWHERE} names.
 */
public class DocsIT {

    /**
     * Lines of shell that are run for real by another test, since they need other machines or programs, or are the same as one that is run: a pattern, the test, and
     * what has to be in its source.
     */
    static final List<Elsewhere> ELSEWHERE = List.of(
        new Elsewhere("runtime/adit demo", "DemoIT", "\"demo\""),
        new Elsewhere("mvn verify", "../../../../../../../.ci/run", "mvn "),
        new Elsewhere("adit peer .*--origin .*", "CommandLineIT", "\"--origin\""),
        new Elsewhere("adit peer .*--via (http|socks5).*", "ForwardProxyIT", "\"--via\", forward.via()"),
        new Elsewhere("adit registry .*jdbc:postgresql.*", "PostgresIT", "store.password.file"),
        new Elsewhere("adit registry .*", "NetworkIT", "\"registry\""),
        new Elsewhere("adit invite .*--proxy p1.*", "NetworkIT", "inviteProxy("),
        new Elsewhere("adit proxy .*--registrar .*", "NetworkIT", "\"--registrar\""));

    record Elsewhere(String pattern, String test, String evidence) {
    }

    /** Whole pages whose blocks another test reads from the page, and does, or holds against the code. */
    private static final Map<String, String> PAGES_OF_OTHERS = Map.of(
        "docs/PROTOCOL.md", "bundles/io.adit.codec.v2/src/test/java/io/adit/codec/v2/ProtocolTest.java",
        "docs/METRICS.md", "itests/src/test/java/io/adit/itests/MetricsIT.java",
        "docs/OSGI.md", "itests/src/test/java/io/adit/itests/DropInIT.java");

    /** Page and language of what is only shown, and why. */
    private static final Map<String, String> SHOWN = Map.of(
        "docs/METRICS.md yaml", "the configuration of another program, whose target is the default admin port");

    private static final Pattern PROPERTY = Pattern.compile("\\b(io\\.adit(?:\\.[a-z0-9]+)+)(?:~\\w+)?:([a-z][a-z0-9.]*[a-z0-9])");

    private static List<Page> pages;
    private static URLClassLoader launcher;
    private static Method parser;

    @BeforeClass
    public static void read() throws Exception {
        pages = Page.all();
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(Adit.dist().resolve("lib"))) {
            for (Path jar : files.toList()) {
                jars.add(jar.toUri().toURL());
            }
        }
        launcher = new URLClassLoader(jars.toArray(URL[]::new));
        parser = launcher.loadClass("io.adit.runtime.Main").getDeclaredMethod("commandLine", String[].class);
        parser.setAccessible(true);
    }

    @AfterClass
    public static void close() throws IOException {
        launcher.close();
    }

    @Test
    public void everyLinkLeadsSomewhere() throws Exception {
        List<Page> all = new ArrayList<>(pages);
        all.add(Page.read(Path.of("bench/README.md").toAbsolutePath().normalize()));
        all.add(Page.read(Path.of("../CHANGES.md").toAbsolutePath().normalize()));
        List<String> dead = new ArrayList<>();
        for (Page page : all) {
            for (String link : page.links()) {
                if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
                    dead.add(page.name() + " -> " + link);
                }
            }
        }
        assertEquals(List.of(), dead);
    }

    private static boolean leadsSomewhere(Page page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
        return Files.exists(target) && (parts.length == 1 || Page.read(target).anchors().contains(parts[1]));
    }

    /** As README in the folder of the distribution has it: what it links to comes along, but for the sources. */
    @Test
    public void theDistributionBringsThePages() throws Exception {
        for (Page page : pages) {
            assertEquals(page.name(), Files.readString(page.file()), Files.readString(Adit.dist().resolve(page.name())));
        }
    }

    @Test
    public void everyPropertyThatIsNamedIsThere() throws Exception {
        Map<String, Metatype> all = Metatype.all();
        List<String> unknown = new ArrayList<>();
        for (Page page : pages) {
            Matcher named = PROPERTY.matcher(page.prose() + String.join("\n", page.blocks().stream().map(Page.Block::text).toList()));
            while (named.find()) {
                Metatype metatype = all.get(named.group(1));
                if (metatype == null || metatype.attributes().stream().noneMatch(each -> each.id().equals(named.group(2)))) {
                    unknown.add(page.name() + " names " + named.group());
                }
            }
        }
        assertEquals(List.of(), unknown);
    }

    /** In prose and in tables; the commands of blocks are parsed whole. */
    @Test
    public void everyOptionOfACommandIsThere() throws Exception {
        List<String> unknown = new ArrayList<>();
        for (Page page : pages) {
            for (String code : page.code()) {
                Matcher command = Pattern.compile("(?:runtime/)?adit ([a-z]+)\\b.*").matcher(code);
                if (command.matches()) {
                    for (String option : Pattern.compile("--[a-z][a-z-]*").matcher(code).results().map(each -> each.group()).toList()) {
                        if (!options(command.group(1)).contains(option)) {
                            unknown.add(page.name() + ": " + code + " has " + option);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), unknown);
    }

    @Test
    public void everyCommandOfTheLauncherIsInTheTableOfReadme() throws Exception {
        Object line = parser.invoke(null, (Object) new String[0]);
        Map<?, ?> commands = (Map<?, ?>) line.getClass().getMethod("getSubcommands").invoke(line);
        for (Object command : commands.keySet()) {
            assertTrue("adit " + command, pages.get(0).prose().contains("| `adit " + command));
        }
    }

    /** Of whatever page, run or not. */
    @Test
    public void theLauncherUnderstandsEveryCommand() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Page page : pages) {
            for (Page.Block block : page.blocks()) {
                for (String command : block.language().equals("sh") ? block.commands() : List.<String>of()) {
                    List<String> words = words(command);
                    if (words.contains("adit") || words.contains("runtime/adit")) {
                        try {
                            parse(words.subList(Math.max(words.indexOf("adit"), words.indexOf("runtime/adit")) + 1, words.size()));
                        } catch (InvocationTargetException e) {
                            wrong.add(block + ": " + command + ": " + e.getCause().getMessage());
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** A new block, in whatever page, is run, or it is said here why not. */
    @Test
    public void everyBlockIsAccountedFor() throws Exception {
        List<String> loose = new ArrayList<>();
        for (Page page : pages) {
            for (Page.Block block : page.blocks()) {
                boolean good = PAGES_OF_OTHERS.containsKey(page.name()) || switch (block.language()) {
                    case "text", "output" -> true; // a drawing; what a command said
                    case "gogo" -> page.name().equals("docs/HEALTH.md"); // GogoTest
                    case "sh", "java", "manifest", "zone", "named", "config", "json", "ini" -> DocsCommandsIT.PAGES.contains(page.name());
                    default -> SHOWN.containsKey(block.page() + " " + block.language());
                };
                if (block.language().contains(" ") && page.name().equals("docs/OSGI.md")) {
                    // DropInIT does the blocks by their names
                    good = Files.readString(Path.of("..", PAGES_OF_OTHERS.get(page.name()))).contains("\"" + block.language().split(" ")[1]);
                }
                if (!good) {
                    loose.add(block.toString());
                }
            }
        }
        assertEquals("blocks that nothing runs", List.of(), loose);
        for (Map.Entry<String, String> page : PAGES_OF_OTHERS.entrySet()) {
            String name = Path.of(page.getKey()).getFileName().toString();
            assertTrue(page.getValue() + " reads " + name, Files.readString(Path.of("..", page.getValue())).contains(name));
        }
    }

    @Test
    public void whatIsRunElsewhereIsRunThere() throws Exception {
        for (Elsewhere each : ELSEWHERE) {
            Path source = Path.of("src/test/java/io/adit/itests", each.test().contains("/") ? each.test() : each.test() + ".java");
            assertTrue(each.test() + " has " + each.evidence(), Files.readString(source).contains(each.evidence()));
        }
        List<String> commands = pages.stream().flatMap(page -> page.blocks().stream()).filter(block -> block.language().equals("sh"))
            .flatMap(block -> block.commands().stream()).toList();
        for (Elsewhere each : ELSEWHERE) {
            assertTrue("some page has " + each.pattern(), commands.stream().anyMatch(command -> command.matches(each.pattern())));
        }
    }

    /** As a shell parts them, without what it would put in. */
    static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("(?:[^\\s'\"#]|'[^']*'|\"[^\"]*\"|(?<=\\S)#)+|#.*|[<>|&]+").matcher(command);
        while (word.find() && !word.group().matches("#.*|[<>|&;]+")) {
            words.add(word.group().replaceAll("['\"]", ""));
        }
        return words;
    }

    /** @throws InvocationTargetException with what the launcher would say */
    private static void parse(List<String> arguments) throws Exception {
        Object line = parser.invoke(null, (Object) arguments.toArray(String[]::new));
        line.getClass().getMethod("parseArgs", String[].class).invoke(line, (Object) arguments.toArray(String[]::new));
    }

    private static Set<?> options(String command) throws Exception {
        Object line = parser.invoke(null, (Object) new String[] {command});
        Object sub = ((Map<?, ?>) line.getClass().getMethod("getSubcommands").invoke(line)).get(command);
        assertNotNull("there is a command adit " + command, sub);
        Set<Object> options = new java.util.HashSet<>();
        collect(sub, options);
        return options;
    }

    private static void collect(Object command, Set<Object> options) throws Exception {
        Object spec = command.getClass().getMethod("getCommandSpec").invoke(command);
        options.addAll(((Map<?, ?>) spec.getClass().getMethod("optionsMap").invoke(spec)).keySet());
        for (Object sub : ((Map<?, ?>) command.getClass().getMethod("getSubcommands").invoke(command)).values()) {
            collect(sub, options);
        }
    }
}

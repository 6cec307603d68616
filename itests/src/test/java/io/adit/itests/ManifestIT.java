package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.manifest.Parser;
import org.junit.BeforeClass;
import org.junit.Test;

/** What the design says about which bundle may know what, held against the manifests of the distribution. */
public class ManifestIT {

    /** The arrows of the design: bundle -> bundles of ours whose packages it may import. Every bundle of ours has a row. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
        Map.entry("io.adit.api", Set.of()),
        Map.entry("io.adit.config", Set.of()),
        Map.entry("io.adit.codec.v1", Set.of("io.adit.api")),
        Map.entry("io.adit.codec.v2", Set.of("io.adit.api")),
        Map.entry("io.adit.tunnel", Set.of("io.adit.api")),
        Map.entry("io.adit.acceptor", Set.of("io.adit.api", "io.adit.tunnel")),
        Map.entry("io.adit.connector", Set.of("io.adit.api", "io.adit.tunnel")),
        Map.entry("io.adit.registry", Set.of("io.adit.api")),
        Map.entry("io.adit.port", Set.of("io.adit.lib.jetty-server-internals")),
        Map.entry("io.adit.proxy", Set.of("io.adit.api")),
        Map.entry("io.adit.acme", Set.of("io.adit.api")),
        Map.entry("io.adit.dns", Set.of("io.adit.api")),
        Map.entry("io.adit.mail", Set.of("io.adit.api")),
        Map.entry("io.adit.webhook", Set.of("io.adit.api")),
        Map.entry("io.adit.origin", Set.of("io.adit.api")),
        Map.entry("io.adit.share", Set.of()),
        Map.entry("io.adit.command", Set.of("io.adit.api")),
        Map.entry("io.adit.diag", Set.of("io.adit.api")),
        Map.entry("io.adit.shell", Set.of("io.adit.api")),
        Map.entry("io.adit.events", Set.of("io.adit.api")),
        Map.entry("io.adit.inventory", Set.of("io.adit.api")),
        Map.entry("io.adit.health", Set.of("io.adit.api")),
        Map.entry("io.adit.console", Set.of("io.adit.api")),
        Map.entry("io.adit.metrics", Set.of("io.adit.api")),
        Map.entry("io.adit.accesslog", Set.of("io.adit.api")));

    /** The only ones that know MINA: each has sockets of its own. */
    private static final Set<String> MINA = Set.of("io.adit.tunnel", "io.adit.acceptor", "io.adit.connector", "io.adit.dns");
    /** The only ones that know servlets. */
    private static final Set<String> SERVLETS = Set.of("io.adit.proxy", "io.adit.port", "io.adit.share", "io.adit.command", "io.adit.console", "io.adit.metrics");

    private static Map<String, Attributes> manifests;
    /** Not a bundle of ours that can be replaced, but part of Jetty's server. */
    private static Map<String, Attributes> fragment;

    @BeforeClass
    public static void read() throws IOException {
        manifests = read("io.adit.*.jar");
        fragment = read("jetty-server-internals-*.jar");
    }

    private static Map<String, Attributes> read(String names) throws IOException {
        Map<String, Attributes> found = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Adit.dist().resolve("bundles"), names)) {
            for (Path jar : jars) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    Attributes main = file.getManifest().getMainAttributes();
                    found.put(main.getValue("Bundle-SymbolicName").replaceFirst(";.*", "").trim(), main);
                }
            }
        }
        return found;
    }

    @Test
    public void everyBundleOfOursIsInTheTable() {
        assertEquals(ARROWS.keySet(), manifests.keySet());
    }

    @Test
    public void nobodyUsesHeadersThatBlurTheModules() {
        manifests.forEach((name, manifest) -> {
            for (String header : List.of("DynamicImport-Package", "Require-Bundle", "Fragment-Host", "Bundle-ClassPath")) {
                assertEquals(name + " " + header, null, manifest.getValue(header));
            }
            for (Clause clause : imports(manifest)) {
                assertEquals(name + " imports " + clause.getName() + " optionally", null, clause.getDirective("resolution"));
            }
        });
    }

    @Test
    public void onlyThoseWithSocketsOfTheirOwnKnowMina() {
        assertEquals(MINA, importersOf("org.apache.mina"));
    }

    @Test
    public void onlyTheShellKnowsGogo() {
        assertEquals(Set.of("io.adit.shell"), importersOf("org.apache.felix.service"));
    }

    @Test
    public void onlyTheHttpEndpointsKnowServlets() {
        Set<String> importers = importersOf("jakarta.servlet");
        importers.addAll(importersOf("javax.servlet"));
        assertTrue(importers + " but allowed are " + SERVLETS, SERVLETS.containsAll(importers));
    }

    @Test
    public void theArrowsPointOneWay() {
        Map<String, String> exporters = new HashMap<>();
        Map<String, Attributes> all = new TreeMap<>(manifests);
        all.putAll(fragment);
        all.forEach((name, manifest) -> clauses(manifest, "Export-Package").forEach(each -> exporters.put(each.getName(), name)));
        List<String> wrong = new ArrayList<>();
        manifests.forEach((name, manifest) -> {
            for (Clause clause : imports(manifest)) {
                if (clause.getName().startsWith("io.adit.")) {
                    String exporter = exporters.get(clause.getName());
                    if (exporter == null || !exporter.equals(name) && !ARROWS.getOrDefault(name, Set.of()).contains(exporter)) {
                        wrong.add(name + " -> " + clause.getName() + " of " + exporter);
                    }
                }
            }
        });
        assertEquals(List.of(), wrong);
    }

    @Test
    public void onlyWhatOthersMayUseIsExported() {
        Set<String> exported = new HashSet<>();
        manifests.values().forEach(manifest -> clauses(manifest, "Export-Package").forEach(each -> exported.add(each.getName())));
        assertTrue(exported.toString(), exported.stream().noneMatch(each -> each.contains("internal")));
        assertTrue("every export has a version", manifests.values().stream()
            .flatMap(each -> clauses(each, "Export-Package").stream())
            .allMatch(each -> each.getAttribute("version") != null));
    }

    private static Set<String> importersOf(String prefix) {
        Set<String> importers = new HashSet<>();
        manifests.forEach((name, manifest) -> {
            if (imports(manifest).stream().anyMatch(each -> each.getName().equals(prefix) || each.getName()
                .startsWith(prefix + "."))) {
                importers.add(name);
            }
        });
        return importers;
    }

    private static List<Clause> imports(Attributes manifest) {
        return clauses(manifest, "Import-Package");
    }

    private static List<Clause> clauses(Attributes manifest, String header) {
        String value = manifest.getValue(header);
        return value == null ? List.of() : List.of(Parser.parseHeader(value));
    }

    /**
     * Declarative services makes neither of two components that want each other before the other is there: which of them goes without, for good, is a matter of
     * who is asked for first. A listener of somebody whom it needs as well is registered by hand.
     */
    @Test
    public void noTwoComponentsNeedEachOther() throws IOException {
        Map<String, Set<String>> provided = new TreeMap<>();
        Map<String, Set<String>> wanted = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Adit.dist().resolve("bundles"), "io.adit.*.jar")) {
            for (Path jar : jars) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    for (JarEntry entry : file.stream().filter(each -> each.getName().matches("OSGI-INF/[^/]+\\.xml")).toList()) {
                        String xml = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                        provided.put(entry.getName(), interfaces(xml, "provide"));
                        wanted.put(entry.getName(), interfaces(xml, "reference"));
                    }
                }
            }
        }
        assertTrue(provided.keySet().toString(), provided.containsKey("OSGI-INF/io.adit.registry.RegistryComponent.xml"));
        List<String> cycles = new ArrayList<>();
        for (String one : provided.keySet()) {
            for (String other : provided.keySet()) {
                if (one.compareTo(other) < 0 && meet(wanted.get(one), provided.get(other)) && meet(wanted.get(other), provided.get(one))) {
                    cycles.add(one + " <-> " + other);
                }
            }
        }
        assertEquals(List.of(), cycles);
    }

    private static Set<String> interfaces(String xml, String element) {
        return Pattern.compile("<" + element + "\\s[^>]*interface=\"(io\\.adit\\.[^\"]+)\"").matcher(xml).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static boolean meet(Set<String> some, Set<String> others) {
        return !Collections.disjoint(some, others);
    }
}

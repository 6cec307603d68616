package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import javax.management.ObjectName;

import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * A container of the distribution in this process, and what {@link BundleSwapIT} and {@link SwapPeerIT} do to it: update a bundle as
 * FileInstall does (update, then refresh), and look for what is left of the old one. It uses no class of ours, since an update of
 * io.adit.api would take the test away as well.
 */
final class SwapContainer {

    /** Updates of each bundle in a row. */
    static final int UPDATES = Integer.getInteger("adit.swap.updates", 2);
    /** The same, of bundles beside the traffic. */
    static final int UPDATES_ASIDE = Integer.getInteger("adit.swap.updates", 1);
    /** Visitors at a time. */
    static final int CLIENTS = Integer.getInteger("adit.swap.clients", 6);
    /** WebSockets besides, where they have to stay open. */
    static final int SOCKETS = Math.max(1, CLIENTS / 8);
    /** Bytes of the largest body. */
    static final int LARGEST = Integer.getInteger("adit.swap.bytes", 100_000);

    private static final int ROUNDS = 5;
    /** Between two garbage collections that are asked for: each takes longer than what it waits for. */
    private static final Duration COLLECTION = Duration.ofMillis(250);

    /** Milliseconds: the time that is allowed for what is bounded by a configured time, so that a busy machine is no failure; less where it is said. */
    static final int PATIENCE = Integer.getInteger("adit.swap.patience", 60_000);

    private final BundleContext context;

    SwapContainer(BundleContext context) {
        this.context = context;
    }

    /** @param overrides PID -> key -> value, on top of the feature's */
    static Option[] options(String role, Path home, Map<String, Map<String, Object>> overrides) throws Exception {
        ShippedFeature feature = ShippedFeature.read(Adit.dist(), role);
        for (String each : List.of("conf", "etc", "load", "bundle", "data/tmp", "log")) {
            Files.createDirectories(home.resolve(each));
        }
        Files.copy(Adit.dist().resolve("conf").resolve("logback.xml"), home.resolve("conf").resolve("logback.xml"));
        Files.writeString(home.resolve("conf").resolve("admin.password"), "secret\n");
        Map<String, Map<String, Object>> all = new HashMap<>(overrides);
        all.put("org.apache.felix.http", Map.of("org.osgi.service.http.port", Ports.free()));
        feature.writeConfigurations(home.resolve("etc"), all);
        List<Option> options = new ArrayList<>();
        int level = Integer.parseInt(feature.frameworkProperties().get(Constants.FRAMEWORK_BEGINNING_STARTLEVEL));
        for (Map.Entry<Path, Integer> each : feature.bundles().entrySet()) {
            if (each.getValue() > level) {
                continue; // there for who wants it, and never started: Pax Exam takes that for a failure
            }
            UrlProvisionOption bundle = bundle(each.getKey().toUri().toString()).startLevel(each.getValue());
            try (JarFile jar = new JarFile(each.getKey().toFile())) {
                options.add(jar.getManifest().getMainAttributes().getValue(Constants.FRAGMENT_HOST) != null ? bundle.noStart() : bundle);
            }
        }
        feature.frameworkProperties().forEach((key, value) ->
            options.add(frameworkProperty(key).value(value.replace("${adit.home}", home.toString()))));
        options.addAll(List.of(
            frameworkProperty("adit.home").value(home.toString()),
            frameworkProperty("felix.webconsole.password").value("secret"),
            frameworkStartLevel(level),
            systemProperty("adit.home").value(home.toString()),
            systemProperty("pax.exam.osgi.unresolved.fail").value("true"),
            systemTimeout(Await.DEADLINE.toMillis()),
            cleanCaches(true),
            junitBundles()));
        return options.toArray(Option[]::new);
    }

    /**
     * Visitors before what is there is counted: connections, buffers and threads that are kept are made then.
     *
     * @param secure the HTTPS port, or -1
     */
    static void warmUp(Web web, int secure) throws Exception {
        try (SwapLoad load = SwapLoad.start(web, secure, CLIENTS, LARGEST, SOCKETS)) {
            load.awaitMore();
        }
        try (SwapLoad load = SwapLoad.start(web, secure, CLIENTS, LARGEST, SOCKETS)) {
            for (int i = 0; i < Math.min(UPDATES, ROUNDS); i++) {
                load.awaitMore();
            }
            System.out.println("without an update: " + load); // what the other figures are compared with
        }
    }

    Bundle named(String name) {
        return Arrays.stream(context.getBundles()).filter(each -> name.equals(each.getSymbolicName())).findFirst().orElseThrow();
    }

    /** Names of the bundles of ours that can be updated: no fragments. */
    List<String> ours() {
        return Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName)
            .filter(each -> each.startsWith("io.adit.") && !each.startsWith("io.adit.lib.")).sorted().toList();
    }

    /** As FileInstall does it. @param stopped those that are not expected to run @return the class loader that was replaced */
    WeakReference<ClassLoader> update(String name, String... stopped) throws Exception {
        Bundle bundle = named(name);
        WeakReference<ClassLoader> old = new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
        bundle.update();
        refresh(Set.of(bundle));
        for (String each : ours()) {
            assertEquals(each + " after an update of " + name, List.of(stopped).contains(each) ? Bundle.RESOLVED : Bundle.ACTIVE, named(each).getState());
        }
        return old;
    }

    /** Numbers are asked for, so that all classes that make them are in use. */
    void look() throws Exception {
        Object port = context.getServiceReferences("org.osgi.service.servlet.runtime.HttpServiceRuntime", "(org.apache.felix.http.name=admin)")[0]
            .getProperty("org.osgi.service.http.port");
        Scrape.of("http://127.0.0.1:" + port);
        ManagementFactory.getPlatformMBeanServer().getAttributes(new ObjectName("io.adit:type=Tunnel"), new String[] {"Sessions", "Peers", "Figures"});
    }

    /** @param bundles null for all that were updated or uninstalled */
    void refresh(Set<Bundle> bundles) throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).refreshBundles(bundles, event -> refreshed.countDown());
        if (!refreshed.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("not refreshed: " + bundles);
        }
    }

    /** Nothing holds on to bundles that were replaced. @param loaders by the bundle's name */
    static void awaitCleared(Map<String, List<WeakReference<ClassLoader>>> loaders) throws Exception {
        Set<String> kept = new TreeSet<>();
        try {
            Await.until("the class loaders of " + loaders.keySet() + " are let go", COLLECTION, () -> {
                System.gc();
                kept.clear();
                loaders.forEach((name, each) -> each.stream().filter(loader -> loader.get() != null).forEach(loader -> kept.add(name)));
                return kept.isEmpty();
            });
        } catch (AssertionError e) {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram", new Object[] {new String[0]}, new String[] {String[].class.getName()});
            // not as the cause, which is all that Pax Exam shows
            throw new AssertionError(e.getMessage() + "; what there is of " + kept + ": "
                + histogram.lines().filter(each -> kept.stream().anyMatch(name -> each.contains(" " + name + "."))).map(each -> each.strip().replaceAll(" +", " ")).toList());
        }
    }

    Object service(String type) throws Exception {
        // not by the type: the framework would give this bundle a wire to the one of the type
        ServiceReference<?>[] found = Await.value(type, () -> Optional.ofNullable(context.getAllServiceReferences(null, "(objectClass=" + type + ")")));
        return context.getService(found[0]);
    }

    /** Of the first of these services; 0 while there is none. */
    long serviceId(String filter) throws Exception {
        ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
        return found == null ? 0 : (Long) found[0].getProperty(Constants.SERVICE_ID);
    }

    void awaitService(String filter) throws Exception {
        Await.until(filter, () -> context.getAllServiceReferences(null, filter) != null);
    }

    /** The local ports of the connections that lead to a port of this machine. */
    static Set<Integer> dialled(int port) throws IOException {
        Set<Integer> locals = new TreeSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] words = line.strip().split("\\s+");
                if (words[3].equals("01") && words[2].endsWith(String.format(":%04X", port))) {
                    locals.add(Integer.parseInt(words[1].substring(words[1].lastIndexOf(':') + 1), 16));
                }
            }
        }
        return locals;
    }

    /**
     * What a leak would add to. Threads that were there before do not count: earlier tests in this process may have left some, such as MINA's.
     *
     * @param threads how many, by their names without numbers
     * @param ids of all of them
     */
    record Resources(Map<String, Integer> threads, Set<Long> ids, long files, int beans) {

        /** Of one instance of each bundle; some are made when there is something to do for them. So are those of MINA's TLS filter and of Logback. */
        private static final Map<String, Integer> LAZY = Map.of("adit-registry-timer", 1, "adit-register-#", 2,
            "adit-tunnel-#", Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), "adit-origin-#", 16, "ssl-exec-#", 2, "logback-#", 9,
            "adit-webhook-http", 4);

        /** As many as there was work for: of the HTTP server's pool, of the virtual machine, and of this test. */
        private static final List<String> ELASTIC = List.of("qtp#", "ForkJoinPool.commonPool", "process reaper", "HttpClient-", "swap-", "surefire-", "Attach Listener");

        private static int allowed(Resources before, String name) {
            return Math.max(before.threads.getOrDefault(name, 0), LAZY.getOrDefault(name, 0));
        }

        static Resources now() throws IOException {
            return butFor(Set.of());
        }

        /** @param known ids of threads that do not count */
        private static Resources butFor(Set<Long> known) throws IOException {
            Map<String, Integer> threads = new TreeMap<>();
            Set<Long> ids = new TreeSet<>();
            for (Thread each : Thread.getAllStackTraces().keySet()) {
                String name = each.getName().replaceAll("[0-9a-f]{6,}|\\d+", "#");
                if (ELASTIC.stream().noneMatch(name::startsWith) && !known.contains(each.getId())) {
                    threads.merge(name, 1, Integer::sum);
                    ids.add(each.getId());
                }
            }
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return new Resources(threads, ids, files.count(), ManagementFactory.getPlatformMBeanServer().getMBeanCount());
            }
        }

        /** No thread that was not there before, and no more open files and management beans than then. */
        static void awaitBackTo(Resources before) throws Exception {
            Resources[] last = new Resources[1];
            try {
                Await.until("back to " + before, COLLECTION, () -> {
                    System.gc();
                    last[0] = butFor(before.ids);
                    return last[0].files <= before.files && last[0].beans <= before.beans && last[0].threads.entrySet().stream()
                        .allMatch(each -> each.getValue() <= allowed(before, each.getKey()));
                });
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + ", but " + last[0]);
            }
        }
    }
}

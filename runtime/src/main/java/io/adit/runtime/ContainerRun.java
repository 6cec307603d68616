package io.adit.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One life of a container in this process, from the lock on DIR to the exit code: configure, start, say READY, serve, drain,
 * stop. Everything happens on the calling thread; signals, services and the framework only put events into its queue.
 */
final class ContainerRun {

    /** How long the framework may take to stop after the drain. */
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);
    /** To connect, by which time it is known what is in the way. */
    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(40);
    private static final Duration LOOK = Duration.ofMillis(500);

    private enum Happening { CHANGED, STOP_ASKED, FRAMEWORK_GONE }

    private record Event(Happening what, CommandFailure failure) {
    }

    private final ContainerPlan plan;
    private final ContainerOptions options;
    private final Home home;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    ContainerRun(ContainerPlan plan, ContainerOptions options) {
        this.plan = plan;
        this.options = options;
        this.home = Home.of(options.home());
    }

    /** @return when the container was asked to end and has ended */
    void run() throws CommandFailure {
        Distribution distribution = Distribution.current();
        Feature feature = distribution.feature(plan.role());
        List<Path> made = home.create();
        EtcFolder etc = new EtcFolder(home.etc());
        try (HomeLock lock = HomeLock.take(home)) {
            Map<String, String> properties;
            try {
                properties = prepare(etc, distribution, feature);
            } catch (CommandFailure | IOException e) {
                etc.undo();
                home.remove(made);
                throw e;
            }
            Signals.onTermination(() -> events.add(new Event(Happening.STOP_ASKED, null)));
            if (options.stopOnEndOfInput()) {
                EndOfInput.watch(() -> events.add(new Event(Happening.STOP_ASKED, null)));
            }
            Terminal.redirectTo(home.log().resolve("launcher.log"));
            Container container = Container.start(home, distribution, feature, properties);
            CommandFailure refused = null;
            try {
                container.whenStopped(() -> events.add(new Event(Happening.FRAMEWORK_GONE, null)));
                serve(container, ours(distribution, feature).keySet(), etc);
            } catch (CommandFailure e) {
                refused = e.isRefused() ? e : null;
                throw e;
            } finally {
                Files.deleteIfExists(home.runFile());
                if (!container.stop(STOP_DEADLINE)) {
                    Terminal.complain("the container did not stop within " + STOP_DEADLINE.toSeconds() + " s, ending it");
                }
                if (refused != null) {
                    etc.undo();
                    ConfigurationStore store = new ConfigurationStore(home);
                    store.forgetGone();
                    store.giveFiles(new EtcFolder(home.etc()), refused.getMessage());
                }
            }
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot use " + home.root() + ": " + Failures.oneLine(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.runTime("interrupted", e);
        }
    }

    /** Everything on disk that must be right before the framework looks at it. @return further framework properties */
    private Map<String, String> prepare(EtcFolder etc, Distribution distribution, Feature feature) throws CommandFailure, IOException {
        new ConfigurationStore(home).reconcile(etc);
        etc.saveForGood();
        etc.check();
        plan.configure(etc, feature);
        etc.apply(options.settings());
        plan.checkPorts(etc);
        String password = home.adminPassword();
        ConfigFile console = etc.file("org.apache.felix.webconsole.internal.servlet.OsgiManager");
        if (!ConsolePassword.matches(password, console.text("password"))) {
            console.set("password", ConsolePassword.hash(password));
        }
        etc.save();
        home.provideConf(distribution, "logback.xml");
        new ShippedBundles(home, Terminal::complain).bring(ours(distribution, feature));
        Files.deleteIfExists(home.runFile());
        // logback.xml names its files by this.
        System.setProperty("adit.home", home.root().toString());
        // Until its configuration arrives, and should somebody delete that, the console must not fall back to admin/admin.
        return Map.of("felix.webconsole.password", console.text("password"));
    }

    /** Our bundles in the distribution by their name in DIR/load. */
    private static Map<String, Path> ours(Distribution distribution, Feature feature) {
        Map<String, Path> ours = new TreeMap<>();
        feature.bundles().stream().map(Feature.FeatureBundle::id).filter(ArtifactId::isOurs)
            .forEach(id -> ours.put(id.loadName(), distribution.bundle(id)));
        return ours;
    }

    private void serve(Container container, Set<String> shipped, EtcFolder etc) throws CommandFailure, IOException, InterruptedException {
        Readiness readiness = new Readiness(container.context(), plan.role(), plan.readyKeys(), plan.hasAdminPort());
        readiness.watch(() -> events.add(new Event(Happening.CHANGED, null)),
            failure -> events.add(new Event(Happening.CHANGED, failure)));
        StartWatch start = new StartWatch(readiness, new Diagnosis(container.context()), options.startTimeout(), home);
        SortedMap<String, Map<String, String>> said = new TreeMap<>();
        while (true) {
            boolean ready = !said.isEmpty();
            Event event = ready ? events.take() : events.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (event != null && event.failure() != null) {
                throw event.failure();
            } else if (event != null && event.what() == Happening.FRAMEWORK_GONE) {
                return;
            } else if (event != null && event.what() == Happening.STOP_ASKED) {
                Files.deleteIfExists(home.runFile());
                if (!Drain.run(container.context(), options.drainTimeout())) {
                    Terminal.complain("not everything was done after " + options.drainTimeout().toSeconds() + " s, stopping");
                }
                return;
            } else if (ready) {
                say(readiness, said);
            } else {
                List<String> refused = readiness.refused();
                if (!refused.isEmpty()) {
                    throw CommandFailure.refused(refused.stream().map(line -> etc.withPlace(line, options.settings())).collect(Collectors.joining("; ")));
                }
                say(readiness, said);
                if (said.isEmpty()) {
                    start.look(plan.mayWait(), shipped);
                }
            }
        }
    }

    /** A line for each that serves now and did not before: a peer may have several tunnels, and the first does not wait for the others. */
    private void say(Readiness readiness, SortedMap<String, Map<String, String>> said) throws IOException {
        Map<String, Map<String, String>> news = readiness.addresses(said.keySet());
        if (news.isEmpty()) {
            return;
        } else if (said.isEmpty()) {
            readiness.serving();
            Ports.letGo();
        }
        said.putAll(news);
        RunFile.write(home.runFile(), RunFile.of(said));
        news.values().forEach(addresses -> Terminal.println("READY " + line(addresses)));
    }

    private static String line(Map<String, String> addresses) {
        return addresses.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
    }

    /** Decides, before READY, when waiting any longer is of no use. */
    private static final class StartWatch {

        private final Readiness readiness;
        private final Diagnosis diagnosis;
        private final Duration timeout;
        private final Home home;
        private final long began = System.nanoTime();
        private List<String> failedBefore = List.of();
        private Long gaveUp;
        private boolean told;

        StartWatch(Readiness readiness, Diagnosis diagnosis, Duration timeout, Home home) {
            this.readiness = readiness;
            this.diagnosis = diagnosis;
            this.timeout = timeout;
            this.home = home;
        }

        void look(boolean mayWait, Set<String> shipped) throws CommandFailure {
            // Final only when it is still there at the second look: until then a configuration may be on its way.
            Optional<CommandFailure> failure = readiness.failure(true);
            if (failure.isEmpty()) {
                gaveUp = null;
            } else if (gaveUp == null) {
                gaveUp = System.nanoTime();
            } else if (System.nanoTime() - gaveUp >= LOOK.toNanos()) {
                throw failure.get();
            }
            List<String> failed = diagnosis.failedActivations();
            if (!failed.isEmpty() && failed.equals(failedBefore)) {
                throw CommandFailure.refused(String.join("; ", failed));
            }
            failedBefore = failed;
            if (!told && System.nanoTime() - began > timeout.toNanos()) {
                List<Diagnosis.Finding> findings = diagnosis.findings();
                String late = "not ready after " + timeout.toSeconds() + " s: ";
                if (!mayWait || findings.stream().anyMatch(Diagnosis.Finding::blocks)) {
                    throw CommandFailure.runTime(late + reasons(findings, shipped));
                }
                Optional<String> trouble = diagnosis.trouble();
                if (trouble.isPresent() || System.nanoTime() - began > timeout.plus(LONGEST_ATTEMPT).toNanos()) {
                    told = true;
                    Terminal.complain(late + "no connection yet" + trouble.map(why -> " (" + why + ")").orElse("") + ", trying on");
                }
            }
        }

        private String reasons(List<Diagnosis.Finding> findings, Set<String> shipped) {
            List<String> reasons = new ArrayList<>(findings.stream().map(Diagnosis.Finding::text).toList());
            List<String> removed = shipped.stream().filter(name -> Files.notExists(home.load().resolve(name))).toList();
            if (!removed.isEmpty()) {
                reasons.add("not in " + home.load() + ": " + String.join(", ", removed));
            }
            return reasons.isEmpty() ? "see " + home.log().resolve("adit.log") : String.join("; ", reasons);
        }
    }
}

package io.adit.runtime;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code adit demo}: a proxy and a peer as two child processes, to look at. Ends with Ctrl-C. */
@Command(name = "demo", description = "Runs a proxy and a peer on this machine and prints where to look. Ctrl-C ends both.")
final class DemoCommand implements Callable<Integer> {

    /** Longer than the start timeout of a child, which knows better what went wrong. */
    private static final Duration READY_DEADLINE = Duration.ofSeconds(60);
    /** For the framework of a child to stop after its drain. */
    private static final Duration STOP_ALLOWANCE = Duration.ofSeconds(15);
    private static final int TUNNEL_PORT = 7443;
    private static final int ADMIN_PORT = 8181;
    /** How the demo ends when nothing went wrong. */
    static final String ASKED_TO_STOP = "";

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "demo",
        description = "The name of the peer. Default: ${DEFAULT-VALUE}.")
    private String name;

    @ArgGroup
    private Origin origin;

    @Option(names = "--http-port", paramLabel = "PORT", defaultValue = "8080", converter = Converters.OfPort.class,
        description = "The public HTTP port. Default: ${DEFAULT-VALUE}.")
    private int httpPort;

    @Option(names = "--tunnel-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "Default: 7443, or any free one.")
    private Integer tunnelPort;

    @Option(names = "--admin-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "The web console of the proxy. Default: 8181, or any free one.")
    private Integer adminPort;

    @Option(names = "--home", paramLabel = "DIR",
        description = "Keeps both homes, in DIR/proxy and DIR/peer. Default: a temporary folder, removed at the end.")
    private Path home;

    @Option(names = "--drain-timeout", paramLabel = "SECONDS", defaultValue = "30", converter = Converters.OfSeconds.class,
        description = "How long requests in flight may take at the end. Default: ${DEFAULT-VALUE}.")
    private Duration drainTimeout;

    @Option(names = "--set", paramLabel = "PID:key=value", converter = Converters.OfSetting.class,
        description = "Sets a configuration property of both containers. Repeatable.")
    private final List<Setting> settings = new ArrayList<>();

    @Option(names = "--swap", paramLabel = "COUNT", arity = "0..1", fallbackValue = "0", converter = Converters.OfCount.class,
        description = "Takes the newest codec's bundle away and puts it back, in turns at the proxy and at the peer, while visitors load pages,"
            + " and counts requests, failures and the longest pause. COUNT times, or until Ctrl-C.")
    private Integer swaps;

    @Option(names = "--stop-on-eof", hidden = true, description = "End in order when standard input ends.")
    private boolean stopOnEndOfInput;

    /** Completes when the demo must end: with a line for the user, or with {@link #ASKED_TO_STOP}. */
    private final CompletableFuture<String> end = new CompletableFuture<>();

    @Override
    public Integer call() throws CommandFailure {
        if (swaps != null) {
            DemoLoad.prepare();
        }
        Distribution distribution = Distribution.current();
        Origin shown = origin == null ? Origin.ofFolder(distribution.demoSite()) : origin;
        shown.check();
        Path temporary = null;
        List<ChildContainer> children = new ArrayList<>();
        Signals.onTermination(() -> end.complete(ASKED_TO_STOP));
        try {
            temporary = home == null ? Home.temporary("adit-demo") : null;
            if (stopOnEndOfInput) {
                EndOfInput.watch(() -> end.complete(ASKED_TO_STOP));
            }
            try {
                serve(distribution, shown, home == null ? temporary : home, children);
                if (!end.get().equals(ASKED_TO_STOP)) {
                    throw CommandFailure.runTime(end.get());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("the end is never exceptional", e);
            } finally {
                for (int i = children.size() - 1; i >= 0; i--) {
                    children.get(i).stop(drainTimeout.plus(STOP_ALLOWANCE));
                }
                remove(temporary);
            }
            return 0;
        } catch (IOException e) {
            throw CommandFailure.runTime(Failures.oneLine(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.runTime("interrupted", e);
        }
    }

    /** Returns when all is up and told, or when the end came first. */
    private void serve(Distribution distribution, Origin shown, Path folder, List<ChildContainer> children)
        throws CommandFailure, IOException, InterruptedException {
        Home proxyHome = Home.of(folder.resolve("proxy"));
        Home peerHome = Home.of(folder.resolve("peer"));
        peerHome.create();
        ChildContainer proxy = start(distribution, "proxy", proxyHome, children, List.of(
            "--http-port", Integer.toString(httpPort),
            "--tunnel-port", Integer.toString(tunnelPort == null ? Ports.preferred(TUNNEL_PORT) : tunnelPort),
            "--admin-port", Integer.toString(adminPort == null ? Ports.preferred(ADMIN_PORT) : adminPort)));
        Optional<Map<String, String>> proxyAddresses = proxy.awaitReady(READY_DEADLINE, end);
        if (proxyAddresses.isEmpty()) {
            return;
        }
        List<String> peerArguments = new ArrayList<>(shown.url() == null
            ? List.of("--share", shown.folder().toString()) : List.of("--origin", shown.url()));
        Path invitation = peerHome.data().resolve("invitation");
        if (Files.notExists(peerHome.etc().resolve("io.adit.connector-main.config"))) {
            OwnerFiles.write(invitation, ControlClient.of(proxyHome).invite(name, Map.of()));
            peerArguments.addAll(List.of("--invite", "@" + invitation));
        }
        ChildContainer peer = start(distribution, "peer", peerHome, children, peerArguments);
        Optional<Map<String, String>> peerAddresses = peer.awaitReady(READY_DEADLINE, end);
        Files.deleteIfExists(invitation);
        if (peerAddresses.isPresent()) {
            Terminal.println("READY url=" + peerAddresses.get().get("url"));
            Terminal.println("console " + proxyAddresses.get().get("admin") + "/system/console user=admin password="
                + proxyHome.readAdminPassword());
            Terminal.println("Ctrl-C ends the demo.");
            if (swaps != null) {
                new SwapLoop(proxyHome, peerHome, name, end, SwapLoop.Pace.DEMO).run(URI.create(peerAddresses.get().get("url")), swaps);
            }
        }
    }

    private ChildContainer start(Distribution distribution, String role, Home where, List<ChildContainer> children,
        List<String> arguments) throws CommandFailure {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--drain-timeout", Long.toString(drainTimeout.toSeconds())));
        for (Setting setting : settings) {
            all.addAll(List.of("--set", setting.pid() + ":" + setting.key() + "=" + setting.value()));
        }
        ChildContainer child = ChildContainer.start(distribution, role, where.root(), all);
        children.add(child);
        child.whenEnded(end::complete);
        return child;
    }

    private static void remove(Path folder) throws IOException {
        if (folder != null) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }
}

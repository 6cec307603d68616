package io.adit.runtime;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code demo --swap}: takes the newest codec's bundle out of the load folders and puts it back, in turns at the proxy and at the peer,
 * while visitors load pages. Confined to one thread.
 */
final class SwapLoop {

    /**
     * What it waits for without need, for those who look on.
     *
     * @param warmUp until the visitors have been served for a while, and the JVMs are warm
     * @param between after each swap
     */
    record Pace(Duration warmUp, Duration between) {
        static final Pace DEMO = new Pace(Duration.ofSeconds(3), Duration.ofMillis(500));
    }

    /** How long the session may take to be where it should: FileInstall looks every half second. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Pattern CODEC_BUNDLE = Pattern.compile("io\\.adit\\.codec\\.v(\\d+)\\.jar");

    private final Home proxy;
    private final Home peer;
    private final String name;
    private final CompletableFuture<String> end;
    private final Pace pace;
    private final ControlClient control;
    private final int newest;

    /** @param end completes when the demo ends: no step is begun after that */
    SwapLoop(Home proxy, Home peer, String name, CompletableFuture<String> end, Pace pace) throws IOException, CommandFailure {
        this.proxy = proxy;
        this.control = ControlClient.of(proxy);
        this.peer = peer;
        this.name = name;
        this.end = end;
        this.pace = pace;
        List<Integer> versions = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(peer.load(), "io.adit.codec.*")) {
            for (Path file : files) {
                Matcher bundle = CODEC_BUNDLE.matcher(file.getFileName().toString());
                if (bundle.matches()) {
                    versions.add(Integer.valueOf(bundle.group(1)));
                }
            }
        }
        if (versions.size() < 2) {
            throw CommandFailure.runTime("--swap needs two codec bundles in " + peer.load());
        }
        this.newest = versions.stream().max(Integer::compare).orElseThrow();
    }

    /**
     * Swaps and prints, until the end or that many times, after which it ends the demo.
     *
     * @param swaps 0 for no end
     * @throws CommandFailure when a request failed, or a session did not move
     */
    void run(URI url, int swaps) throws CommandFailure, IOException, InterruptedException {
        try (DemoLoad load = DemoLoad.on(url)) {
            pause(pace.warmUp());
            load.reset();
            for (int swap = 1; !end.isDone() && (swaps == 0 || swap <= swaps); swap++) {
                boolean atProxy = (swap - 1) / 2 % 2 == 0; // out and back there, then out and back at the peer
                swap(swap, atProxy ? proxy : peer, atProxy ? "proxy" : "peer", swap % 2 == 1, load);
                pause(pace.between());
            }
            Terminal.println(load.toString());
            if (load.failures() > 0) {
                throw CommandFailure.runTime("requests failed during the swaps");
            }
            if (swaps > 0) {
                end.complete(DemoCommand.ASKED_TO_STOP);
            }
        } finally {
            for (Home home : List.of(proxy, peer)) {
                if (Files.exists(aside(home))) {
                    Files.move(aside(home), bundle(home), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
    }

    private Path bundle(Home home) {
        return home.load().resolve("io.adit.codec.v" + newest + ".jar");
    }

    private Path aside(Home home) {
        return home.data().resolve(bundle(home).getFileName());
    }

    private void swap(int number, Home where, String role, boolean out, DemoLoad load) throws CommandFailure, IOException, InterruptedException {
        long begun = System.nanoTime();
        Files.move(out ? bundle(where) : aside(where), out ? aside(where) : bundle(where), StandardCopyOption.ATOMIC_MOVE);
        Integer now = codec();
        while (!end.isDone() && (now == null || out == (now == newest))) {
            if (System.nanoTime() - begun > DEADLINE.toNanos()) {
                throw CommandFailure.runTime("the session uses codec " + now + " still, " + DEADLINE.toSeconds() + " s after the swap");
            }
            pause(LOOK);
            now = codec();
        }
        Terminal.println("swap " + number + ": codec v" + newest + (out ? " removed at the " : " is back at the ") + role + ", the session uses v" + now + " after "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + " ms | " + load);
    }

    /** What the proxy sends with; null while it sends nothing. */
    private Integer codec() throws CommandFailure {
        return control.names().stream().filter(row -> row.get(0).equals(name) && row.get(3).startsWith("v")).findFirst()
            .map(row -> Integer.valueOf(row.get(3).substring(1))).orElse(null);
    }

    private void pause(Duration length) throws InterruptedException {
        try {
            end.get(length.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return; // as it should be
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end is never exceptional", e);
        }
    }
}

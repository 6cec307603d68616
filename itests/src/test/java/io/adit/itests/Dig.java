package io.adit.itests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program dig, and what it got from one server. Immutable. */
record Dig(Path folder, String host, String port) {

    /** Each look is a process. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** @param server HOST:PORT */
    static Dig at(Path folder, String server) {
        int colon = server.lastIndexOf(':');
        return new Dig(folder, server.substring(0, colon), server.substring(colon + 1));
    }

    /** All that it prints. */
    String ask(String... question) throws Exception {
        List<String> command = new ArrayList<>(List.of("dig", "@" + host, "-p", port, "+time=5", "+tries=3", "+norecurse"));
        command.addAll(List.of(question));
        Program program = Program.run(folder, Map.of(), command);
        return program.out();
    }

    /** The data of the answers, in the order of the alphabet. */
    List<String> data(String name, String type) throws Exception {
        return ask(name, type, "+short").lines().filter(line -> !line.startsWith(";")).sorted().toList();
    }

    /** NOERROR, NXDOMAIN and the like; "none" without an answer. */
    String status(String... question) throws Exception {
        Matcher status = Pattern.compile("status: ([A-Z]+)").matcher(ask(question));
        return status.find() ? status.group(1) : "none";
    }

    /** Waits until the name leads there, and says how long that was. */
    void awaitData(String what, String name, String type, List<String> expected) throws Exception {
        long start = System.nanoTime();
        Await.until(what + ": " + name + " " + type + " is " + expected, PAUSE, () -> data(name, type).equals(expected));
        System.out.println("dns: " + what + ": " + name + " answers after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    /** Waits until there is no such name, and says how long that was. */
    void awaitGone(String what, String name) throws Exception {
        long start = System.nanoTime();
        Await.until(what + ": there is no " + name, PAUSE, () -> status(name, "A").equals("NXDOMAIN"));
        System.out.println("dns: " + what + ": " + name + " is gone after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}

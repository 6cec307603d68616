package io.adit.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Configurations that no bundle has: a PID was misspelt, and nothing comes of it. At the start the bundles may come after their configurations, so it is for
 * the owner to say when it is time to judge. Thread-safe; guarded by itself.
 */
final class Strangers {

    private final Predicate<String> known;
    /** By PID the PID of the factory, or the same where there is none. */
    private final TreeMap<String, String> seen = new TreeMap<>();
    private final Set<String> told = new HashSet<>();

    /** @param known whether some bundle has configurations of that PID, or of that factory */
    Strangers(Predicate<String> known) {
        this.known = known;
    }

    /** @param factory null for a configuration that is the only one */
    synchronized void saw(String pid, String factory) {
        seen.put(pid, factory == null ? pid : factory);
    }

    synchronized void gone(String pid) {
        seen.remove(pid);
        told.remove(pid);
    }

    /** @return a line for each that no bundle has, and that was not told yet */
    synchronized Collection<String> tell() {
        List<String> lines = new ArrayList<>();
        seen.forEach((pid, factory) -> {
            if (!known.test(factory) && told.add(pid)) {
                lines.add(pid + ": no bundle has such a configuration, and nothing comes of it"
                    + (factory.contains("~") ? "; the name of its file is " + pid.replace('~', '-') + ".config" : ""));
            }
        });
        seen.clear();
        return lines;
    }
}

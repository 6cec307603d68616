package io.adit.runtime;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.apache.felix.utils.properties.TypedProperties;

/**
 * DIR/data/config, where Configuration Admin keeps every configuration, so that one made in the web console outlives a restart.
 * Before a start it is brought together with DIR/etc, which FileInstall would let win always:
 * <ul>
 * <li>a configuration whose file went while no container ran must go too: FileInstall only sees what goes while it watches;
 * <li>one that was changed in the web console after its file goes into the file, unless the file was changed later still.
 * </ul>
 * What was made in the web console has no file, and gets one where the container does not start with it: without a start there is no form to mend it.
 */
final class ConfigurationStore {

    private static final String FILE_OF = "felix.fileinstall.filename";
    private static final String PID = "service.pid";
    private static final String OURS = "io.adit.";
    private static final String FACTORY = "service.factoryPid";

    private final Path store;
    private final Path etc;

    ConfigurationStore(Home home) {
        this.store = home.data().resolve("config");
        this.etc = home.etc();
    }

    /** Deletes from the store what is stale and sets in the folder what the console changed; the caller saves the folder. */
    void reconcile(EtcFolder folder) throws IOException, CommandFailure {
        forgetGone();
        for (Path file : files()) {
            TypedProperties stored = read(file);
            if (stored.get(PID) instanceof String pid) {
                ConfigFile target = folder.file(pid);
                if (target.existed() && target.isOlderThan(Files.getLastModifiedTime(file))) {
                    target.replaceWith(values(stored));
                }
            }
        }
    }

    /**
     * Gives files to those of our configurations that have none, and saves them. One of a factory gets the PID that belongs to its file. For a stopped container.
     *
     * @param refusal names the PIDs of which it is
     */
    void giveFiles(EtcFolder folder, String refusal) throws IOException, CommandFailure {
        List<Path> renamed = new ArrayList<>();
        for (Path file : files()) {
            TypedProperties stored = read(file);
            if (stored.get(PID) instanceof String pid && refusal.contains(pid + ": ") && isOurs(named(pid, stored), stored)) {
                ConfigFile target = folder.file(named(pid, stored));
                if (!target.existed()) {
                    target.replaceWith(values(stored));
                }
                if (!named(pid, stored).equals(pid) && target.isWanted()) {
                    renamed.add(file);
                }
            }
        }
        folder.save();
        for (Path file : renamed) {
            Files.delete(file);
        }
    }

    /** The web console gives a configuration of a factory a PID that no name of a file leads to. */
    private static String named(String pid, TypedProperties stored) {
        return stored.get(FACTORY) instanceof String factory && factory.startsWith(OURS) && pid.startsWith(factory + ".")
            ? factory + "~" + pid.substring(factory.length() + 1) : pid;
    }

    /** Deletes from the store what was in a file that is no more. */
    void forgetGone() throws IOException {
        for (Path file : files()) {
            if (read(file).get(FILE_OF) instanceof String source && isGone(source)) {
                Files.delete(file);
            }
        }
    }

    private List<Path> files() throws IOException {
        if (Files.notExists(store)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(store)) {
            return all.filter(file -> file.getFileName().toString().endsWith(".config")).toList();
        }
    }

    /** Whether it has no file, and FileInstall finds it again by the name of one. */
    private static boolean isOurs(String pid, TypedProperties stored) {
        boolean named = stored.get(FACTORY) instanceof String factory ? pid.startsWith(factory + "~") : !pid.contains("~");
        return pid.startsWith(OURS) && stored.get(FILE_OF) == null && named && !pid.replaceFirst("~.*", "").contains("-") && !pid.contains("/");
    }

    private static TypedProperties read(Path file) throws IOException {
        TypedProperties stored = new TypedProperties(false);
        // Configuration Admin's own keys begin with a colon, which the syntax of properties would take for a separator.
        stored.load(new StringReader(Files.readString(file).replaceAll("(?m)^:.*\\R", "")));
        return stored;
    }

    /** @param source as FileInstall records it: a file URI */
    private boolean isGone(String source) {
        try {
            Path file = Path.of(URI.create(source));
            return !file.getParent().equals(etc) || Files.notExists(file);
        } catch (IllegalArgumentException e) {
            // Not a file URI: nothing that FileInstall made from our folder.
            return false;
        }
    }

    /** Without what Configuration Admin and FileInstall add for themselves. */
    private static Map<String, Object> values(TypedProperties stored) {
        Map<String, Object> values = new TreeMap<>();
        stored.forEach((key, value) -> {
            if (!key.startsWith("service.") && !key.startsWith("_felix_") && !key.equals(FILE_OF)) {
                values.put(key, value);
            }
        });
        return values;
    }
}

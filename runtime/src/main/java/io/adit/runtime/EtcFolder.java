package io.adit.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * DIR/etc: the configurations by PID, for a launcher that adds flags to them before FileInstall reads them; and the files of the home with the secrets that
 * they name. Not thread-safe.
 */
final class EtcFolder {

    private final Path folder;
    private final Map<String, ConfigFile> files = new TreeMap<>();
    private final Map<Path, String> secrets = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();

    /** What a file held before it was saved, and since; null for no file. */
    private record Change(Path file, byte[] before, byte[] after) {
    }

    EtcFolder(Path folder) {
        this.folder = folder;
    }

    /** The file of a PID, {@code factory~name} for an instance; FileInstall parts the two by a hyphen. */
    ConfigFile file(String pid) throws CommandFailure {
        ConfigFile known = files.get(pid);
        if (known == null) {
            String name = pid.replace('~', '-');
            Path cfg = folder.resolve(name + ".cfg");
            known = ConfigFile.read(Files.exists(cfg) ? cfg : folder.resolve(name + ".config"));
            files.put(pid, known);
        }
        return known;
    }

    /**
     * @param line of a value that is refused: PID, key and what is allowed
     * @param given what the command line said, which is in no file that stays
     * @return the line, with the place at which the value can be mended
     */
    String withPlace(String line, List<Setting> given) {
        String pid = line.replaceFirst(": .*", "");
        String name = pid.replace('~', '-');
        if (given.stream().anyMatch(each -> line.startsWith(each.pid() + ": " + each.key() + " "))) {
            return line;
        }
        for (Path file : List.of(folder.resolve(name + ".cfg"), folder.resolve(name + ".config"))) {
            if (Files.exists(file)) {
                boolean made = changes.stream().anyMatch(each -> each.file().equals(file) && each.before() == null);
                return made ? line : line + " (in " + file + ")";
            }
        }
        return line + " (from the web console, now in a file in " + folder + ")";
    }

    /** Reads whatever is ours, since FileInstall will, which says less of what it cannot read. */
    void check() throws CommandFailure {
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(folder, "io.adit.*.{config,cfg}")) {
            for (Path file : ours) {
                ConfigFile.read(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw CommandFailure.runTime("cannot read " + folder + ": " + Failures.oneLine(e), e);
        }
    }

    void setDefaults(String pid, Feature feature) throws CommandFailure {
        file(pid).setDefaults(feature.configurations().getOrDefault(pid, Map.of()));
    }

    void apply(List<Setting> settings) throws CommandFailure {
        for (Setting setting : settings) {
            file(setting.pid()).set(setting.key(), setting.value());
        }
    }

    /** DIR, where relative paths of configurations begin. */
    Path home() {
        return folder.toAbsolutePath().getParent();
    }

    /** Goes to the disk with the configurations, and before them. @param file below DIR */
    void setSecret(Path file, String line) {
        secrets.put(home().resolve(file), line + "\n");
    }

    /** Whether configurations, and that file below DIR, can be written. */
    boolean isWritable(Path file) {
        Path there = home().resolve(file).getParent();
        return Files.isWritable(folder) && Files.isWritable(there);
    }

    /** As {@link #save}, for what stays whatever becomes of the start. */
    void saveForGood() throws CommandFailure {
        save();
        changes.clear();
    }

    void save() throws CommandFailure {
        try {
            for (Map.Entry<Path, String> secret : secrets.entrySet()) {
                byte[] before = content(secret.getKey());
                OwnerFiles.write(secret.getKey(), secret.getValue().getBytes(StandardCharsets.UTF_8));
                changes.add(new Change(secret.getKey(), before, content(secret.getKey())));
            }
            for (ConfigFile file : files.values()) {
                byte[] before = content(file.path());
                file.save();
                changes.add(new Change(file.path(), before, content(file.path())));
            }
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot write to " + home() + ": " + Failures.oneLine(e), e);
        }
    }

    /** What was saved is taken back, but for files that somebody else has changed since. For a stopped container. */
    void undo() throws IOException {
        for (Change change : changes) {
            boolean isOurs = !Arrays.equals(change.before(), change.after()) && Arrays.equals(content(change.file()), change.after());
            if (isOurs && change.before() == null) {
                Files.deleteIfExists(change.file());
            } else if (isOurs) {
                OwnerFiles.write(change.file(), change.before());
            }
        }
        changes.clear();
    }

    private static byte[] content(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : null;
    }
}

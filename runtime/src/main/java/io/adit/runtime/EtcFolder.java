package io.adit.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** DIR/etc: the configurations by PID, for a launcher that adds flags to them before FileInstall reads them. Not thread-safe. */
final class EtcFolder {

    private final Path folder;
    private final Map<String, ConfigFile> files = new TreeMap<>();

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

    void setDefaults(String pid, Feature feature) throws CommandFailure {
        file(pid).setDefaults(feature.configurations().getOrDefault(pid, Map.of()));
    }

    void apply(List<Setting> settings) throws CommandFailure {
        for (Setting setting : settings) {
            file(setting.pid()).set(setting.key(), setting.value());
        }
    }

    void save() throws CommandFailure {
        try {
            for (ConfigFile file : files.values()) {
                file.save();
            }
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot write to " + folder + ": " + Failures.oneLine(e), e);
        }
    }
}

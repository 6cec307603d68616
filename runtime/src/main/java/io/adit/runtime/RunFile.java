package io.adit.runtime;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;

/** DIR/data/run.properties: there while a container serves; tells other commands its process id and where its admin port is. */
record RunFile(long pid, Map<String, String> addresses) {

    private static final String PID = "pid";
    private static final String URL = "url";

    /**
     * What {@link #write} is given: of several tunnels the addresses of the first, and the URL of each.
     *
     * @param byName addresses by what is served, which is empty where that has no name
     */
    static Map<String, String> of(SortedMap<String, Map<String, String>> byName) {
        Map<String, String> all = new HashMap<>(byName.get(byName.firstKey()));
        byName.forEach((name, addresses) -> {
            if (addresses.containsKey(URL)) {
                all.put(URL + "." + name, addresses.get(URL));
            }
        });
        return all;
    }

    /** Where visitors see what that peer shows. */
    Optional<String> url(String name) {
        return Optional.ofNullable(addresses.get(URL + "." + name));
    }

    static void write(Path file, Map<String, String> addresses) throws IOException {
        Properties properties = new Properties();
        properties.putAll(addresses);
        properties.setProperty(PID, Long.toString(ProcessHandle.current().pid()));
        StringWriter text = new StringWriter();
        properties.store(text, "written at READY, deleted at the end");
        OwnerFiles.write(file, text.toString());
    }

    /** Empty when no container runs here: no file, or one of a process that is gone. */
    static Optional<RunFile> read(Path file) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Map<String, String> addresses = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> addresses.put(key, properties.getProperty(key)));
        long pid = Long.parseLong(addresses.getOrDefault(PID, "0"));
        return ProcessHandle.of(pid).isPresent() ? Optional.of(new RunFile(pid, Map.copyOf(addresses))) : Optional.empty();
    }
}

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

/** DIR/data/run.properties: there while a container serves; tells other commands its process id and where its admin port is. */
record RunFile(long pid, Map<String, String> addresses) {

    private static final String PID = "pid";

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

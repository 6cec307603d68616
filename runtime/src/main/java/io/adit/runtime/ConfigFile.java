package io.adit.runtime;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.apache.felix.utils.properties.TypedProperties;

/**
 * One file of DIR/etc, read and written the way FileInstall does it (Felix {@code .config}; an operator's {@code .cfg} is
 * respected), comments and order kept. Nothing reaches the disk before {@link #save}, and nothing at all when no value changed.
 * Not thread-safe.
 */
final class ConfigFile {

    private final Path file;
    private final TypedProperties properties;
    private final boolean existed;
    private boolean changed;
    private boolean deleted;

    private ConfigFile(Path file, TypedProperties properties, boolean existed) {
        this.file = file;
        this.properties = properties;
        this.existed = existed;
    }

    static ConfigFile read(Path file) throws CommandFailure {
        // Without substitution: ${...} is for FileInstall to replace and must come through as it is.
        TypedProperties properties = new TypedProperties(false);
        boolean exists = Files.exists(file);
        if (exists) {
            try {
                String text = Files.readString(file);
                Optional<String> fault = TypedValues.fault(text);
                if (fault.isPresent()) {
                    throw CommandFailure.runTime(file + ": " + fault.get());
                }
                properties.load(new StringReader(text));
                // The file is parsed lazily, value by value: a syntax error must show here and not later.
                properties.forEach((key, value) -> Objects.requireNonNull(value, key));
            } catch (IOException | RuntimeException e) {
                throw CommandFailure.runTime("cannot read " + file + ": " + Failures.oneLine(e), e);
            }
        } else {
            // A new file is of the typed form even if all its values are strings; there is no direct way to say so.
            properties.put("typed", Boolean.TRUE);
            properties.remove("typed");
        }
        return new ConfigFile(file, properties, exists);
    }

    Path path() {
        return file;
    }

    /** True if the file was there when it was read. */
    boolean existed() {
        return existed;
    }

    /** True if the file will be there after {@link #save}. */
    boolean isWanted() {
        return !deleted && (existed || changed);
    }

    Object get(String key) {
        return properties.get(key);
    }

    String text(String key) {
        Object value = properties.get(key);
        return value == null ? "" : value.toString();
    }

    /** Sets a value, whatever it was. A text takes the type that the value has so far. */
    void set(String key, Object value) {
        Object old = properties.get(key);
        Object next = value instanceof String text ? likeTypeOf(old, text) : value;
        deleted = false;
        if (!Objects.deepEquals(old, next)) {
            properties.put(key, next);
            changed = true;
        }
    }

    /** Sets a value in the place of another property, whose comments go with it. */
    void setInstead(String of, String key, Object value) {
        if (properties.get(of) == null) {
            set(key, value);
            return;
        }
        List<String> comments = properties.getComments(of);
        properties.remove(of);
        properties.put(key, comments, value);
        changed = true;
        deleted = false;
    }

    /** Sets what was said; null was not. */
    void setGiven(String key, Object value) {
        if (value != null) {
            set(key, value);
        }
    }

    /** Fills in what is absent. */
    void setDefaults(Map<String, Object> defaults) {
        defaults.forEach((key, value) -> {
            if (properties.get(key) == null) {
                set(key, value);
            }
        });
        // A configuration without any value is one too: its components wait for it.
        changed |= !existed;
    }

    boolean isOlderThan(FileTime time) throws IOException {
        return Files.getLastModifiedTime(file).compareTo(time) < 0;
    }

    /**
     * Takes over all values, and only these; what holds a <code>${...}</code> stays, since it is not a value but where to find
     * it.
     */
    void replaceWith(Map<String, Object> values) {
        for (String key : List.copyOf(properties.keySet())) {
            if (!values.containsKey(key) && !text(key).contains("${")) {
                properties.remove(key);
                changed = true;
            }
        }
        values.forEach((key, value) -> {
            if (!text(key).contains("${")) {
                set(key, value);
            }
        });
    }

    void delete() {
        deleted = true;
    }

    void save() throws IOException {
        if (deleted) {
            Files.deleteIfExists(file);
        } else if (changed) {
            StringWriter text = new StringWriter();
            properties.save(text);
            OwnerFiles.write(file, text.toString());
        }
    }

    private static Object likeTypeOf(Object old, String text) {
        try {
            if (old instanceof Integer) {
                return Integer.valueOf(text);
            } else if (old instanceof Long) {
                return Long.valueOf(text);
            } else if (old instanceof Boolean && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
                return Boolean.valueOf(text);
            } else if (old instanceof String[]) {
                return text.split(",");
            }
        } catch (NumberFormatException e) {
            // Not a number: io.adit.config will say so, with the PID, the key and the range.
            return text;
        }
        return text;
    }
}

package io.adit.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A secret in the first line of a file, for what has no place in a configuration: whoever may look at a container's components, or gets the archive of its
 * inventories, sees all their properties. Errors are one line that names PID, key and file, and nothing of what is in it. Stateless.
 */
public final class SecretFile {

    /** Of the whole file, in bytes; more is none. */
    public static final int MAX_BYTES = 4096;

    private SecretFile() {
    }

    /**
     * A secret that is either in the property KEY, or in the file that KEY.file names.
     *
     * @param value of KEY; may be null or blank
     * @param file of KEY.file; may be null or blank
     * @param home where a relative path begins
     * @return without blanks at its ends; never empty
     * @throws IllegalArgumentException when there are both or neither, or the file cannot be used
     */
    public static String either(String pid, String key, String value, String file, Path home) {
        String inline = value == null ? "" : value.strip();
        String named = file == null ? "" : file.strip();
        if (inline.isEmpty() && named.isEmpty()) {
            throw new IllegalArgumentException(pid + ": " + key + " or " + key + ".file must be set");
        } else if (!inline.isEmpty() && !named.isEmpty()) {
            throw new IllegalArgumentException(pid + ": " + key + " and " + key + ".file are both set");
        }
        return named.isEmpty() ? inline : read(pid, key + ".file", home.resolve(named)).strip();
    }

    /**
     * The first line, as it is; never blank.
     *
     * @param key of the property that names the file
     * @throws IllegalArgumentException when there is none
     */
    public static String read(String pid, String key, Path file) {
        // its size alone would not tell: not that of a device
        byte[] bytes = new byte[MAX_BYTES + 1];
        int length;
        try (InputStream in = Files.newInputStream(file)) {
            length = in.readNBytes(bytes, 0, bytes.length);
        } catch (NoSuchFileException e) {
            throw bad(pid, key, file, "there is no such file");
        } catch (AccessDeniedException e) {
            throw bad(pid, key, file, "it may not be read");
        } catch (IOException e) {
            throw bad(pid, key, file, "it cannot be read, " + e.getMessage());
        }
        if (length > MAX_BYTES) {
            throw bad(pid, key, file, "it has more than " + MAX_BYTES + " bytes");
        }
        String line = new String(bytes, 0, length, StandardCharsets.UTF_8).split("\\R", 2)[0];
        if (line.isBlank()) {
            throw bad(pid, key, file, "its first line is empty");
        }
        return line;
    }

    /** @param reason without anything of its content */
    public static IllegalArgumentException bad(String pid, String key, Path file, String reason) {
        return new IllegalArgumentException((pid + ": " + key + ": " + file + ": " + reason).replaceAll("\\p{Cntrl}", "?"));
    }
}

package io.adit.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a configuration's file has for a flag: FileInstall makes {@code false} of whatever is not "true", {@code B"yes"} too, and what was meant is only in
 * the text.
 */
final class WrittenFlag {

    private static final Pattern CONTINUED = Pattern.compile("\\\\\\R[ \\t]*");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"");

    private WrittenFlag() {
    }

    /**
     * @param source as FileInstall records it, a file URI
     * @return what is neither true nor false there; empty where there is no such thing
     */
    static Optional<String> neither(String source, String key) throws IOException {
        if (!source.startsWith("file:")) {
            return Optional.empty();
        }
        try {
            return neitherIn(Files.readString(Path.of(URI.create(source))), key);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // FileInstall is about to see it, and the configuration goes too
        } catch (IllegalArgumentException e) {
            throw new IOException(source + ": " + e.getMessage(), e);
        }
    }

    static Optional<String> neitherIn(String text, String key) {
        // the last one counts
        Matcher entry = Pattern.compile("(?m)^[ \\t\\f]*" + Pattern.quote(key) + "[ \\t]*+[=:][ \\t]*+[Bb][ \\t]*+([\\[(\"].*)$").matcher(CONTINUED.matcher(text).replaceAll(""));
        Optional<String> found = Optional.empty();
        while (entry.find()) {
            found = QUOTED.matcher(entry.group(1)).results().map(each -> each.group(1))
                .filter(each -> !each.contains("${") && !each.equalsIgnoreCase("true") && !each.equalsIgnoreCase("false")).findFirst();
        }
        return found;
    }
}

package io.adit.share;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * A checked, immutable configuration.
 *
 * @param folder the shared folder, absolute; it may be a symbolic link
 * @param prefix the decoded segments of the URL path under which the folder appears; empty for {@code /}
 * @param title heading of the top directory page
 * @param index name of the index file; empty for none
 * @param listing whether directory pages are shown
 * @param hidden whether dot files are served
 * @param cacheSeconds freshness that files are given; 0: revalidate always
 * @param entriesMax entries in a directory page
 * @param previewBytes largest picture that is previewed
 * @param rangesMax ranges in a request
 * @param bufferBytes memory of a transfer
 * @param transfersMax transfers at the same time
 */
record ShareOptions(Path folder, List<String> prefix, String title, String index, boolean listing, boolean hidden,
    int cacheSeconds,
    int entriesMax, long previewBytes, int rangesMax, int bufferBytes, int transfersMax) {

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming PID, key and what is allowed
     */
    static ShareOptions of(ShareConfig config) {
        Path folder = folder(config.folder());
        String title = config.title().isBlank() ? nameOf(folder) : config.title().strip();
        return new ShareOptions(folder, prefix(config.path()), title, index(config.index()), config.listing(), config.hidden(),
            (int) within("cache.seconds", config.cache_seconds(), 0, 31_536_000),
            (int) within("entries.max", config.entries_max(), 1, 10_000),
            within("preview.bytes", config.preview_bytes(), 0, 1_073_741_824),
            (int) within("ranges.max", config.ranges_max(), 1, 100),
            (int) within("buffer.bytes", config.buffer_bytes(), 4_096, 1_048_576),
            (int) within("transfers.max", config.transfers_max(), 1, 100_000));
    }

    static IllegalArgumentException bad(String key, Object value, String allowed) {
        return new IllegalArgumentException(ShareComponent.PID + ": " + key + " must be " + allowed + ", not '" + value.toString().replaceAll("\\p{Cntrl}", "?") + "'");
    }

    private static long within(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw bad(key, value, "in " + min + ".." + max);
        }
        return value;
    }

    private static Path folder(String text) {
        try {
            if (!text.isBlank()) {
                Path folder = Path.of(text).toAbsolutePath().normalize();
                if (Files.isDirectory(folder)) {
                    return folder;
                }
            }
        } catch (InvalidPathException e) {
            throw bad("folder", text, "a folder that exists (" + e.getReason() + ")");
        }
        throw bad("folder", text, "a folder that exists");
    }

    private static String nameOf(Path folder) {
        return folder.getFileName() == null ? folder.toString() : folder.getFileName().toString();
    }

    private static List<String> prefix(String path) {
        String allowed = "an absolute URL path without '*', empty or dot segments";
        if (!path.startsWith("/") || path.contains("*")) {
            throw bad("path", path, allowed);
        }
        if (path.equals("/")) {
            return List.of();
        }
        List<String> segments = List.of(path.substring(1, path.endsWith("/") ? path.length() - 1 : path.length()).split("/", -1));
        if (segments.contains("") || segments.contains(".") || segments.contains("..")) {
            throw bad("path", path, allowed);
        }
        return segments;
    }

    private static String index(String name) {
        String stripped = name.strip();
        if (stripped.contains("/") || stripped.equals(".") || stripped.equals("..")) {
            throw bad("index", name, "a file name, or empty");
        }
        return stripped;
    }
}

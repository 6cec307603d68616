package io.adit.share;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content types by file extension: an own table first, because what the platform knows differs from machine to machine and
 * browsers insist on some (a module script, wasm) when they are told not to sniff.
 */
final class ContentTypes {

    private static final Logger LOG = LoggerFactory.getLogger(ContentTypes.class);

    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> TABLE = load();

    private ContentTypes() { }

    /** The value of Content-Type for a file; text has a charset. */
    static String of(Path file) {
        String name = file.getFileName().toString();
        String type = TABLE.containsKey(extension(name)) ? byName(name) : probe(file);
        return type.startsWith("text/") ? type + "; charset=utf-8" : type;
    }

    /** The type that the table has for a name, without a charset; the general type when it has none. */
    static String byName(String name) {
        return TABLE.getOrDefault(extension(name), UNKNOWN);
    }

    /** The part of a name after its last dot, in lower case; empty when there is none. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static String probe(Path file) {
        try {
            String type = Files.probeContentType(file);
            if (type != null && type.matches("[\\w!#$&^.+-]+/[\\w!#$&^.+-]+")) {
                return type;
            }
        } catch (IOException e) {
            LOG.debug("The platform cannot tell the type of {}", file, e);
        }
        return UNKNOWN;
    }

    private static Map<String, String> load() {
        Properties table = new Properties();
        try (InputStream in = ContentTypes.class.getResourceAsStream("types.properties")) {
            table.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table.stringPropertyNames().stream().collect(Collectors.toUnmodifiableMap(name -> name, table::getProperty));
    }
}

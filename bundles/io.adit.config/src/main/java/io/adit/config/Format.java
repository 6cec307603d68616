package io.adit.config;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;

/**
 * Which texts a property may have, as the annotation of the same name says it in the Metatype (bundles/format). Immutable.
 *
 * @param pattern that the whole text matches
 * @param is what is allowed, to go on after "must be"
 * @param kind what is looked at besides
 */
record Format(String pattern, String is, Kind kind) {

    /** As the annotation has them. */
    enum Kind { TEXT, PATH, FILTER, HOST }

    /** Characters; far more than any sensible value has, and few enough for a pattern that looks at each some times. */
    static final int MOST = 16_384;

    /** Bytes of a name in a path: 255 is what file systems take, and some programs add an ending. */
    private static final int MOST_NAME = 200;
    private static final int MOST_PATH = 1000;
    /** Brackets within brackets: the framework's parser goes as deep into its stack, and so does each match. */
    private static final int MOST_NESTED = 100;
    /** With a letter that is not of ASCII, and nothing that ends a host name in a URL, an address or a list; and no local part of an address. */
    private static final Pattern INTERNATIONAL = Pattern.compile(
        "(?<![^\\x00-\\x20,/:@])[\\x21-\\x2b\\x2d-\\x2e\\x30-\\x39\\x3b-\\x3f\\x41-\\x7e]*+[^\\x00-\\x7f][^\\x00-\\x20,/:@]*+(?!@)");

    /** @return empty where there is none */
    static Optional<Format> of(Map<String, String> attributes) {
        String pattern = attributes.get("pattern");
        return pattern == null ? Optional.empty() : Optional.of(new Format(pattern, attributes.get("is"), Kind.valueOf(attributes.getOrDefault("kind", "TEXT"))));
    }

    boolean takes(String text) {
        try {
            return text.length() <= MOST && Pattern.compile(pattern).matcher(kind == Kind.HOST ? ascii(text) : text).matches()
                && (kind != Kind.PATH || isPath(text)) && (kind != Kind.FILTER || isFilter(text));
        } catch (IllegalArgumentException | InvalidSyntaxException e) {
            return false;
        }
    }

    /** @throws IllegalArgumentException for what is no host name */
    private static String ascii(String text) {
        return INTERNATIONAL.matcher(text).replaceAll(host -> Matcher.quoteReplacement(IDN.toASCII(host.group(), IDN.USE_STD3_ASCII_RULES)));
    }

    /** @throws InvalidSyntaxException for what is none */
    private static boolean isFilter(String text) throws InvalidSyntaxException {
        int nested = 0;
        for (int i = 0; i < text.length() && nested <= MOST_NESTED; i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '(' -> nested++;
                case ')' -> nested--;
                default -> { }
            }
        }
        return nested <= MOST_NESTED && FrameworkUtil.createFilter(text) != null;
    }

    /** @throws InvalidPathException which is an IllegalArgumentException: for what this machine's file names cannot have */
    private static boolean isPath(String text) {
        Path path = Path.of(text.strip());
        for (Path name : path) {
            if (name.toString().getBytes(StandardCharsets.UTF_8).length > MOST_NAME) {
                return false;
            }
        }
        return text.length() <= MOST_PATH;
    }
}

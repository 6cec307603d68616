package io.adit.share;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request's path as decoded segments. The raw path is split first and decoded once after that, so an encoded slash can never
 * become a separator and a double encoding stays what it is. A container's own idea of the path ({@code getPathInfo}) is not
 * asked.
 *
 * @param segments decoded names, none of them empty
 * @param directory whether the path ends with a slash
 */
record UrlPath(List<String> segments, boolean directory) {

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /**
     * Decodes a raw path.
     *
     * @param raw the path of the request target as sent, without the query
     * @return empty when some segment is empty (two slashes in a row): a path of which no file can have
     * @throws IllegalArgumentException when the path is not a percent-encoded UTF-8 path, which is the sender's fault: 400
     */
    static Optional<UrlPath> parse(String raw) {
        if (!raw.startsWith("/")) {
            throw new IllegalArgumentException("not an absolute path");
        }
        List<String> segments = new ArrayList<>();
        int start = 1;
        for (int slash = raw.indexOf('/', start); slash >= 0; slash = raw.indexOf('/', start)) {
            segments.add(decode(raw.substring(start, slash)));
            start = slash + 1;
        }
        boolean directory = start == raw.length();
        if (!directory) {
            segments.add(decode(raw.substring(start)));
        }
        return segments.contains("") ? Optional.empty() : Optional.of(new UrlPath(List.copyOf(segments), directory));
    }

    /** The path below a prefix; empty when it is not below it. */
    Optional<UrlPath> below(List<String> prefix) {
        int size = prefix.size();
        return segments.size() >= size && segments.subList(0, size).equals(prefix)
            ? Optional.of(new UrlPath(segments.subList(size, segments.size()), directory)) : Optional.empty();
    }

    /** The path of a child. */
    UrlPath child(String name) {
        List<String> longer = new ArrayList<>(segments);
        longer.add(name);
        return new UrlPath(List.copyOf(longer), false);
    }

    /**
     * A name as a URL segment: all but RFC 3986's unreserved characters is percent-encoded, so it needs no HTML escaping either.
     */
    static String encode(String name) {
        StringBuilder text = new StringBuilder(name.length() + 16);
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) {
                text.append((char) octet);
            } else {
                text.append('%').append(hex(octet >> 4)).append(hex(octet));
            }
        }
        return text.toString();
    }

    private static String decode(String segment) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                if (i + 2 >= segment.length()) {
                    throw new IllegalArgumentException("incomplete percent-encoding");
                }
                octets.write(nibble(segment.charAt(i + 1)) << 4 | nibble(segment.charAt(i + 2)));
                i += 2;
            } else if (c <= ' ' || c >= 0x7f || c == '?' || c == '#') {
                // Outside ASCII too: what a container made of raw octets is not worth a guess.
                throw new IllegalArgumentException("a character that must be percent-encoded");
            } else {
                octets.write(c);
            }
        }
        String name = utf8(octets.toByteArray());
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL");
        }
        return name;
    }

    private static String utf8(byte[] octets) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    private static int nibble(char c) {
        // Character.digit would take digits of other scripts as well.
        int value = c < 0x80 ? Character.digit(c, 16) : -1;
        if (value < 0) {
            throw new IllegalArgumentException("not a hexadecimal digit");
        }
        return value;
    }

    private static char hex(int value) {
        return "0123456789ABCDEF".charAt(value & 15);
    }
}

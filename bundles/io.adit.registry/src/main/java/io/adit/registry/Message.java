package io.adit.registry;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of a link between registration server and proxy (PROTOCOL R2): a verb, and names with values, form-encoded. Confined to one thread while
 * it is made, then not changed.
 */
final class Message {

    /** Bytes of a line, without its end. */
    static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_VALUES = 1024;

    private final String verb;
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** A line that is none; the message says why. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    Message(String verb) {
        this.verb = verb;
    }

    Message with(String name, Object value) {
        values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(String.valueOf(value));
        return this;
    }

    static Message parse(String line) throws MalformedException {
        int space = line.indexOf(' ');
        String verb = space < 0 ? line : line.substring(0, space);
        if (!verb.matches("[a-z]{1,16}")) {
            throw new MalformedException("a line without a verb");
        }
        Message message = new Message(verb);
        String[] pairs = space < 0 ? new String[0] : line.substring(space + 1).split("&");
        if (pairs.length > MAX_VALUES) {
            throw new MalformedException(verb + ": more than " + MAX_VALUES + " values");
        }
        try {
            for (String pair : pairs) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new MalformedException(verb + ": a value without a name");
                }
                message.with(URLDecoder.decode(pair.substring(0, equals), StandardCharsets.ISO_8859_1),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.ISO_8859_1));
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedException(verb + ": bad percent-encoding");
        }
        return message;
    }

    /** Without the line's end. */
    String line() {
        StringBuilder line = new StringBuilder(verb);
        char separator = ' ';
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            for (String value : entry.getValue()) {
                line.append(separator).append(URLEncoder.encode(entry.getKey(), StandardCharsets.ISO_8859_1)).append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.ISO_8859_1));
                separator = '&';
            }
        }
        return line.toString();
    }

    String verb() {
        return verb;
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The value that must be there. */
    String text(String name) throws MalformedException {
        List<String> all = all(name);
        if (all.size() != 1) {
            throw new MalformedException(verb + ": " + (all.isEmpty() ? "no " : "more than one ") + name);
        }
        return all.get(0);
    }

    /** The number that must be there, in that range. */
    long number(String name, long least, long most) throws MalformedException {
        return number(name, text(name), least, most);
    }

    /** The number, in that range, or another where there is none. */
    long number(String name, long without, long least, long most) throws MalformedException {
        return all(name).isEmpty() ? without : number(name, least, most);
    }

    /** One of several values of a name as a number, in that range. */
    long number(String name, String value, long least, long most) throws MalformedException {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new MalformedException(verb + ": " + name + " is no number");
        }
        throw new MalformedException(verb + ": " + name + " is not in " + least + ".." + most);
    }

    @Override
    public String toString() {
        return line();
    }
}

package io.adit.runtime;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values with a type in the text of a configuration file. Whoever reads the file makes {@code false} of every flag that is not "true", {@code B"yes"} too,
 * and says of a number that is none neither the key nor what is allowed; so the text is looked at before.
 */
final class TypedValues {

    private static final Pattern CONTINUED = Pattern.compile("\\\\\\R[ \\t]*");
    /** Key, type and the value, or several in brackets. */
    private static final Pattern ENTRY = Pattern.compile("(?m)^[ \\t\\f]*([^\\s#!=:\"]++)[ \\t]*+[=:][ \\t]*+([BILSXbilsx])[ \\t]*+([\\[(\"].*)$");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"");
    private static final int MOST_SHOWN = 100;

    private TypedValues() {
    }

    /** @return which value cannot be, and what is allowed, as a line goes on after the file's name; empty where all can */
    static Optional<String> fault(String text) {
        Matcher entry = ENTRY.matcher(CONTINUED.matcher(text).replaceAll(""));
        while (entry.find()) {
            Matcher value = QUOTED.matcher(entry.group(3));
            while (value.find()) {
                String given = value.group(1);
                String allowed = given.contains("${") ? "" : allowed(Character.toUpperCase(entry.group(2).charAt(0)), given);
                if (!allowed.isEmpty()) {
                    String shown = given.length() > MOST_SHOWN ? given.substring(0, MOST_SHOWN) + "..." : given;
                    return Optional.of(entry.group(1) + " must be " + allowed + ", not '" + shown.replaceAll("\\p{Cntrl}", "?") + "'");
                }
            }
        }
        return Optional.empty();
    }

    /** @return empty if it is allowed */
    private static String allowed(char type, String given) {
        return switch (type) {
            case 'B' -> given.equalsIgnoreCase("true") || given.equalsIgnoreCase("false") ? "" : "true or false";
            case 'I' -> number(given, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case 'L' -> number(given, Long.MIN_VALUE, Long.MAX_VALUE);
            case 'S' -> number(given, Short.MIN_VALUE, Short.MAX_VALUE);
            default -> number(given, Byte.MIN_VALUE, Byte.MAX_VALUE);
        };
    }

    private static String number(String given, long least, long most) {
        try {
            long number = Long.parseLong(given);
            return number >= least && number <= most ? "" : "in " + least + ".." + most;
        } catch (NumberFormatException e) {
            return "a whole number in " + least + ".." + most;
        }
    }
}

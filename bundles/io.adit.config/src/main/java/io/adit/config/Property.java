package io.adit.config;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the Metatype says of one property. Immutable.
 *
 * @param type as Metatype names it
 * @param several whether it is a list; an empty element of one is nothing
 * @param standard the default; empty where there is none
 * @param required whether there has to be a value, where there is no default
 * @param options the only values that there are; empty where there are others
 * @param format of the texts; empty where any will do
 */
record Property(String id, String type, boolean several, Optional<BigDecimal> least, Optional<BigDecimal> most, Optional<String> standard, boolean required, List<String> options,
        Optional<Format> format) {

    private static final int MOST_SHOWN = 200;
    private static final Pattern LOGIN = Pattern.compile("//.*@");
    private static final Pattern PASSWORD = Pattern.compile("(?i)(password|secret|token)=[^&\\s]*");

    boolean isSecret() {
        return type.equals("Password");
    }

    /** Whether a component cannot be without a value, since there is no default, or one that is only there for the form. */
    boolean isWanted() {
        return required && standard.filter(this::takes).isEmpty();
    }

    /** What is allowed, to go on after "must be", if that value, or one of several, is not. */
    Optional<String> refuses(Object value) {
        List<?> elements = elements(value);
        if (several) {
            elements = elements.stream().flatMap(this::numbers).filter(each -> !String.valueOf(each).isBlank()).toList();
        }
        // of an empty array a component would get 0, or null
        boolean good = elements.isEmpty() ? several && !isWanted() : elements.stream().allMatch(this::takes);
        return good ? Optional.empty() : Optional.of(allowed());
    }

    /** The same without blanks at its ends, where those mean nothing: it is a number, a switch or a choice. Declarative Services wants it so. */
    Object bare(Object value) {
        return value instanceof String text && (isNumber() || type.equals("Boolean") || !options.isEmpty()) ? text.strip() : value;
    }

    private static List<?> elements(Object value) {
        if (value.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(value)).mapToObj(i -> Array.get(value, i)).toList();
        }
        return value instanceof Collection<?> several ? List.copyOf(several) : List.of(value);
    }

    /** In one text there may be several numbers, with commas between; of texts the format says whether there may be. */
    private Stream<?> numbers(Object element) {
        return isNumber() && element instanceof String text ? Arrays.stream(text.split(",")).map(String::strip) : Stream.of(element);
    }

    private boolean isNumber() {
        return type.equals("Integer") || type.equals("Long");
    }

    private boolean takes(Object value) {
        String text = String.valueOf(value);
        return switch (type) {
            case "Integer", "Long" -> (value instanceof Number || text.matches("[+-]?[0-9]+")) && isInRange(text);
            // declarative services takes whatever is not "true" for false
            case "Boolean" -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            default -> (options.isEmpty() || options.contains(text)) && format.stream().allMatch(each -> each.takes(text));
        };
    }

    private boolean isInRange(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            return number.stripTrailingZeros().scale() <= 0 && least.stream().allMatch(each -> number.compareTo(each) >= 0)
                && most.stream().allMatch(each -> number.compareTo(each) <= 0);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** A value, or several, as a line of a log may have it: bounded, and without what is a password, or may be one in a URL. */
    String shown(Object value) {
        if (isSecret()) {
            return "what it is";
        }
        String text = String.valueOf(value.getClass().isArray() ? elements(value) : value).replaceAll("[\\p{Cc}\\u2028\\u2029]", "?");
        String plain = PASSWORD.matcher(LOGIN.matcher(text).replaceAll("//***@")).replaceAll("$1=***");
        return "'" + (plain.length() > MOST_SHOWN ? plain.substring(0, MOST_SHOWN) + "..." : plain) + "'";
    }

    /** To go on after "must be". */
    String allowed() {
        return switch (type) {
            case "Integer", "Long" -> least.isPresent() && most.isPresent() ? "in " + least.get() + ".." + most.get() : "a whole number";
            case "Boolean" -> "true or false";
            default -> format.map(Format::is).orElseGet(() -> options.isEmpty() ? "there" : "one of " + String.join(", ", options));
        };
    }
}

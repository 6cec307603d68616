package io.adit.config;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the Metatype says of one property. Immutable.
 *
 * @param type as Metatype names it
 * @param standard the default; empty where there is none
 * @param options the only values that there are; empty where there are others
 */
record Property(String id, String type, Optional<BigDecimal> least, Optional<BigDecimal> most, Optional<String> standard, List<String> options) {

    boolean isSecret() {
        return type.equals("Password");
    }

    /** What is allowed, to go on after "must be", if that value, or one of several, is not. */
    Optional<String> refuses(Object value) {
        boolean good = true;
        if (value instanceof Collection<?> several) {
            good = several.stream().allMatch(this::takes);
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                good &= takes(Array.get(value, i));
            }
        } else {
            good = takes(value);
        }
        return good ? Optional.empty() : Optional.of(allowed());
    }

    private boolean takes(Object value) {
        String text = String.valueOf(value);
        return switch (type) {
            case "Integer", "Long" -> (value instanceof Number || text.matches("[+-]?[0-9]+")) && isInRange(text);
            // declarative services takes whatever is not "true" for false
            case "Boolean" -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            default -> options.isEmpty() || options.contains(text);
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

    private String allowed() {
        return switch (type) {
            case "Integer", "Long" -> least.isPresent() && most.isPresent() ? "in " + least.get() + ".." + most.get() : "a whole number";
            case "Boolean" -> "true or false";
            default -> "one of " + String.join(", ", options);
        };
    }
}

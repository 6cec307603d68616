package io.adit.api;

/**
 * What a configuration may hold, said the same way by all bundles: one line that names PID, key, what is allowed and what was given.
 *
 * <p>Stateless.
 */
public final class Checks {

    private Checks() {
    }

    /**
     * @return the value
     * @throws IllegalArgumentException when it is not in the range, whose ends are allowed
     */
    public static long within(String pid, String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw bad(pid, key, value, "in " + least + ".." + most);
        }
        return value;
    }

    /** The same for a value that fits an {@code int}. */
    public static int within(String pid, String key, int value, int least, int most) {
        return (int) within(pid, key, (long) value, least, most);
    }

    /** @param allowed goes on after "must be" */
    public static IllegalArgumentException bad(String pid, String key, Object value, String allowed) {
        return new IllegalArgumentException(pid + ": " + key + " must be " + allowed + ", not '" + printable(value) + "'");
    }

    /** One line, whatever the value was. */
    private static String printable(Object value) {
        return String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
    }
}

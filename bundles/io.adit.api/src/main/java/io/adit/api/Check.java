package io.adit.api;

import java.util.Locale;
import java.util.Objects;

/**
 * One thing that was looked at, for operators. Thread-safety: immutable.
 *
 * @param name what it is, a word or two
 * @param text what was found, one line
 * @param advice what to do about it, one line; empty where there is nothing to do
 * @param millis how long it took; negative where that makes no sense
 */
public record Check(String name, State state, String text, String advice, double millis) {

    /** How it is. */
    public enum State {
        /** As it should be. */
        OK,
        /** It works, and yet somebody should look. */
        WARN,
        /** It does not work now, and is expected to, without anybody doing something. */
        WAIT,
        /** It does not work. */
        FAIL,
        /** It was not looked at: it makes no sense here, or what it needs is missing. */
        SKIPPED
    }

    public Check {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(advice, "advice");
    }

    /** One line: state, name, what was found, how long it took, what to do. */
    @Override
    public String toString() {
        return state + " " + name + ": " + text + (millis < 0 ? "" : String.format(Locale.ROOT, " (%.1f ms)", millis)) + (advice.isEmpty() ? "" : ". " + advice);
    }
}

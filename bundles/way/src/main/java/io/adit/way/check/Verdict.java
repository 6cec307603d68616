package io.adit.way.check;

import java.util.List;

import io.adit.api.Check;
import io.adit.api.Check.State;

/** What checks come to, in words. Stateless. */
public final class Verdict {

    private Verdict() {
    }

    /** The first that failed says it, since the others may follow from it; else the first that somebody should look at. */
    public static String of(List<Check> checks) {
        return first(checks, State.FAIL).or(() -> first(checks, State.WAIT)).map(check -> "It does not work: " + say(check))
                .or(() -> first(checks, State.WARN).map(check -> "Nothing failed, but: " + say(check))).orElse("All is well.");
    }

    private static java.util.Optional<Check> first(List<Check> checks, State state) {
        return checks.stream().filter(check -> check.state() == state).findFirst();
    }

    private static String say(Check check) {
        return check.name() + ": " + check.text() + "." + (check.advice().isEmpty() ? "" : " " + check.advice());
    }
}

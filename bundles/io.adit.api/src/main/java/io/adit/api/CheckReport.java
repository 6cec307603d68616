package io.adit.api;

import java.util.List;
import java.util.Objects;

/**
 * What was looked at, in order, and what that comes to. Thread-safety: immutable.
 *
 * @param subject whose it is: a name, or what the container is
 * @param verdict the sum of it in words, for people
 */
public record CheckReport(String subject, String verdict, List<Check> checks) {

    public CheckReport {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(verdict, "verdict");
        checks = List.copyOf(checks);
    }

    /** Whether all works. */
    public boolean ok() {
        return checks.stream().noneMatch(check -> check.state() == Check.State.FAIL || check.state() == Check.State.WAIT);
    }
}

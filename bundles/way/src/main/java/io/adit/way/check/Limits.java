package io.adit.way.check;

/**
 * How long and how much a check may take.
 *
 * @param stepMillis for each step
 * @param speedBytes most that are sent to measure the throughput
 * @param speedMillis longest that the throughput is measured
 */
public record Limits(int stepMillis, int speedBytes, int speedMillis) {

    /** What a person waits for. */
    public static final Limits DEFAULT = new Limits(5000, 4 << 20, 5000);
}

package io.adit.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Numbers of a bundle, for whoever publishes them: a service, found by its type. Who has numbers to show needs to know nothing of where they are shown.
 * Thread-safety: called on any thread, several times a minute.
 */
@ConsumerType
public interface MetricSource {

    /**
     * What the numbers are now. It does not block, and takes microseconds, milliseconds with thousands of peers. Of several sources with the same name
     * and labels the sum is shown.
     */
    List<Metric> metrics();

    /** Whether a number may fall. */
    enum Kind {
        /** Only ever grows, but for beginning anew with its bundle. */
        COUNTER,
        GAUGE
    }

    /**
     * One number.
     *
     * @param name by the rules of Prometheus: {@code adit_}, what it counts, its base unit in the plural, in lower case with underscores; without the
     *        {@code _total} of counters
     * @param help one sentence
     * @param labels from a small closed set each: each combination is a series that somebody keeps
     */
    record Metric(String name, Kind kind, String help, Map<String, String> labels, double value) {
        public Metric {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(help, "help");
            labels = Map.copyOf(labels);
        }

        public static Metric counter(String name, String help, double value) {
            return new Metric(name, Kind.COUNTER, help, Map.of(), value);
        }

        public static Metric gauge(String name, String help, double value) {
            return new Metric(name, Kind.GAUGE, help, Map.of(), value);
        }

        /** The same of another value. */
        public Metric of(double other) {
            return new Metric(name, kind, help, labels, other);
        }

        /** The same with one label more. */
        public Metric with(String label, String text) {
            Map<String, String> more = new java.util.TreeMap<>(labels);
            more.put(label, text);
            return new Metric(name, kind, help, more, value);
        }
    }
}

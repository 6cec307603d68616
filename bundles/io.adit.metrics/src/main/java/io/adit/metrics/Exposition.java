package io.adit.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.adit.api.MetricSource;
import io.adit.api.MetricSource.Kind;
import io.adit.api.MetricSource.Metric;
import io.adit.api.RequestListener.Side;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All numbers as Prometheus' model has them: our own, those of other bundles, those of the JVM. Not thread-safe: one look at a time. Made at the first look,
 * since a container that nobody asks needs none of these classes.
 */
final class Exposition {

    private static final Logger LOG = LoggerFactory.getLogger(Exposition.class);
    /** Of bad ones so many are said. */
    private static final int MOST_SAID = 100;

    private final Requests requests;
    private final Supplier<Collection<? extends MetricSource>> sources;
    private final PrometheusRegistry jvm = new PrometheusRegistry();
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** @param sources gives those that are there now */
    Exposition(Requests requests, Supplier<Collection<? extends MetricSource>> sources, boolean withJvm) {
        this.requests = requests;
        this.sources = sources;
        if (withJvm) {
            // not all that there are: the one that counts allocations listens to garbage collections for ever
            ProcessMetrics.builder().register(jvm);
            JvmMemoryMetrics.builder().register(jvm);
            JvmGarbageCollectorMetrics.builder().register(jvm);
            JvmThreadsMetrics.builder().register(jvm);
            JvmBufferPoolMetrics.builder().register(jvm);
            JvmClassLoadingMetrics.builder().register(jvm);
        }
    }

    MetricSnapshots look() {
        List<MetricSnapshot> all = new ArrayList<>(jvm.scrape().stream().toList());
        histograms(all);
        Set<String> taken = new HashSet<>();
        all.forEach(each -> taken.add(each.getMetadata().getPrometheusName()));
        families(sources.get(), this::bad).forEach((name, family) -> {
            try {
                MetricSnapshot snapshot = snapshot(name, family.values());
                if (!taken.add(snapshot.getMetadata().getPrometheusName())) {
                    throw new IllegalArgumentException("there is one of that name");
                }
                all.add(snapshot);
            } catch (IllegalArgumentException e) {
                bad(name, e);
            }
        });
        return new MetricSnapshots(all);
    }

    /** By name, then by labels; what several say is added up. */
    static Map<String, Map<Map<String, String>, Metric>> families(Collection<? extends MetricSource> sources, java.util.function.BiConsumer<String, RuntimeException> failed) {
        Map<String, Map<Map<String, String>, Metric>> families = new TreeMap<>();
        for (MetricSource source : sources) {
            try {
                for (Metric metric : source.metrics()) {
                    families.computeIfAbsent(metric.name(), name -> new LinkedHashMap<>()).merge(metric.labels(), metric,
                            (one, other) -> new Metric(one.name(), one.kind(), one.help(), one.labels(), one.value() + other.value()));
                }
            } catch (RuntimeException e) {
                failed.accept(source.getClass().getName(), e); // its bundle may be going away
            }
        }
        return families;
    }

    /** One that cannot be shown must not take the others along. */
    private void bad(String what, RuntimeException why) {
        if (said.size() < MOST_SAID && said.add(what)) {
            LOG.warn("not shown: {}", what, why);
        }
    }

    private static MetricSnapshot snapshot(String name, Collection<Metric> family) {
        Metric first = family.iterator().next();
        if (first.kind() == Kind.COUNTER) {
            CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(first.help());
            family.forEach(each -> counter.dataPoint(CounterDataPointSnapshot.builder().labels(labels(each.labels())).value(each.value()).build()));
            return counter.build();
        }
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(first.help());
        family.forEach(each -> gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels(each.labels())).value(each.value()).build()));
        return gauge.build();
    }

    private static Labels labels(Map<String, String> labels) {
        return Labels.of(List.copyOf(labels.keySet()), labels.keySet().stream().map(labels::get).toList());
    }

    private void histograms(List<MetricSnapshot> all) {
        List<HistogramDataPointSnapshot> durations = new ArrayList<>();
        List<HistogramDataPointSnapshot> firstBytes = new ArrayList<>();
        List<HistogramDataPointSnapshot> waits = new ArrayList<>();
        List<HistogramDataPointSnapshot> peers = new ArrayList<>();
        for (Side side : requests.sides()) {
            Labels labels = Labels.of("side", Own.label(side));
            SideTally tally = requests.side(side);
            durations.add(point(labels, tally.all().duration()));
            firstBytes.add(point(labels, tally.firstByte()));
            waits.add(point(labels, tally.waited()));
            requests.peers(side).forEach((peer, each) -> peers.add(point(labels.add("peer", peer), each.duration())));
        }
        if (durations.isEmpty()) {
            return;
        }
        all.add(histogram("adit_request_duration_seconds", "From a request's arrival to the last byte of its response; without upgraded connections.", durations));
        all.add(histogram("adit_request_first_byte_seconds", "From a request's arrival to the head of its response; without upgraded connections.", firstBytes));
        all.add(histogram("adit_request_wait_seconds", "From a request's arrival until a stream to the peer was open: it waited for the registry, or for the peer.", waits));
        if (!peers.isEmpty()) {
            all.add(histogram("adit_peer_request_duration_seconds", "The same as adit_request_duration_seconds, of one peer.", peers));
        }
    }

    private static HistogramSnapshot histogram(String name, String help, List<HistogramDataPointSnapshot> points) {
        return new HistogramSnapshot(new MetricMetadata(name, help), points);
    }

    private static HistogramDataPointSnapshot point(Labels labels, Durations durations) {
        return HistogramDataPointSnapshot.builder().labels(labels).classicHistogramBuckets(ClassicHistogramBuckets.of(Durations.ends(), durations.counts()))
                .sum(durations.seconds()).build();
    }
}

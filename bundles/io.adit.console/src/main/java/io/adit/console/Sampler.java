package io.adit.console;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.management.JMException;
import javax.management.ObjectName;

import io.adit.api.PeerSession;
import io.adit.api.SessionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second at what there is, for the plots: a few numbers in all, and the throughput of each peer that is connected. Thread-safe; the lock is
 * held for a sample of all sessions at most.
 */
final class Sampler {

    /** What is plotted in all. Rates are per second, times are milliseconds, bytes are of sessions, frames included; CPU is the share of all cores. */
    enum Metric { REQUESTS, ERRORS, BYTES_IN, BYTES_OUT, P50, P99, STREAMS, SESSIONS, MEMORY, CPU }

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
    private static final ObjectName OPERATING_SYSTEM = operatingSystem();
    /** Quantiles are of so many seconds. */
    private static final int QUANTILE_SECONDS = 10;

    /** The throughput of one session, and what it had come to before. */
    private static final class Flow {
        private final Series in = new Series();
        private final Series out = new Series();
        private SessionInfo last;
        private long seen;
    }

    private final Recorder recorder;
    private final PeerLog log;
    private final Supplier<Map<String, List<PeerSession>>> sessions;
    private final Map<Metric, Series> series = new EnumMap<>(Metric.class);
    /** By session; of those that are connected, so they are the bound. */
    private final Map<String, Flow> flows = new HashMap<>();
    private final Deque<long[]> latencies = new ArrayDeque<>();
    private long requests;
    private long errors;
    private long at;
    private long samples;

    private static ObjectName operatingSystem() {
        try {
            return new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
        } catch (JMException e) {
            throw new IllegalStateException("the platform's own name is a valid one", e);
        }
    }

    /** @param sessions gives those that are there now, by name */
    Sampler(Recorder recorder, PeerLog log, Supplier<Map<String, List<PeerSession>>> sessions, long nanoTime) {
        this.recorder = recorder;
        this.log = log;
        this.sessions = sessions;
        this.at = nanoTime;
        for (Metric metric : Metric.values()) {
            series.put(metric, new Series());
        }
    }

    /** @param nanoTime as {@link System#nanoTime} has it */
    synchronized void sample(long nanoTime) {
        double seconds = Math.max(0.001, (nanoTime - at) / 1e9);
        at = nanoTime;
        samples++;
        long in = 0;
        long out = 0;
        int streams = 0;
        int count = 0;
        for (Map.Entry<String, List<PeerSession>> entry : sessions.get().entrySet()) {
            for (PeerSession session : entry.getValue()) {
                SessionInfo info = session.info();
                Flow flow = flows.computeIfAbsent(info.id(), id -> new Flow());
                SessionInfo last = flow.last;
                if (last != null) {
                    in += info.bytesIn() - last.bytesIn();
                    out += info.bytesOut() - last.bytesOut();
                    flow.in.add((info.bytesIn() - last.bytesIn()) / seconds);
                    flow.out.add((info.bytesOut() - last.bytesOut()) / seconds);
                    if (last.codec() != info.codec()) {
                        log.switched(entry.getKey(), info.id(), info.remote(), last.codec(), info.codec());
                    }
                }
                flow.last = info;
                flow.seen = samples;
                streams += info.streams();
                count++;
            }
        }
        flows.values().removeIf(flow -> flow.seen != samples);
        add(Metric.BYTES_IN, in / seconds);
        add(Metric.BYTES_OUT, out / seconds);
        add(Metric.STREAMS, streams);
        add(Metric.SESSIONS, count);
        requests(seconds);
        Runtime runtime = Runtime.getRuntime();
        add(Metric.MEMORY, runtime.totalMemory() - runtime.freeMemory());
        add(Metric.CPU, processorLoad());
    }

    private void requests(double seconds) {
        long requestsNow = recorder.all().requests();
        long errorsNow = recorder.all().errors();
        add(Metric.REQUESTS, (requestsNow - requests) / seconds);
        add(Metric.ERRORS, (errorsNow - errors) / seconds);
        requests = requestsNow;
        errors = errorsNow;
        long[] now = recorder.latencies().snapshot();
        latencies.addLast(now);
        long[] before = latencies.size() > QUANTILE_SECONDS ? latencies.removeFirst() : latencies.getFirst();
        add(Metric.P50, Latencies.quantile(before, now, 0.5));
        add(Metric.P99, Latencies.quantile(before, now, 0.99));
    }

    /** 0 where the platform does not say. */
    private static double processorLoad() {
        try {
            Object load = ManagementFactory.getPlatformMBeanServer().getAttribute(OPERATING_SYSTEM, "ProcessCpuLoad");
            return load instanceof Double value && value > 0 ? value : 0;
        } catch (JMException e) {
            LOG.trace("no processor load here", e);
            return 0;
        }
    }

    private void add(Metric metric, double value) {
        series.get(metric).add(value);
    }

    synchronized double last(Metric metric) {
        return series.get(metric).last();
    }

    synchronized List<Double> values(Metric metric) {
        return series.get(metric).values();
    }

    /** Bytes a second that came from a session's peer and that went to it. */
    record Rate(double in, double out) {
        static final Rate NONE = new Rate(0, 0);
    }

    synchronized Rate rate(String session) {
        Flow flow = flows.get(session);
        return flow == null ? Rate.NONE : new Rate(flow.in.last(), flow.out.last());
    }

    /** The same over time: in, then out; empty for a session that is not known yet. */
    synchronized List<List<Double>> rates(String session) {
        Flow flow = flows.get(session);
        return flow == null ? List.of(List.of(), List.of()) : List.of(flow.in.values(), flow.out.values());
    }
}

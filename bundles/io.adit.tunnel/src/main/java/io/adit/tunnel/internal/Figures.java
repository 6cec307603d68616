package io.adit.tunnel.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.adit.api.ErrorCode;
import io.adit.api.MetricSource.Metric;
import io.adit.api.SessionInfo;

/**
 * Which sessions there are, and what all of them came to, those that are over taken in. Thread-safe; the lock is held for sums and a copy of the set,
 * and no session's lock is taken with it.
 */
final class Figures {

    private static final double MICROS = 1e6;

    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final LongAdder opened = new LongAdder();
    // guarded by this: of those that are over
    private long streams;
    private long bytesIn;
    private long bytesOut;
    private final Map<ErrorCode, Long> ended = new EnumMap<>(Map.of(ErrorCode.NONE, 0L));
    private final Map<ErrorCode, Long> failed = new EnumMap<>(Map.of(ErrorCode.NONE, 0L));

    Set<Session> sessions() {
        return sessions;
    }

    /** It is registered. */
    void opened() {
        opened.increment();
    }

    /** @param wasOpen whether it ever was registered */
    void remove(Session session, ErrorCode code, boolean wasOpen) {
        SessionInfo last = session.info();
        synchronized (this) {
            if (sessions.remove(session)) {
                streams += last.totalStreams();
                bytesIn += last.bytesIn();
                bytesOut += last.bytesOut();
                (wasOpen ? ended : failed).merge(code, 1L, Long::sum);
            }
        }
    }

    List<Metric> metrics(CreditPool pool) {
        List<Metric> metrics = new ArrayList<>();
        List<Session> live;
        long allStreams;
        long in;
        long out;
        synchronized (this) {
            // a session that ends from here on is in the copy, and not in the sums
            live = List.copyOf(sessions);
            allStreams = streams;
            in = bytesIn;
            out = bytesOut;
            metrics.add(Metric.counter("adit_tunnel_sessions_opened", "Sessions that were registered.", opened.sum()));
            codes(metrics, "adit_tunnel_sessions_ended", "Sessions that ended, by why.", ended);
            codes(metrics, "adit_tunnel_handshakes_failed", "Connections that ended before they were registered, by why.", failed);
        }
        int open = 0;
        Map<String, Integer> states = new TreeMap<>(Map.of("connecting", 0, "open", 0, "draining", 0, "closing", 0));
        Map<Integer, Integer> codecs = new TreeMap<>();
        List<Long> roundTrips = new ArrayList<>(live.size());
        for (Session session : live) {
            SessionInfo info = session.info();
            allStreams += info.totalStreams();
            in += info.bytesIn();
            out += info.bytesOut();
            open += info.streams();
            states.merge(info.state().equals("closed") ? "closing" : info.state(), 1, Integer::sum);
            if (!info.state().equals("connecting")) {
                codecs.merge(info.codec(), 1, Integer::sum);
            }
            if (info.roundTripMicros() > 0) {
                roundTrips.add(info.roundTripMicros());
            }
        }
        states.forEach((state, count) -> metrics.add(Metric.gauge("adit_tunnel_sessions", "Sessions, by state.", count).with("state", state)));
        codecs.putIfAbsent(0, 0);
        codecs.forEach((version, count) -> metrics.add(Metric.gauge("adit_tunnel_codec_sessions",
                "Sessions by the codec version that they send with; 0: they wait for one.", count).with("codec", Integer.toString(version))));
        metrics.add(Metric.gauge("adit_tunnel_streams", "Streams that are open: requests, and connections that were upgraded.", open));
        metrics.add(Metric.counter("adit_tunnel_streams_opened", "Streams that were opened.", allStreams));
        metrics.add(Metric.counter("adit_tunnel_received_bytes", "Bytes received through tunnels, frames included, without TLS.", in));
        metrics.add(Metric.counter("adit_tunnel_sent_bytes", "Bytes sent through tunnels, frames included, without TLS.", out));
        metrics.add(Metric.gauge("adit_tunnel_credit_pool_bytes", "What all streams together may buffer.", pool.capacity()));
        metrics.add(Metric.gauge("adit_tunnel_credit_reserved_bytes", "How much of that is promised to streams now.", pool.reserved()));
        roundTrips.sort(null);
        Map.of("median", 0.5, "p95", 0.95, "max", 1.0).forEach((stat, quantile) -> metrics.add(Metric.gauge("adit_tunnel_round_trip_seconds",
                "Round trip of the sessions that are open, each by the lowest of its last probes; 0 where none is known.",
                quantile(roundTrips, quantile) / MICROS).with("stat", stat)));
        return metrics;
    }

    private static long quantile(List<Long> sorted, double quantile) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(quantile * sorted.size()) - 1);
    }

    private static void codes(List<Metric> metrics, String name, String help, Map<ErrorCode, Long> counts) {
        counts.forEach((code, count) -> metrics.add(Metric.counter(name, help, count).with("code", code.label())));
    }
}

package io.adit.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.adit.api.MetricSource;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.ProxyManager;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.RegistrationManager;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.RequestListener.Side;
import io.adit.api.SessionInfo;

/**
 * What this bundle counts itself, and what it asks the registry for, as {@link Metric}s; histograms are {@link Exposition}'s. Thread-safety: thread-safe
 * as what it reads.
 */
final class Own implements MetricSource {

    /** Linked proxies are made by operators; there are never that many. */
    private static final int MOST_PROXIES = 1000;
    private static final double MICROS = 1e6;

    private final Requests requests;
    private final Events events;
    private final Registry registry;
    private final String version;
    private final int peersMax;

    /** The registry's services, as they are now: null while it is away, and at a peer. */
    interface Registry {
        RegistrationManager registrations();

        PeerManager peers();

        ProxyManager proxies();
    }

    /** @param peersMax of how many peers there are numbers; 0: of none */
    Own(Requests requests, Events events, Registry registry, String version, int peersMax) {
        this.requests = requests;
        this.events = events;
        this.registry = registry;
        this.version = version;
        this.peersMax = peersMax;
    }

    static String label(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.gauge("adit_build_info", "Always 1; its label says which build this is.", 1).with("version", version));
        for (Side side : requests.sides()) {
            side(metrics, label(side), requests.side(side));
            peers(metrics, side);
        }
        PeerManager sessions = registry.peers();
        if (sessions != null && peersMax > 0) {
            sessions(metrics, sessions.connected());
        }
        names(metrics);
        proxies(metrics);
        return metrics;
    }

    private static void side(List<Metric> metrics, String side, SideTally tally) {
        for (int method = 0; method < SideTally.METHODS.size(); method++) {
            for (int status = 0; status < Tally.STATUSES.size(); status++) {
                long count = tally.requests(method, status);
                if (count > 0 || method == 0) { // a visitor who never came needs no series
                    metrics.add(Metric.counter("adit_requests", "Requests that ended, by method and by the first digit of the status; none: there was no response.", count)
                            .with("side", side).with("method", SideTally.METHODS.get(method)).with("status", Tally.STATUSES.get(status)));
                }
            }
        }
        metrics.add(Metric.gauge("adit_requests_in_flight", "Requests under way, upgraded connections among them.", tally.all().underWay()).with("side", side));
        metrics.add(Metric.counter("adit_request_bytes", "Bytes of requests' bodies, and of what upgraded connections sent; counted at the end.", tally.all().requestBytes())
                .with("side", side));
        metrics.add(Metric.counter("adit_response_bytes", "Bytes of responses' bodies, and of what upgraded connections got; counted at the end.",
                tally.all().responseBytes()).with("side", side));
        String help = "Requests that failed. own: the proxy's own answer, by its Adit-Error; broken: the response is missing or not complete; gone: who asked went away.";
        metrics.add(Metric.counter("adit_request_errors", help, 0).with("side", side).with("kind", "gone").with("error", "cancel"));
        tally.all().failures((failure, count) -> metrics.add(Metric.counter("adit_request_errors", help, count).with("side", side).with("kind", failure.kind())
                .with("error", failure.error())));
    }

    private void peers(List<Metric> metrics, Side side) {
        requests.peers(side).forEach((peer, tally) -> {
            for (String status : Tally.STATUSES) {
                metrics.add(of(Metric.counter("adit_peer_requests", "Requests of a peer that ended, by the first digit of the status.", tally.status(status)), side, peer)
                        .with("status", status));
            }
            metrics.add(of(Metric.gauge("adit_peer_requests_in_flight", "Requests of a peer under way.", tally.underWay()), side, peer));
            metrics.add(of(Metric.counter("adit_peer_request_bytes", "Bytes of a peer's requests' bodies.", tally.requestBytes()), side, peer));
            metrics.add(of(Metric.counter("adit_peer_response_bytes", "Bytes of a peer's responses' bodies.", tally.responseBytes()), side, peer));
        });
    }

    private static Metric of(Metric metric, Side side, String peer) {
        return metric.with("side", label(side)).with("peer", peer);
    }

    private void sessions(List<Metric> metrics, Map<String, List<PeerSession>> connected) {
        Map<String, long[]> sums = new TreeMap<>();
        new TreeMap<>(connected).forEach((name, sessions) -> {
            long[] sum = sums.computeIfAbsent(sums.size() < peersMax ? name : Requests.OTHERS, each -> new long[3]);
            for (PeerSession session : sessions) {
                SessionInfo info = session.info();
                sum[0]++;
                sum[1] += info.streams();
                sum[2] = Math.max(sum[2], info.roundTripMicros());
            }
        });
        sums.forEach((peer, sum) -> {
            metrics.add(Metric.gauge("adit_peer_sessions", "Sessions that serve a name.", sum[0]).with("peer", peer));
            metrics.add(Metric.gauge("adit_peer_streams", "Streams of a name that are open.", sum[1]).with("peer", peer));
            metrics.add(Metric.gauge("adit_peer_round_trip_seconds", "The longest round trip of a name's sessions; 0 where none is known.", sum[2] / MICROS).with("peer", peer));
        });
    }

    private void names(List<Metric> metrics) {
        RegistrationManager registrations = registry.registrations();
        if (registrations == null) {
            return;
        }
        Map<String, Integer> states = new TreeMap<>(Map.of("online", 0, "offline", 0, "expired", 0));
        for (NameInfo name : registrations.names()) {
            states.merge(name.state(), 1, Integer::sum);
        }
        states.forEach((state, count) -> metrics.add(Metric.gauge("adit_names", "Names that the registry knows, by state.", count).with("state", state)));
        events.kinds((kind, count) -> metrics.add(Metric.counter("adit_name_events", "What happened to names.", count).with("event", kind.name().toLowerCase(Locale.ROOT))));
        events.refusals((code, count) -> metrics.add(Metric.counter("adit_registrations_refused", "Registrations that were refused, by why.", count).with("code", code.label())));
    }

    private void proxies(List<Metric> metrics) {
        ProxyManager manager = registry.proxies();
        List<ProxyInfo> proxies = manager == null ? List.of() : manager.proxies();
        for (ProxyInfo proxy : proxies.subList(0, Math.min(MOST_PROXIES, proxies.size()))) {
            metrics.add(Metric.gauge("adit_proxy_up", "1 for a proxy of this registration server that serves: itself, and those that are linked to it.",
                    proxy.state().equals("here") || proxy.state().equals("linked") ? 1 : 0).with("proxy", proxy.name()));
            metrics.add(Metric.gauge("adit_proxy_peers", "Peers that a proxy serves, or that are on their way to it.", proxy.peers()).with("proxy", proxy.name()));
            metrics.add(Metric.gauge("adit_proxy_capacity_peers", "How many peers a proxy takes; 0 where it was not linked since the start.", proxy.capacity())
                    .with("proxy", proxy.name()));
        }
    }
}

package io.adit.connector;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

import io.adit.api.MetricSource;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.packet.Packet.Registered;

/** What the connector shows of itself. Changed by the connector's thread, read by any. */
final class Node implements PeerNode, MetricSource {

    private static final List<String> STATES = List.of("connected", "connecting", "stopped");

    private volatile Status status;
    private volatile PeerSession session;
    private volatile Trouble trouble = Trouble.NONE;
    private volatile Instant next;
    private final LongAdder connections = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final Way way;

    Node(String name, Way way) {
        this.way = way;
        status = new Status(name, "connecting", Instant.now(), "", "", "");
    }

    @Override
    public Status status() {
        return status;
    }

    @Override
    public Optional<PeerSession> session() {
        return Optional.ofNullable(session);
    }

    @Override
    public Optional<Way> way() {
        return Optional.of(way);
    }

    void up(Registered answer, PeerSession serves) {
        session = serves;
        trouble = Trouble.NONE;
        next = null;
        connections.increment();
        status = new Status(status.name(), "connected", Instant.now(), answer.url(), answer.proxyName() + " " + answer.proxyAddress() + ":" + answer.proxyPort(), "");
    }

    /** Nobody serves any more. */
    void down() {
        session = null;
    }

    @Override
    public Trouble trouble() {
        return trouble;
    }

    @Override
    public Optional<Instant> nextAttempt() {
        return Optional.ofNullable(next);
    }

    /** It will be dialled anew. */
    void retry() {
        retries.increment();
    }

    @Override
    public List<Metric> metrics() {
        String state = status.state();
        List<Metric> metrics = new ArrayList<>();
        STATES.forEach(each -> metrics.add(Metric.gauge("adit_connector_peers", "Peers of this container, by state.", each.equals(state) ? 1 : 0).with("state", each)));
        metrics.add(Metric.counter("adit_connector_connections", "How often a peer of this container was connected.", connections.sum()));
        metrics.add(Metric.counter("adit_connector_retries", "Attempts to connect that failed, and connections that were lost.", retries.sum()));
        return metrics;
    }

    /** An attempt failed; the next comes at that time, or, where it is null, when something changes. */
    void trouble(Trouble kind, String reason, Instant at) {
        off("connecting", kind, reason, at);
    }

    void stopped(Trouble kind, String reason) {
        off("stopped", kind, reason, null);
    }

    private void off(String state, Trouble kind, String reason, Instant at) {
        Status last = status;
        session = null;
        trouble = kind;
        next = at;
        status = new Status(last.name(), state, last.state().equals(state) ? last.since() : Instant.now(), last.url(), last.proxy(), reason);
    }
}

package io.adit.connector;

import java.time.Instant;
import java.util.Optional;

import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.packet.Packet.Registered;

/** What the connector shows of itself. Changed by the connector's thread, read by any. */
final class Node implements PeerNode {

    private volatile Status status;
    private volatile PeerSession session;
    private volatile Trouble trouble = Trouble.NONE;
    private volatile Instant next;
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

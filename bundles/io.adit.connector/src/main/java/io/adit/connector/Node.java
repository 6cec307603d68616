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
        status = new Status(status.name(), "connected", Instant.now(), answer.url(), answer.proxyName() + " " + answer.proxyAddress() + ":" + answer.proxyPort(), "");
    }

    /** Nobody serves any more. */
    void down() {
        session = null;
    }

    /** An attempt failed; the next comes. */
    void trouble(String reason) {
        off("connecting", reason);
    }

    void stopped(String reason) {
        off("stopped", reason);
    }

    private void off(String state, String reason) {
        Status last = status;
        session = null;
        status = new Status(last.name(), state, last.state().equals(state) ? last.since() : Instant.now(), last.url(), last.proxy(), reason);
    }
}

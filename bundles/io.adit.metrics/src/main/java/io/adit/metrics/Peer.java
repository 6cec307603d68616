package io.adit.metrics;

import java.util.Date;

import io.adit.api.PeerNode.Status;

/** A peer of this container as JMX shows it. Immutable. */
public final class Peer {

    private final Status status;

    Peer(Status status) {
        this.status = status;
    }

    public String getName() {
        return status.name();
    }

    public String getState() {
        return status.state();
    }

    public Date getSince() {
        return Date.from(status.since());
    }

    public String getUrl() {
        return status.url();
    }

    public String getProxy() {
        return status.proxy();
    }

    /** Why it is not connected; empty where it is. */
    public String getReason() {
        return status.reason();
    }
}

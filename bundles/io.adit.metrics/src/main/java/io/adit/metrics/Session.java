package io.adit.metrics;

import java.util.Date;

import io.adit.api.SessionInfo;

/** A session as JMX shows it: open data needs getters, up to Java 20. Immutable. */
public final class Session {

    private final String name;
    private final SessionInfo info;

    Session(String name, SessionInfo info) {
        this.name = name;
        this.info = info;
    }

    public String getName() {
        return name;
    }

    public String getId() {
        return info.id();
    }

    public String getRemote() {
        return info.remote();
    }

    public Date getSince() {
        return Date.from(info.since());
    }

    public String getState() {
        return info.state();
    }

    public int getCodec() {
        return info.codec();
    }

    public long getRoundTripMicros() {
        return info.roundTripMicros();
    }

    public int getStreams() {
        return info.streams();
    }

    public long getTotalStreams() {
        return info.totalStreams();
    }

    public long getBytesIn() {
        return info.bytesIn();
    }

    public long getBytesOut() {
        return info.bytesOut();
    }
}

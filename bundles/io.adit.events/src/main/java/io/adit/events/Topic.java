package io.adit.events;

import java.util.List;

/** The topics, each with its properties. docs/HEALTH.md has them all; names are a promise. */
enum Topic {
    PEER_REGISTERED("peer/REGISTERED", "name", "session", "remote"),
    PEER_LOST("peer/LOST", "name", "session", "remote", "code", "text"),
    PEER_REFUSED("peer/REFUSED", "name", "remote", "code", "text"),
    PEER_INVITED("peer/INVITED", "name"),
    PEER_REVOKED("peer/REVOKED", "name"),
    PEER_MOVED("peer/MOVED", "name", "text"),

    NAME_ONLINE("name/ONLINE", "name", "url", "proxy", "since"),
    NAME_OFFLINE("name/OFFLINE", "name"),
    NAME_ENDED("name/ENDED", "name"),

    TUNNEL_CONNECTED("tunnel/CONNECTED", "name", "url", "proxy", "since"),
    TUNNEL_CONNECTING("tunnel/CONNECTING", "name", "proxy", "since", "trouble", "text"),
    TUNNEL_STOPPED("tunnel/STOPPED", "name", "proxy", "since", "trouble", "text"),

    CODEC_ADDED("codec/ADDED", "version"),
    CODEC_REMOVED("codec/REMOVED", "version"),
    CODEC_SWITCHED("codec/SWITCHED", "name", "session", "before", "version");

    private static final String PREFIX = "io/adit/";

    private final String topic;
    private final List<String> properties;

    Topic(String topic, String... properties) {
        this.topic = PREFIX + topic;
        this.properties = List.of(properties);
    }

    String topic() {
        return topic;
    }

    /** Besides {@code timestamp}, which all have. */
    List<String> properties() {
        return properties;
    }
}

package io.adit.metrics;

import java.util.List;
import java.util.Map;

/** The tunnels of this container, by JMX ({@code io.adit:type=Tunnel}). */
public interface TunnelMXBean {

    /** Those that serve a name here, and those of peers of this container; up to a bound that is configured. */
    List<Session> getSessions();

    /** The peers of this container. */
    List<Peer> getPeers();

    /** All the numbers of Adit that Prometheus is given, but histograms: {@code name{label="value"}} to value. */
    Map<String, Double> getFigures();
}

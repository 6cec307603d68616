package io.adit.console;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.adit.api.ProxyManager.ProxyInfo;

/** What the overview shows. Thread-safe. */
final class OverviewView {

    private static final int EVENTS = 12;
    private static final int BUSIEST = 8;

    private final Network network;
    private final Recorder recorder;
    private final PeerLog log;
    private final Sampler sampler;
    private final PeersView peers;

    OverviewView(Network network, Recorder recorder, PeerLog log, Sampler sampler, PeersView peers) {
        this.network = network;
        this.recorder = recorder;
        this.log = log;
        this.sampler = sampler;
        this.peers = peers;
    }

    Map<String, Object> now() {
        Map<String, Object> tiles = new LinkedHashMap<>();
        for (Sampler.Metric metric : Sampler.Metric.values()) {
            tiles.put(metric.name().toLowerCase(Locale.ROOT), Json.object("now", sampler.last(metric), "series", sampler.values(metric)));
        }
        Map<String, Object> busiest = peers.table("", "online", "traffic", true, 0, BUSIEST);
        return Json.object("tiles", tiles, "memoryMax", Runtime.getRuntime().maxMemory(), "uptime", ManagementFactory.getRuntimeMXBean().getUptime(),
                "names", busiest.get("total"), "online", busiest.get("online"), "requests", recorder.all().requests(), "errors", recorder.all().errors(),
                "busiest", busiest.get("rows"),
                "proxies", network.proxies().proxies().stream().map(OverviewView::proxy).toList(),
                "events", log.together().stream().limit(EVENTS).map(PeersView::event).toList());
    }

    private static Map<String, Object> proxy(ProxyInfo info) {
        return Json.object("name", info.name(), "state", info.state(), "since", info.since().toEpochMilli(), "tunnel", info.tunnel(), "peers", info.peers(),
                "capacity", info.capacity());
    }
}

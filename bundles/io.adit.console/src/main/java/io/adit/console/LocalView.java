package io.adit.console;

import java.util.List;
import java.util.Map;

import io.adit.api.PeerNode;

/** What the page of this container's own peers shows, to their owner. Thread-safe. */
final class LocalView {

    private static final int REQUESTS = 20;

    private final Recorder recorder;
    private final Sampler sampler;

    LocalView(Recorder recorder, Sampler sampler) {
        this.recorder = recorder;
        this.sampler = sampler;
    }

    Map<String, Object> now(List<PeerNode> nodes) {
        return Json.object("peers", nodes.stream().map(this::peer).toList(), "requestSeries", sampler.values(Sampler.Metric.REQUESTS), "p50",
                sampler.last(Sampler.Metric.P50), "p99", sampler.last(Sampler.Metric.P99));
    }

    private Map<String, Object> peer(PeerNode node) {
        PeerNode.Status status = node.status();
        Map<String, Object> peer = Json.object("name", status.name(), "state", status.state(), "since", status.since().toEpochMilli(), "url", status.url(), "proxy",
                status.proxy(), "reason", status.reason(), "qr", status.url().isEmpty() ? null : Qr.of(status.url()), "session",
                node.session().map(session -> PeersView.session(session, sampler)).orElse(null), "recent",
                recorder.log().find(new RequestsView.Filter(status.name(), "", ""), REQUESTS).stream().map(RequestsView::row).toList());
        Recorder.Count count = recorder.peer(status.name());
        if (count != null) {
            peer.putAll(Json.object("requests", count.requests(), "errors", count.errors(), "in", count.requestBytes(), "out", count.responseBytes()));
        }
        return peer;
    }
}

package io.adit.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.adit.api.PeerSession;
import io.adit.api.Presence;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.Redaction;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.SessionInfo;

/** What the pages of all peers and of one show. Thread-safe. */
final class PeersView {

    private static final int MOST_ROWS = 200;
    private static final int MOST_STREAMS = 100;
    private static final int MOST_REQUESTS = 20;

    private final Network network;
    private final Recorder recorder;
    private final PeerLog log;
    private final Sampler sampler;

    PeersView(Network network, Recorder recorder, PeerLog log, Sampler sampler) {
        this.network = network;
        this.recorder = recorder;
        this.log = log;
        this.sampler = sampler;
    }

    /** A name and its sessions here, the newest first. */
    private record Peer(NameInfo name, List<SessionInfo> sessions) {

        static Peer of(NameInfo name, List<PeerSession> sessions) {
            return new Peer(name, sessions.stream().map(PeerSession::info).toList());
        }

        /** The newest; null where there is none. */
        SessionInfo newest() {
            return sessions.isEmpty() ? null : sessions.get(0);
        }

        int streams() {
            return sessions.stream().mapToInt(SessionInfo::streams).sum();
        }

        int codec() {
            return sessions.isEmpty() ? 0 : newest().codec();
        }

        String remote() {
            return sessions.isEmpty() ? "" : newest().remote();
        }

        long roundTrip() {
            return sessions.isEmpty() || newest().roundTripMicros() == 0 ? Long.MAX_VALUE : newest().roundTripMicros();
        }
    }

    /**
     * A part of the table.
     *
     * @param text anywhere in name, remote address or proxy; empty for all
     * @param state online, offline or empty for all
     */
    Map<String, Object> table(String text, String state, String sort, boolean descending, int from, int count) {
        Map<String, List<PeerSession>> sessions = network.sessions();
        List<Peer> all = new ArrayList<>();
        int total = 0;
        int online = 0;
        String wanted = text.toLowerCase(Locale.ROOT);
        for (NameInfo name : network.names()) {
            total++;
            List<PeerSession> own = sessions.getOrDefault(name.name(), List.of());
            boolean isOnline = name.state().equals("online") || !own.isEmpty();
            online += isOnline ? 1 : 0;
            if (state.isEmpty() || state.equals("online") == isOnline) {
                Peer peer = Peer.of(name, own);
                if (wanted.isEmpty() || matches(peer, wanted)) {
                    all.add(peer);
                }
            }
        }
        Comparator<Peer> order = order(sort);
        all.sort((descending ? order.reversed() : order).thenComparing(peer -> peer.name().name()));
        int begin = Math.max(0, Math.min(from, all.size()));
        List<Map<String, Object>> rows = all.subList(begin, Math.min(all.size(), begin + Math.min(Math.max(count, 1), MOST_ROWS))).stream().map(this::row).toList();
        return Json.object("total", total, "online", online, "matched", all.size(), "from", begin, "rows", rows, "proxies",
                network.proxies().proxies().stream().map(ProxyInfo::name).toList());
    }

    private boolean matches(Peer peer, String wanted) {
        return peer.name().name().contains(wanted) || peer.sessions().stream().anyMatch(session -> session.remote().contains(wanted))
                || proxy(peer.name().name()).toLowerCase(Locale.ROOT).contains(wanted);
    }

    private String proxy(String name) {
        return network.presence(name).map(Presence::proxyName).orElse("");
    }

    private Comparator<Peer> order(String sort) {
        return switch (sort) {
            case "state" -> Comparator.comparing(peer -> peer.name().state());
            case "since" -> Comparator.comparing(peer -> peer.name().since());
            case "remote" -> Comparator.comparing(Peer::remote);
            case "proxy" -> Comparator.comparing(peer -> proxy(peer.name().name()));
            case "codec" -> Comparator.comparingInt(Peer::codec);
            case "roundTrip" -> Comparator.comparingLong(Peer::roundTrip);
            case "streams" -> Comparator.comparingInt(Peer::streams);
            case "traffic" -> Comparator.comparingDouble(this::rate);
            case "requests" -> Comparator.comparingLong(peer -> requests(peer.name().name()));
            case "lastError" -> Comparator.comparingLong(peer -> lastErrorAt(peer.name().name()));
            default -> Comparator.comparing(peer -> peer.name().name());
        };
    }

    private double rate(Peer peer) {
        return peer.sessions().stream().map(session -> sampler.rate(session.id())).mapToDouble(rate -> rate.in() + rate.out()).sum();
    }

    private long requests(String name) {
        Recorder.Count count = recorder.peer(name);
        return count == null ? 0 : count.requests();
    }

    private long lastErrorAt(String name) {
        Recorder.Count count = recorder.peer(name);
        return count == null ? 0 : count.lastErrorAt();
    }

    private Map<String, Object> row(Peer peer) {
        String name = peer.name().name();
        SessionInfo session = peer.newest();
        Map<String, Object> row = Json.object("name", name, "state", session != null ? session.state().equals("open") ? "online" : session.state() : peer.name().state(),
                "since", peer.name().since().toEpochMilli(), "proxy", proxy(name), "sessions", peer.sessions().size());
        network.presence(name).ifPresent(presence -> row.put("url", presence.url()));
        if (session != null) {
            List<Sampler.Rate> rates = peer.sessions().stream().map(each -> sampler.rate(each.id())).toList();
            row.putAll(Json.object("remote", session.remote(), "codec", session.codec(), "roundTrip", session.roundTripMicros(), "streams", peer.streams(),
                    "in", peer.sessions().stream().mapToLong(SessionInfo::bytesIn).sum(), "out", peer.sessions().stream().mapToLong(SessionInfo::bytesOut).sum(),
                    "inRate", Math.rint(rates.stream().mapToDouble(Sampler.Rate::in).sum()), "outRate",
                    Math.rint(rates.stream().mapToDouble(Sampler.Rate::out).sum())));
        }
        Recorder.Count count = recorder.peer(name);
        if (count != null) {
            row.putAll(Json.object("requests", count.requests(), "errors", count.errors()));
        }
        trouble(name, count, row);
        return row;
    }

    /** The later of the last request that went wrong and the last session that did. */
    private void trouble(String name, Recorder.Count count, Map<String, Object> row) {
        long at = count == null ? 0 : count.lastErrorAt();
        String text = at == 0 ? "" : count.lastError();
        PeerLog.Event event = log.lastTrouble(name).orElse(null);
        if (event != null && event.at() > at) {
            at = event.at();
            text = event.kind() + ": " + event.text();
        }
        if (at > 0) {
            row.putAll(Json.object("lastError", text, "lastErrorAt", at));
        }
    }

    /** One peer; null when there is no such name. */
    Map<String, Object> peer(String name) {
        NameInfo info = network.registrations().name(name).orElse(null);
        if (info == null) {
            return null;
        }
        List<PeerSession> sessions = network.sessions(name);
        Map<String, Object> peer = row(Peer.of(info, sessions));
        peer.put("sessionList", sessions.stream().map(this::session).toList());
        peer.put("events", log.of(name).stream().map(PeersView::event).toList());
        peer.put("recent", recorder.log().find(new RequestsView.Filter(name, "", ""), MOST_REQUESTS).stream().map(RequestsView::row).toList());
        peer.put("proxies", network.proxies().proxies().stream().map(ProxyInfo::name).toList());
        return peer;
    }

    private Map<String, Object> session(PeerSession session) {
        Map<String, Object> shown = session(session, sampler);
        Map<String, Object> details = new HashMap<>();
        session.details().forEach((name, value) -> details.put(Export.utf8(name), Export.utf8(value)));
        shown.put("details", details);
        return shown;
    }

    static Map<String, Object> session(PeerSession session, Sampler sampler) {
        SessionInfo info = session.info();
        List<List<Double>> rates = sampler.rates(info.id());
        return Json.object("id", info.id(), "remote", info.remote(), "since", info.since().toEpochMilli(), "codec", info.codec(), "roundTrip",
                info.roundTripMicros(), "state", info.state(), "open", info.streams(), "total", info.totalStreams(), "in", info.bytesIn(), "out", info.bytesOut(),
                "inSeries", rates.get(0), "outSeries", rates.get(1), "streams", session.streams(MOST_STREAMS).stream().map(stream -> Json.object("id", stream.id(),
                        "method", stream.method(), "target", Export.utf8(Redaction.address(stream.target())), "age", stream.ageMillis(), "idle", stream.idleMillis(),
                        "stall", stream.stallMillis(), "waitsFor", stream.waitsFor(), "in", stream.bytesIn(), "out", stream.bytesOut(), "buffered",
                        stream.buffered(), "window", stream.window(), "credit", stream.credit())).toList());
    }

    static Map<String, Object> event(PeerLog.Event event) {
        return Json.object("at", event.at(), "name", event.name(), "kind", event.kind(), "session", event.session(), "remote", event.remote(), "text",
                event.text(), "trouble", event.trouble());
    }
}

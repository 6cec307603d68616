package io.adit.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.Presence;
import io.adit.api.SessionInfo;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;

/**
 * Sends a request through the tunnel and says in words what each leg took and what is wrong. Thread-safe.
 */
final class Probe {

    /** One leg: {@code ok}, {@code slow} or {@code failed}, what was found, and how long it took; -1 where that makes no sense. */
    record Leg(String name, String state, String text, double millis) {
    }

    /** Above this a tunnel is slow for people. */
    private static final double SLOW_TRIP_MILLIS = 300;
    private static final double SLOW_ORIGIN_MILLIS = 1000;

    private final Network network;
    private final PeerLog log;
    private final long timeoutMillis;

    Probe(Network network, PeerLog log, long timeoutMillis) {
        this.network = network;
        this.log = log;
        this.timeoutMillis = timeoutMillis;
    }

    /** Completes within the time-out, and a little. */
    CompletableFuture<Map<String, Object>> run(String name) {
        List<Leg> legs = new ArrayList<>();
        if (!network.registrations().isRegistered(name)) {
            legs.add(new Leg("Name", "failed", "there is no such name here", -1));
            return done(legs, "The name is not registered: it was never invited, or it was revoked.");
        }
        legs.add(new Leg("Name", "ok", "registered", -1));
        Optional<PeerSession> session = network.session(name);
        if (session.isEmpty()) {
            return away(name, legs);
        }
        SessionInfo info = session.get().info();
        double trip = info.roundTripMicros() / 1000.0;
        legs.add(new Leg("Tunnel", trip > SLOW_TRIP_MILLIS ? "slow" : "ok", "session " + info.id() + " with " + info.remote() + ", codec v" + info.codec()
                + (info.roundTripMicros() == 0 ? ", no round trip measured yet" : ""), trip));
        CompletableFuture<Caller.Answer> call;
        try {
            call = Caller.call(session.get(), head(name), new byte[0], timeoutMillis);
        } catch (PeerUnavailableException e) {
            legs.add(new Leg("Request", "failed", e.getMessage(), -1));
            return done(legs, e.code() == ErrorCode.REFUSED
                    ? "The peer is connected, but it has as many requests as it takes. Look which ones take long."
                    : "The session is about to end: the peer drains or goes elsewhere. Try again in a moment.");
        }
        return call.thenApply(answer -> answered(answer, trip, legs));
    }

    private CompletableFuture<Map<String, Object>> away(String name, List<Leg> legs) {
        Optional<Presence> elsewhere = network.presence(name);
        if (elsewhere.isPresent()) {
            legs.add(new Leg("Tunnel", "failed", "served by the proxy " + elsewhere.get().proxyName(), -1));
            return done(legs, "The peer is connected to another proxy, " + elsewhere.get().proxyName() + ": probe it there.");
        }
        legs.add(new Leg("Tunnel", "failed", "no session", -1));
        String last = log.lastTrouble(name).map(event -> " The last that was heard of it: " + event.kind() + ", " + event.text() + ".").orElse("");
        return done(legs, "The peer is not connected." + last + " Does it run, and can it reach this proxy's tunnel port? Its own page or log says why.");
    }

    private Map<String, Object> answered(Caller.Answer answer, double trip, List<Leg> legs) {
        double head = answer.headNanos() / 1e6;
        double end = answer.endNanos() / 1e6;
        if (answer.status() == 0) {
            legs.add(new Leg("Origin", "failed", answer.reason(), end));
            return result(legs, explain(answer.code()));
        }
        double origin = Math.max(0, head - trip);
        legs.add(new Leg("Origin", answer.status() >= 500 ? "failed" : origin > SLOW_ORIGIN_MILLIS ? "slow" : "ok",
                "HEAD / was answered with " + answer.status() + server(answer.fields()), origin));
        if (answer.code() != ErrorCode.NONE) {
            legs.add(new Leg("Response", "failed", answer.reason(), end - head));
            return result(legs, "The response began and then broke: " + answer.code().text() + ".");
        }
        legs.add(new Leg("Response", "ok", "complete", end - head));
        return result(legs, verdict(answer.status(), trip, origin));
    }

    private static String verdict(int status, double trip, double origin) {
        if (status >= 500) {
            return "The tunnel works, and the origin answers, but with an error of its own (" + status + "). Look into the web server's log.";
        }
        String speed = trip > SLOW_TRIP_MILLIS ? " The network between proxy and peer is slow: each request costs at least " + millis(trip) + "."
                : origin > SLOW_ORIGIN_MILLIS ? " The origin took " + millis(origin) + ": it is the slow part." : "";
        String login = status == 401 || status == 403 ? " It wants a login, as it may." : status == 404 ? " It has no page at /, which may be as it should." : "";
        return "All is well: the origin answers through the tunnel." + login + speed;
    }

    private static String explain(ErrorCode code) {
        return switch (code) {
            case ORIGIN_UNREACHABLE -> "The tunnel works, but the peer cannot reach its web server. Does that run, at the address that the peer was given?";
            case ORIGIN_TIMEOUT -> "The tunnel works, but the origin said nothing in time. It hangs, or it is overloaded.";
            case ORIGIN_BROKEN -> "The tunnel works, but the origin's answer is no valid HTTP. Is it a web server, and is it HTTP or HTTPS that it speaks there?";
            case STALLED -> "Nothing came back in time. The peer, its origin or the network between is stuck; if pings fail too, the session ends by itself.";
            case SESSION_LOST, KEEP_ALIVE -> "The connection to the peer was lost during the probe. It comes back by itself if the peer runs.";
            case REFUSED -> "The peer refused the request: it answers none at the moment, or has too many.";
            case SHUTDOWN, REPLACED, MOVED -> "The session ended during the probe: " + code.text() + ". Try again in a moment.";
            default -> "The request broke: " + code.text() + ".";
        };
    }

    private static String server(Fields fields) {
        String server = fields.first("server");
        return server == null ? "" : " by " + (server.length() > 80 ? server.substring(0, 80) : server);
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%.0f ms", value);
    }

    private RequestHead head(String name) {
        String url = network.presence(name).map(Presence::url).orElse("http://" + name);
        String authority = url.replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
        String scheme = url.startsWith("https:") ? "https" : "http";
        return new RequestHead("HEAD", scheme, authority, "/", "HTTP/1.1",
                Fields.of("Host", authority, "User-Agent", "adit-probe", "Accept", "*/*", "Via", "1.1 adit"), "127.0.0.1:0", "", -1);
    }

    private static CompletableFuture<Map<String, Object>> done(List<Leg> legs, String verdict) {
        return CompletableFuture.completedFuture(result(legs, verdict));
    }

    private static Map<String, Object> result(List<Leg> legs, String verdict) {
        boolean well = legs.stream().noneMatch(leg -> leg.state().equals("failed"));
        return Json.object("ok", well, "verdict", verdict, "legs", legs.stream().map(leg -> Json.object("name", leg.name(), "state", leg.state(), "text", leg.text(),
                "millis", leg.millis() < 0 ? null : Math.rint(leg.millis() * 100) / 100)).toList());
    }
}

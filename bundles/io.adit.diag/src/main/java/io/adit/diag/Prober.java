package io.adit.diag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.CheckReport;
import io.adit.api.ErrorCode;
import io.adit.api.PeerEvent;
import io.adit.api.PeerEvent.Kind;
import io.adit.api.PeerListener;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import io.adit.api.Probe;
import io.adit.api.ProxyManager;
import io.adit.api.RegistrationManager;
import io.adit.api.SessionInfo;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.call.Caller;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The one probe of the console, the shell and the diagnosis. Thread-safe. */
@Component(service = {Prober.class, Probe.class}, immediate = true)
public final class Prober implements Probe, PresenceListener, PeerListener {

    /** Above this a tunnel is slow for people. */
    static final double SLOW_TRIP_MILLIS = 300;
    private static final double SLOW_ORIGIN_MILLIS = 1000;
    /** Names of which the last trouble is kept. */
    private static final int MOST_TROUBLES = 1000;

    /** By name; of names that are served, so their number is the bound. */
    private final Map<String, Presence> presences = new ConcurrentHashMap<>();
    /** By name, the last line of each that was lost or refused against its will; guarded by itself. */
    private final Map<String, String> troubles = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_TROUBLES;
        }
    };

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile RegistrationManager registrations;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile PeerManager peers;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile ProxyManager proxies;

    private Listening listening;

    @Activate
    void activate(BundleContext context) {
        listening = new Listening(context, this, PresenceListener.class, PeerListener.class);
    }

    @Deactivate
    void deactivate() {
        listening.close();
    }

    @Override
    public CompletionStage<CheckReport> probe(String name, Duration deadline) {
        RegistrationManager names = registrations;
        PeerManager sessions = peers;
        List<Check> legs = new ArrayList<>();
        if (names == null || sessions == null) {
            legs.add(leg("Name", State.FAIL, "there is no registry here", -1));
            return done(name, legs, "This container has no registry now: it is no proxy, or its registry is being updated.");
        }
        if (!names.isRegistered(name)) {
            legs.add(leg("Name", State.FAIL, "there is no such name here", -1));
            return done(name, legs, "The name is not registered: it was never invited, or it was revoked.");
        }
        legs.add(leg("Name", State.OK, "registered", -1));
        Optional<PeerSession> session = sessions.find(name);
        if (session.isEmpty()) {
            return away(name, legs);
        }
        SessionInfo info = session.get().info();
        double trip = info.roundTripMicros() / 1000.0;
        legs.add(leg("Tunnel", trip > SLOW_TRIP_MILLIS ? State.WARN : State.OK, "session " + info.id() + " with " + info.remote() + ", codec v" + info.codec()
                + (info.roundTripMicros() == 0 ? ", no round trip measured yet" : ""), trip));
        CompletableFuture<Caller.Answer> call;
        try {
            call = Caller.call(session.get(), head(name), new byte[0], deadline.toMillis());
        } catch (PeerUnavailableException e) {
            legs.add(leg("Request", State.FAIL, e.getMessage(), -1));
            return done(name, legs, e.code() == ErrorCode.REFUSED
                    ? "The peer is connected, but it has as many requests as it takes. Look which ones take long."
                    : "The session is about to end: the peer drains or goes elsewhere. Try again in a moment.");
        }
        return call.thenApply(answer -> answered(name, answer, trip, legs));
    }

    private CompletionStage<CheckReport> away(String name, List<Check> legs) {
        Presence elsewhere = presences.get(name);
        ProxyManager network = proxies;
        boolean here = elsewhere != null && network != null
                && network.proxies().stream().anyMatch(proxy -> proxy.state().equals("here") && proxy.name().equals(elsewhere.proxyName()));
        if (elsewhere != null && !here) {
            legs.add(leg("Tunnel", State.FAIL, "served by the proxy " + elsewhere.proxyName(), -1));
            return done(name, legs, "The peer is connected to another proxy, " + elsewhere.proxyName() + ": probe it there.");
        }
        legs.add(leg("Tunnel", State.FAIL, "no session", -1));
        String trouble = trouble(name);
        String last = trouble.isEmpty() ? "" : " The last that was heard of it: " + trouble + ".";
        return done(name, legs, "The peer is not connected." + last + " Does it run, and can it reach this proxy's tunnel port? Its own page or log says why.");
    }

    /** Where browsers reach it; empty where it is not served now. */
    Optional<String> url(String name) {
        return Optional.ofNullable(presences.get(name)).map(Presence::url);
    }

    /** That of some name, to try the domain with. */
    Optional<String> anyUrl() {
        return presences.values().stream().findFirst().map(Presence::url);
    }

    private String trouble(String name) {
        synchronized (troubles) {
            return troubles.getOrDefault(name, "");
        }
    }

    private static CheckReport answered(String name, Caller.Answer answer, double trip, List<Check> legs) {
        double head = answer.headNanos() / 1e6;
        double end = answer.endNanos() / 1e6;
        if (answer.status() == 0) {
            legs.add(leg("Origin", State.FAIL, answer.reason(), end));
            return new CheckReport(name, explain(answer.code()), legs);
        }
        double origin = Math.max(0, head - trip);
        legs.add(leg("Origin", answer.status() >= 500 ? State.FAIL : origin > SLOW_ORIGIN_MILLIS ? State.WARN : State.OK,
                "HEAD / was answered with " + answer.status() + server(answer.fields()), origin));
        if (answer.code() != ErrorCode.NONE) {
            legs.add(leg("Response", State.FAIL, answer.reason(), end - head));
            return new CheckReport(name, "The response began and then broke: " + answer.code().text() + ".", legs);
        }
        legs.add(leg("Response", State.OK, "complete", end - head));
        return new CheckReport(name, verdict(answer.status(), trip, origin), legs);
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
        return server == null ? "" : " by " + (server.length() > 80 ? server.substring(0, 80) : server).replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%.0f ms", value);
    }

    private RequestHead head(String name) {
        Presence presence = presences.get(name);
        String url = presence == null ? "http://" + name : presence.url();
        String authority = url.replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
        String scheme = url.startsWith("https:") ? "https" : "http";
        return new RequestHead("HEAD", scheme, authority, "/", "HTTP/1.1",
                Fields.of("Host", authority, "User-Agent", "adit-probe", "Accept", "*/*", "Via", "1.1 adit"), "127.0.0.1:0", "", -1);
    }

    private static Check leg(String name, State state, String text, double millis) {
        return new Check(name, state, text == null ? "" : text, "", millis);
    }

    private static CompletionStage<CheckReport> done(String name, List<Check> legs, String verdict) {
        return CompletableFuture.completedFuture(new CheckReport(name, verdict, legs));
    }

    @Override
    public void online(Presence presence) {
        presences.put(presence.name(), presence);
    }

    @Override
    public void offline(String name) {
        presences.remove(name);
    }

    @Override
    public void ended(String name) {
        presences.remove(name);
        synchronized (troubles) {
            troubles.remove(name);
        }
    }

    @Override
    public void happened(PeerEvent event) {
        boolean orderly = event.code() == ErrorCode.NONE || event.code() == ErrorCode.SHUTDOWN || event.code() == ErrorCode.REPLACED || event.code() == ErrorCode.MOVED;
        // a refusal may be of a name that nobody has; such are not kept
        if (!orderly && (event.kind() == Kind.ENDED || event.kind() == Kind.REFUSED)) {
            RegistrationManager names = registrations;
            if (names != null && names.isRegistered(event.name())) {
                synchronized (troubles) {
                    troubles.remove(event.name()); // the newest goes last
                    troubles.put(event.name(), event.kind().name().toLowerCase(Locale.ROOT) + ", " + event.text());
                }
            }
        }
    }
}

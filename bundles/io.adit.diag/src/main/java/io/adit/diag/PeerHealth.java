package io.adit.diag;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.HealthSource;
import io.adit.api.PeerNode;
import io.adit.api.PeerNode.Trouble;
import io.adit.api.PeerSession;
import io.adit.api.SessionInfo;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Of the peers of this container, as they say it themselves. Thread-safe. */
@Component(configurationPid = Diagnoser.PID)
public final class PeerHealth implements HealthSource {

    private final int tripMillis;
    private final InstantSource clock;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<PeerNode> nodes = new CopyOnWriteArrayList<>();

    @Activate
    public PeerHealth(DiagConfig config) {
        this(Limit.ROUND_TRIP_MILLIS.of(config), InstantSource.system());
    }

    PeerHealth(int tripMillis, InstantSource clock) {
        this.tripMillis = tripMillis;
        this.clock = clock;
    }

    @Override
    public List<Check> conditions() {
        List<Check> all = new ArrayList<>();
        for (PeerNode node : nodes) {
            PeerNode.Status status = node.status();
            Trouble trouble = node.trouble();
            all.add(tunnel(node, status));
            String of = "'" + status.name() + "': ";
            all.add(of(trouble, Trouble.INVITATION, Trouble.TAKEN_OVER) ? HealthSource.bad("invitation", State.FAIL, of + status.reason(), trouble == Trouble.TAKEN_OVER
                    ? "Two peers with one invitation: stop one, or ask for one that several may use (adit invite --peers)." : "Ask the proxy's owner for a new one (adit invite), or to renew it (adit change --expires).")
                    : HealthSource.ok("invitation", of + "nothing is known against the invitation"));
            all.add(trouble == Trouble.CERTIFICATE ? HealthSource.bad("proxy-certificate", State.FAIL, of + status.reason(),
                    "Something on the way looks into TLS, or the proxy has a new certificate and a new invitation is needed.") : HealthSource.ok("proxy-certificate", of + "the proxy shows the right certificate, or was not seen yet"));
            all.add(forwardProxy(of, status, trouble));
            if (trouble == Trouble.CODEC) {
                all.add(HealthSource.bad("codec", State.FAIL, of + status.reason(), "Both sides need a codec version in common: update the older side, or put the codec's bundle back."));
            }
        }
        if (!nodes.isEmpty()) {
            List<SessionInfo> sessions = nodes.stream().map(PeerNode::session).flatMap(Optional::stream).map(PeerSession::info).toList();
            all.add(Trips.condition(sessions, tripMillis));
        }
        return all;
    }

    private static boolean of(Trouble trouble, Trouble one, Trouble other) {
        return trouble == one || trouble == other;
    }

    private Check tunnel(PeerNode node, PeerNode.Status status) {
        String of = "'" + status.name() + "' ";
        if (status.state().equals("connected") && node.session().isPresent()) {
            return HealthSource.ok("tunnel", of + "is connected to " + status.proxy());
        }
        String reason = status.reason().isEmpty() ? "" : ": " + status.reason();
        if (status.state().equals("stopped")) {
            return HealthSource.bad("tunnel", State.FAIL, of + "is not connected and does not try again" + reason, "It needs what the line says, and then a new start, or a change of its configuration.");
        }
        Optional<Instant> next = node.nextAttempt();
        String when = next.map(time -> "; next attempt " + (time.isAfter(clock.instant()) ? "in " + Math.max(1, clock.instant().until(time, ChronoUnit.SECONDS)) + " s" : "now")).orElse("");
        return HealthSource.bad("tunnel", State.WAIT, of + "is not connected since " + status.since().truncatedTo(ChronoUnit.SECONDS) + reason + when,
                "It tries on by itself; adit diag tells which leg of the way is broken.");
    }

    private static Check forwardProxy(String of, PeerNode.Status status, Trouble trouble) {
        return switch (trouble) {
            case LOGIN -> HealthSource.bad("forward-proxy", State.FAIL, of + status.reason(), "Correct dial.via.user and its password; it is seldom tried again, so that the account is not locked.");
            case FORWARD_PROXY -> HealthSource.bad("forward-proxy", State.WAIT, of + status.reason(), "Is it the right one (dial.via), and does it let CONNECT through to the tunnel's port?");
            default -> HealthSource.ok("forward-proxy", of + "no trouble with a forward proxy");
        };
    }
}

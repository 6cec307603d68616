package io.adit.diag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.CheckReport;
import io.adit.api.Checks;
import io.adit.api.Diagnosis;
import io.adit.api.HealthSource;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationManager;
import io.adit.api.SessionInfo;
import io.adit.api.TunnelEndpoint;
import io.adit.way.Via;
import io.adit.way.check.Limits;
import io.adit.way.check.TunnelCheck;
import io.adit.way.check.Verdict;
import io.adit.way.check.VisitorCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The diagnosis of this container, one at a time, on a thread that is there for as long; who asks for the same meanwhile gets that one. Thread-safe. */
@Component(configurationPid = Diagnoser.PID)
@Designate(ocd = DiagConfig.class)
public final class Diagnoser implements Diagnosis {

    static final String PID = "io.adit.diag";

    private final Limits limits;
    private final Prober prober;
    /** Guarded by this; null when none is under way. */
    private Thread thread;
    /** Guarded by this: what is under way, and of which name. */
    private CompletableFuture<CheckReport> pending;
    private String asked;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile RegistrationManager registrations;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile PeerManager peers;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile TunnelEndpoint endpoint;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<PeerNode> nodes = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<HealthSource> sources = new CopyOnWriteArrayList<>();

    /** What the public port says of itself. */
    private volatile Map<String, ?> port = Map.of();

    @Activate
    public Diagnoser(DiagConfig config, @Reference(service = Prober.class) Prober prober) {
        this.limits = limits(config);
        this.prober = prober;
    }

    /** @throws IllegalArgumentException for a bad value, with one line */
    static Limits limits(DiagConfig config) {
        return new Limits(Checks.within(PID, "step.timeout.millis", config.step_timeout_millis(), 100, 60_000),
                Checks.within(PID, "speed.max.bytes", config.speed_max_bytes(), 65_536, 1_073_741_824),
                Checks.within(PID, "speed.max.millis", config.speed_max_millis(), 100, 60_000));
    }

    @Reference(name = "port", service = Object.class, target = "(io.adit.public=true)", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setPort(Map<String, ?> properties) {
        port = Map.copyOf(properties);
    }

    void unsetPort(Map<String, ?> properties) {
        port = Map.of();
    }

    @Override
    public synchronized CompletionStage<CheckReport> diagnose(String name) {
        if (thread != null && !name.equals(asked)) {
            throw new BusyException();
        } else if (thread != null) {
            return pending.minimalCompletionStage();
        }
        CompletableFuture<CheckReport> report = new CompletableFuture<>();
        pending = report;
        asked = name;
        thread = new Thread(() -> run(name, report), "adit-diag");
        thread.setDaemon(true);
        thread.start();
        return report.minimalCompletionStage();
    }

    private void run(String name, CompletableFuture<CheckReport> report) {
        CheckReport result = null;
        Throwable failure = null;
        try {
            List<Check> checks = new ArrayList<>();
            if (registrations != null) {
                proxy(name, checks);
            }
            for (PeerNode node : nodes) {
                if (registrations == null && (name.isEmpty() || node.status().name().equals(name))) {
                    peer(node, checks);
                }
            }
            for (HealthSource source : sources) {
                // what is as it should be was said by the steps
                prefixed("Health: ", source.conditions().stream().filter(check -> check.state() != State.OK).toList(), checks);
            }
            if (checks.isEmpty()) {
                checks.add(new Check("Container", State.FAIL, name.isEmpty() ? "there is neither a proxy nor a peer here" : "there is no peer '" + printable(name) + "' here",
                        "Are its bundles there and its configuration right? The log says what is missing.", -1));
            }
            result = new CheckReport(name.isEmpty() ? registrations == null ? "peer" : "proxy" : printable(name), Verdict.of(checks), checks);
        } catch (InterruptedException e) {
            failure = new IllegalStateException("the diagnosis was stopped");
        } catch (RuntimeException e) {
            failure = e;
        }
        synchronized (this) {
            thread = null;
            pending = null;
        }
        if (failure == null) {
            report.complete(result);
        } else {
            report.completeExceptionally(failure);
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    // ---- a proxy

    private void proxy(String name, List<Check> checks) throws InterruptedException {
        RegistrationManager names = registrations;
        if (names != null) {
            List<RegistrationManager.NameInfo> all = names.names();
            checks.add(new Check("Registry", State.OK, "names: " + all.size() + ", online: " + all.stream().filter(each -> each.state().equals("online")).count(), "", -1));
        }
        tunnelPort(checks);
        publicPort(checks);
        sessions(checks);
        if (!name.isEmpty()) {
            way(name, checks);
        } else {
            Optional<String> url = prober.anyUrl();
            if (url.isPresent()) {
                prefixed("Visitor: ", new VisitorCheck(url.get(), null, limits).runName(), checks);
            }
        }
    }

    private static void prefixed(String prefix, List<Check> some, List<Check> checks) {
        some.forEach(check -> checks.add(new Check(prefix + check.name(), check.state(), check.text(), check.advice(), check.millis())));
    }

    private void tunnelPort(List<Check> checks) throws InterruptedException {
        TunnelEndpoint here = endpoint;
        if (here == null) {
            checks.add(new Check("Tunnel port", State.FAIL, "nothing listens for peers", "Is io.adit.acceptor there, and is its port free? The log says what is wrong.", -1));
            return;
        }
        prefixed("Tunnel port: ", new TunnelCheck(here.host(), here.port(), here.fingerprint(), null, limits).run(), checks);
    }

    private void publicPort(List<Check> checks) throws InterruptedException {
        Map<String, ?> now = port;
        for (String key : List.of("http", "https")) {
            String url = String.valueOf(now.get(key));
            if (url.contains("://")) {
                // its own certificate is for names, not for the address that it is asked at
                checks.add(new VisitorCheck(url.replace("//0.0.0.0", "//127.0.0.1").replace("//[::]", "//[::1]"), null, limits).runPort("Public port (" + key + ")"));
            }
        }
    }

    private void sessions(List<Check> checks) {
        PeerManager here = peers;
        List<SessionInfo> all = here == null ? List.of() : here.connected().values().stream().flatMap(List::stream).map(PeerSession::info).toList();
        long waiting = all.stream().filter(info -> info.codec() == 0).count();
        double worst = all.stream().mapToLong(SessionInfo::roundTripMicros).max().orElse(0) / 1000.0;
        String text = "sessions: " + all.size() + (all.isEmpty() ? "" : ", the longest round trip " + String.format(java.util.Locale.ROOT, "%.1f ms", worst));
        checks.add(waiting > 0 ? new Check("Sessions", State.WARN, text + "; " + waiting + " wait for a codec", "Put the codec's bundle back: adit:codecs lists what is here.", -1)
                : new Check("Sessions", State.OK, text, "", -1));
    }

    private void way(String name, List<Check> checks) throws InterruptedException {
        CompletableFuture<CheckReport> probe = prober.probe(name, Duration.ofMillis(limits.stepMillis())).toCompletableFuture();
        try {
            CheckReport legs = probe.get(2L * limits.stepMillis(), TimeUnit.MILLISECONDS);
            boolean said = false;
            for (Check leg : legs.checks()) {
                boolean wrong = leg.state() != State.OK && !said;
                said |= wrong;
                checks.add(new Check("Probe: " + leg.name(), leg.state(), leg.text(), wrong ? legs.verdict() : "", leg.millis()));
            }
        } catch (TimeoutException | ExecutionException e) {
            checks.add(new Check("Probe", State.FAIL, "no result: " + e, "", -1));
        }
        Optional<String> url = prober.url(name);
        if (url.isPresent()) {
            prefixed("Visitor: ", new VisitorCheck(url.get(), null, limits).run(), checks);
        }
    }

    // ---- a peer

    private void peer(PeerNode node, List<Check> checks) throws InterruptedException {
        PeerNode.Way way = node.way().orElse(null);
        if (way != null) {
            Via via = way.via().isEmpty() ? null : Via.parse(way.via());
            checks.addAll(new TunnelCheck(way.invitation().host(), way.invitation().port(), way.invitation().fingerprint(), via, limits).run());
        }
        PeerNode.Status status = node.status();
        checks.add(registration(status));
        Optional<SessionInfo> session = node.session().map(PeerSession::info);
        session.ifPresent(info -> {
            double trip = info.roundTripMicros() / 1000.0;
            boolean slow = trip > Prober.SLOW_TRIP_MILLIS;
            checks.add(new Check("Round trip", slow ? State.WARN : State.OK, info.roundTripMicros() == 0 ? "none measured yet" : "with the proxy, through the tunnel",
                    slow ? "The network to the proxy is slow: each request costs at least that." : "", trip));
            if (info.codec() == 0) {
                checks.add(new Check("Codec", State.FAIL, "the session waits for a codec that both sides have", "Put the codec's bundle back: adit:codecs lists what is here.", -1));
            }
        });
        if (status.url().isEmpty() || session.isEmpty()) {
            checks.add(new Check("Visitor", State.SKIPPED, "not tried, since the peer is not connected", "", -1));
        } else if (way != null && !way.via().isEmpty()) {
            checks.add(new Check("Visitor", State.SKIPPED, "not tried through a forward proxy: open " + status.url() + " from elsewhere", "", -1));
        } else {
            checks.addAll(new VisitorCheck(status.url(), way == null ? null : way.invitation().secret(), limits).run());
        }
    }

    private static Check registration(PeerNode.Status status) {
        return switch (status.state()) {
            case "connected" -> new Check("Registration", State.OK, "'" + status.name() + "' at " + status.proxy() + " since " + status.since(), "", -1);
            case "stopped" -> new Check("Registration", State.FAIL, status.reason(), "The peer does not try again by itself: it needs what the line says.", -1);
            default -> new Check("Registration", State.FAIL, status.reason().isEmpty() ? "not yet" : status.reason(), "The peer tries on by itself.", -1);
        };
    }

    @Deactivate
    synchronized void deactivate() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}

package io.adit.connector;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.adit.api.Api;
import io.adit.api.Checks;
import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.LocalRequests;
import io.adit.api.MetricSource;
import io.adit.api.PeerNode;
import io.adit.api.PeerNode.Trouble;
import io.adit.api.PeerSession;
import io.adit.api.Proof;
import io.adit.api.RequestHandler;
import io.adit.api.RequestListener;
import io.adit.api.SecretFile;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.PacketCodec;
import io.adit.tunnel.Tunnel;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session with a proxy up: dials, registers, goes on to the proxy that it is assigned to, and dials again when the session is lost or about to
 * end. Gives up only when the proxy says that the invitation is no good, or when another peer took the name over with the same one. {@link Course} knows
 * where to go next.
 *
 * <p>Thread-safety: all decisions are made on one thread of its own ({@code adit-connector}), where nothing but name look-ups and a
 * small file blocks.
 */
@Component(service = {}, immediate = true, configurationPid = Connector.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        reference = @Reference(name = "api", service = Api.class))
@Designate(ocd = ConnectorConfiguration.class, factory = true)
public final class Connector implements Attempt.Listener {

    static final String PID = "io.adit.connector";
    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
    /** For the good-bye after a drain. */
    private static final long STOP_MILLIS = 3000;
    private static final int DRAIN_ORDER = 10;
    private static final String PEER = "peer";
    /** Another tunnel of this container, which goes on. */
    private static final String OTHERS = "(&(" + Constants.OBJECTCLASS + "=" + PeerNode.class.getName() + ")(!(state=stopped)))";

    private final BundleContext context;
    private final Tunnel tunnel;
    private final Invitation invitation;
    private final String agent;
    private final ConnectorConfiguration configuration;
    /** Of the configuration, to tell it from those of other tunnels. */
    private final String pid;
    private final boolean proxy;
    private final Path home;
    /** What is said of the peer. */
    private final Fields introduction;
    private final int connectMillis;
    private final Route route;
    private final Backoff backoff;
    private final Handlers handlers;
    private final Duration drainTimeout;
    private final ScheduledThreadPoolExecutor thread;
    private final ServiceRegistration<?> drainRegistration;
    private final Node node;
    private final ServiceRegistration<?> nodeRegistration;

    /** Without a codec there is nothing to say to a proxy: the connector waits for one, and does not try. */
    private final AtomicInteger codecs = new AtomicInteger();

    // confined to the thread
    private final Course course = new Course();
    /** The one that serves, or is to. */
    private Attempt current;
    /** Those that finish what they have, or are of no use any more. */
    private final Set<Attempt> leaving = new HashSet<>();
    private ScheduledFuture<?> nextAttempt;
    private boolean waitsForCodec;
    private ServiceRegistration<?> ready;
    private String readyUrl;
    private ServiceRegistration<?> failure;
    private ServiceRegistration<?> trouble;
    private boolean stopped;
    /** Of the node, as its service property says. */
    private String shownState = "connecting";
    /** Of the last drain, as {@link System#nanoTime} has it. */
    private long drainEnd = System.nanoTime();
    private boolean wasUp;

    @Activate
    public Connector(BundleContext context, ConnectorConfiguration configuration, @Reference Tunnel tunnel, Map<String, Object> properties) {
        this.context = context;
        this.configuration = configuration;
        this.tunnel = tunnel;
        String root = context.getProperty("adit.home");
        this.home = Path.of(root == null ? "" : root);
        this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        this.invitation = invitation(pid, configuration, home);
        Fields said = Introduction.of(pid, configuration);
        this.agent = "adit/" + context.getBundle().getVersion();
        this.backoff = new Backoff(Checks.within(pid, "retry.millis", configuration.retry_millis(), 10, 60_000),
                Checks.within(pid, "retry.fast.for.millis", configuration.retry_fast_for_millis(), 0, 3_600_000),
                Checks.within(pid, "retry.max.millis", configuration.retry_max_millis(), 100, 3_600_000), () -> ThreadLocalRandom.current().nextDouble());
        this.handlers = new Handlers(invitation.name(), Duration.ofMillis(Checks.within(pid, "handler.timeout.millis", configuration.handler_timeout_millis(), 0, 600_000)),
                Checks.within(pid, "handler.waiting", configuration.handler_waiting(), 0, 100_000));
        this.drainTimeout = Duration.ofMillis(Checks.within(pid, "drain.timeout.millis", configuration.drain_timeout_millis(), 0, 600_000));
        this.connectMillis = Checks.within(pid, "connect.timeout.millis", configuration.connect_timeout_millis(), 100, 120_000);
        if (!List.of(PEER, Details.PROXY).contains(configuration.role())) {
            throw Checks.bad(pid, "role", configuration.role(), PEER + " or " + Details.PROXY);
        }
        this.proxy = configuration.role().equals(Details.PROXY);
        if (configuration.register() && (proxy || !invitation.tls())) {
            throw Checks.bad(pid, "register", "true", "false, for a proxy and without TLS");
        }
        this.introduction = proxy ? said
                : Fields.builder().addAll(said).add(Details.INSTANCE, Instance.of(context, pid)).build();
        this.route = route(invitation.host());
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "adit-connector-" + invitation.name());
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true); // deadlines of attempts that came to an end
        Function<Duration, CompletionStage<Void>> drain = this::drain;
        // the link of a proxy is needed until the proxy has drained
        this.drainRegistration = proxy ? null
                : context.registerService(Function.class, drain, FrameworkUtil.asDictionary(Map.of("io.adit.drain", DRAIN_ORDER)));
        this.node = new Node(invitation.name(), new PeerNode.Way(invitation, route.isDirect() ? "" : route.via().toString()));
        this.nodeRegistration = proxy ? null : context.registerService(new String[] {PeerNode.class.getName(), MetricSource.class.getName()}, node,
                shown());
        thread.execute(this::dial);
    }

    @Reference(service = PacketCodec.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCodec(ServiceReference<PacketCodec> codec) {
        codecs.incrementAndGet();
        execute(this::codecArrived);
    }

    void removeCodec(ServiceReference<PacketCodec> codec) {
        codecs.decrementAndGet();
    }

    /** Read once: a new one in the file is for the next start of this component. */
    static Invitation invitation(String pid, ConnectorConfiguration configuration, Path home) {
        String text = SecretFile.either(pid, "invitation", configuration.invitation(), configuration.invitation_file(), home);
        try {
            return Invitation.parse(text);
        } catch (IllegalArgumentException e) {
            String file = configuration.invitation_file().strip();
            throw file.isEmpty() ? new IllegalArgumentException(pid + ": invitation: " + e.getMessage(), e)
                    : SecretFile.bad(pid, "invitation.file", home.resolve(file), e.getMessage());
        }
    }

    private Route route(String host) {
        return new Route(pid, configuration, System.getenv(), home, host);
    }

    /** A handler of registration servers is for the connector that its configuration gives it to. */
    @Reference(name = "handler", target = "(!(io.adit.link=*))", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setHandler(RequestHandler handler) {
        handlers.set(handler);
    }

    void unsetHandler(RequestHandler handler) {
        handlers.unset(handler);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addLocalRequests(LocalRequests local) {
        handlers.add(local);
    }

    void removeLocalRequests(LocalRequests local) {
        handlers.remove(local);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addRequestListener(RequestListener listener) {
        if (!proxy) { // the link of a proxy carries no requests of visitors
            handlers.reports().add(listener);
        }
    }

    void removeRequestListener(RequestListener listener) {
        handlers.reports().remove(listener);
    }

    /** The proxy is told, and what runs finishes, within a time. */
    @Deactivate
    void deactivate() {
        if (drainRegistration != null) {
            drainRegistration.unregister();
            nodeRegistration.unregister();
        }
        drain(drainTimeout).toCompletableFuture().completeOnTimeout(null, drainTimeout.toMillis() + STOP_MILLIS, TimeUnit.MILLISECONDS).join();
        handlers.close();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        thread.execute(() -> {
            unregister();
            all().forEach(Attempt::close);
            ended.complete(null);
        });
        ended.completeOnTimeout(null, STOP_MILLIS, TimeUnit.MILLISECONDS).join();
        thread.shutdownNow();
    }

    private List<Attempt> all() {
        List<Attempt> all = new ArrayList<>(leaving);
        if (current != null) {
            all.add(current);
        }
        return all;
    }

    /**
     * Requests that run finish; no new connection after that. A link has none that would end. An attempt that is under way comes to its end first,
     * within the drain time-out, and what comes of it is drained as well: the proxy may count on it already. It is not cancelled: a cancel that comes
     * when MINA has just connected closes the channel under the session, and MINA's connector, which counts that twice, is never disposed of (2.2).
     */
    private CompletionStage<Void> drain(Duration deadline) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        thread.execute(() -> {
            stopped = true;
            drainEnd = System.nanoTime() + deadline.toNanos();
            long end = drainEnd;
            CompletableFuture<?>[] ends = all().stream().map(attempt -> attempt.outcome().completeOnTimeout(null, drainTimeout.toNanos(), TimeUnit.NANOSECONDS)
                    .thenCompose(session -> session == null ? CompletableFuture.completedFuture(null) : finish(session, end)))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(ends).thenAccept(drained::complete);
        });
        return drained;
    }

    /** @param end as {@link System#nanoTime} has it; reset is what is not done by then */
    private CompletionStage<Void> finish(PeerSession session, long end) {
        if (proxy) {
            session.close(ErrorCode.SHUTDOWN, "");
        }
        return session.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())), ErrorCode.SHUTDOWN);
    }

    /** One that was missed, or a newer one, is worth an attempt at once; a pause for another reason goes on. */
    private void codecArrived() {
        if (waitsForCodec && current == null) {
            if (nextAttempt != null) {
                nextAttempt.cancel(false);
            }
            dial();
        }
    }

    private void dial() {
        nextAttempt = null;
        waitsForCodec = codecs.get() == 0;
        if (stopped) {
            return;
        } else if (waitsForCodec) {
            trouble(Trouble.CODEC, "there is no packet codec", null);
            return;
        }
        Assignment assigned = course.next().orElse(null);
        try {
            current = new Attempt(tunnel, invitation, assigned, assigned == null ? route : route(assigned.target().host()), connectMillis, thread, agent,
                    details(assigned), handlers, this);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            fail(Trouble.OTHER, e.getMessage()); // no TLS here at all, or a forward proxy that cannot do it
            return;
        }
        current.dial();
    }

    private Fields details(Assignment assigned) {
        Fields.Builder details = Fields.builder().addAll(introduction);
        if (proxy) {
            details.add(Details.ROLE, Details.PROXY);
        } else if (assigned == null && !course.avoid().isEmpty()) {
            details.add(Details.AVOID, course.avoid());
        }
        if (configuration.register() && assigned == null) {
            Proof.Verifier verifier = Proof.verifier(invitation.secret());
            details.add(Details.VERIFIER, Proof.hex(verifier.storedKey()) + Proof.hex(verifier.serverKey()));
        }
        return details.build();
    }

    @Override
    public void unreachable(Attempt attempt, DialException cause) {
        // a refused login is not tried again soon: many a company locks the account after a few attempts
        execute(() -> {
            attempt.close();
            if (attempt == current) {
                current = null;
                boolean atOnce = course.ended(attempt.assignment(), false, ErrorCode.SESSION_LOST);
                Trouble kind = cause.isLogin() ? Trouble.LOGIN : attempt.route().isDirect() ? Trouble.NETWORK : Trouble.FORWARD_PROXY;
                retry(attempt, kind, cause.getMessage(), cause.isLogin() ? attempt.route().refusedMillis() : atOnce ? 0 : backoff.next());
            }
        });
    }

    @Override
    public void registered(Attempt attempt, Registered answer, PeerSession session) {
        execute(() -> up(attempt, answer, session));
    }

    @Override
    public void goingAway(Attempt attempt, ErrorCode code) {
        execute(() -> leave(attempt, code));
    }

    @Override
    public void ended(Attempt attempt, ErrorCode code, String reason) {
        execute(() -> down(attempt, code, reason));
    }

    /** What comes after the connector was stopped has nobody to hear it. */
    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("after the end", e);
        }
    }

    private void retry(Attempt attempt, Trouble kind, String reason, long delay) {
        if (!stopped) {
            LOG.info("not connected name={} proxy={} reason={} retry_ms={}", invitation.name(), attempt.where(), reason, delay);
            node.retry();
            trouble(kind, reason, Instant.now().plusMillis(delay));
            nextAttempt = thread.schedule(this::dial, delay, TimeUnit.MILLISECONDS);
        }
    }

    private void up(Attempt attempt, Registered answer, PeerSession session) {
        attempt.registered(session);
        if (stopped || attempt != current) {
            finish(session, drainEnd); // it came too late to be waited for, perhaps
        } else if (proxy && !Details.PROXY.equals(answer.details().first(Details.ROLE))) { // PROTOCOL R1
            fail(Trouble.INVITATION, "the invitation for '" + invitation.name() + "' is not one for a proxy");
            session.close(ErrorCode.UNAUTHORIZED, "not a proxy");
        } else if (attempt.assignment() == null && answer.ticket().length > 0) {
            follow(attempt, answer);
        } else {
            course.up();
            wasUp = true;
            backoff.reset();
            LOG.info("connected name={} session={} proxy={} {}:{} url={} codec={} via={}", answer.name(), session.id(), answer.proxyName(),
                    answer.proxyAddress(), answer.proxyPort(), answer.url(), session.info().codec(), attempt.route().isDirect() ? "-" : attempt.route());
            trouble(Trouble.NONE, null, null);
            if (!proxy) {
                ready(answer.url());
                node.up(answer, session);
                show();
            }
        }
    }

    /** PROTOCOL R4 */
    private void follow(Attempt attempt, Registered answer) {
        try {
            Assignment assignment = Assignment.of(answer, invitation);
            LOG.info("assigned name={} proxy={} {}:{}", invitation.name(), assignment.proxy(), assignment.target().host(), assignment.target().port());
            course.assigned(assignment);
            leaving.add(attempt);
            current = null;
            attempt.session().close(ErrorCode.MOVED, "");
            dial();
        } catch (IllegalArgumentException e) {
            current = null;
            leaving.add(attempt);
            attempt.session().close(ErrorCode.PROTOCOL, e.getMessage());
            retry(attempt, Trouble.OTHER, e.getMessage(), backoff.next());
        }
    }

    /** The session goes on for a while; it is time to look for the next. */
    private void leave(Attempt attempt, ErrorCode code) {
        boolean over = code == ErrorCode.REPLACED || code == ErrorCode.REVOKED || code == ErrorCode.UNAUTHORIZED || code == ErrorCode.EXPIRED;
        if (stopped || attempt != current || over) {
            return; // its end says what that means
        }
        LOG.info("leaving name={} session={} proxy={} reason={}", invitation.name(), attempt.session().id(), attempt.where(), code);
        leaving.add(attempt);
        current = null;
        course.goingAway(attempt.assignment(), code);
        dial();
    }

    private void down(Attempt attempt, ErrorCode code, String reason) {
        attempt.close();
        boolean mine = attempt == current;
        if (mine) {
            current = null;
        } else {
            leaving.remove(attempt);
        }
        if (stopped) {
            return;
        }
        if (all().stream().noneMatch(each -> each.session() != null)) {
            unready();
        }
        if (!mine) {
            return;
        }
        boolean served = attempt.session() != null;
        // only who has the name's secret from us, and not just a ticket, may say that it is no good
        boolean asked = attempt.assignment() == null || served;
        switch (code) {
            case REVOKED, REPLACED, UNAUTHORIZED, EXPIRED, VERSION -> {
                if (asked) {
                    fail(code == ErrorCode.REPLACED ? Trouble.TAKEN_OVER : code == ErrorCode.VERSION ? Trouble.CODEC : Trouble.INVITATION, describe(code, reason));
                    return;
                }
            }
            default -> {
                if (attempt.mismatch() && attempt.assignment() == null) {
                    mismatch(attempt);
                    return;
                }
            }
        }
        waitsForCodec = code == ErrorCode.NO_CODEC;
        boolean atOnce = course.ended(attempt.assignment(), served, code);
        String why = attempt.mismatch() ? "the proxy shows another certificate than the registration server says" : reason;
        Trouble kind = attempt.mismatch() ? Trouble.CERTIFICATE : waitsForCodec ? Trouble.CODEC : Trouble.NETWORK;
        retry(attempt, kind, code.text() + (why.isEmpty() ? "" : ": " + why), atOnce ? 0 : backoff.next());
    }

    private void mismatch(Attempt attempt) {
        String message = "the proxy at " + attempt.where() + " shows another certificate than the one that the invitation names"
                + (route.isDirect() ? "" : "; does the forward proxy " + route + " look into TLS?");
        if (wasUp) {
            course.ended(null, false, ErrorCode.SESSION_LOST);
            retry(attempt, Trouble.CERTIFICATE, message, backoff.slow());
        } else {
            fail(Trouble.CERTIFICATE, message);
        }
    }

    private void ready(String url) {
        if (ready != null && url.equals(readyUrl)) {
            return;
        }
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of("io.adit.ready", "peer", "url", url, "name", invitation.name()));
        readyUrl = url;
        if (ready == null) {
            ready = context.registerService(Object.class, new Object(), properties);
        } else {
            ready.setProperties(properties);
        }
    }

    private void unready() {
        node.down();
        if (ready != null) {
            ready.unregister();
            ready = null;
        }
    }

    private Dictionary<String, Object> shown() {
        return FrameworkUtil.asDictionary(Map.of("name", invitation.name(), "state", node.status().state()));
    }

    /** Who wants to know of another state is told by the framework. */
    private void show() {
        if (nodeRegistration == null) {
            return;
        }
        try {
            if (!node.status().state().equals(shownState)) {
                shownState = node.status().state();
                nodeRegistration.setProperties(shown());
            }
        } catch (IllegalStateException e) {
            LOG.debug("unregistered already", e);
        }
    }

    /** For whoever waits (the launcher): why there is no connection yet. */
    private void trouble(Trouble kind, String reason, Instant next) {
        if (reason == null) {
            if (trouble != null) {
                trouble.unregister();
            }
            trouble = null;
            return;
        }
        node.trouble(kind, reason, next);
        show();
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of("io.adit.trouble", reason));
        if (trouble == null) {
            trouble = context.registerService(Object.class, new Object(), properties);
        } else {
            trouble.setProperties(properties);
        }
    }

    private String describe(ErrorCode code, String reason) {
        return switch (code) {
            case REVOKED -> "the invitation for '" + invitation.name() + "' was revoked";
            case EXPIRED -> reason.isEmpty() || reason.equals(code.text()) ? "the invitation for '" + invitation.name() + "' has expired" : reason;
            case REPLACED -> "another " + configuration.role() + " with the same invitation took over '" + invitation.name() + "'";
            default -> reason.isEmpty() ? code.text() : reason;
        };
    }

    /** Does not try again: whoever watches (the launcher, the console) is told why. */
    private void fail(Trouble kind, String message) {
        stopped = true;
        node.stopped(kind, message);
        show();
        trouble(Trouble.NONE, null, null);
        LOG.error("stopped name={} reason={}", invitation.name(), message);
        Map<String, Object> properties = new HashMap<>(Map.of("io.adit.failure", true, "message", message, "code", 1));
        if (!proxy) {
            properties.put("unless", OTHERS);
        }
        failure = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(properties));
    }

    private void unregister() {
        for (ServiceRegistration<?> each : new ServiceRegistration<?>[] {ready, failure, trouble}) {
            if (each != null) {
                each.unregister();
            }
        }
        ready = null;
        failure = null;
        trouble = null;
    }
}

package io.adit.connector;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.adit.api.Checks;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.PacketCodec;
import io.adit.tunnel.Tunnel;
import io.adit.tunnel.mina.MinaHandler;
import org.osgi.framework.BundleContext;
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
 * Keeps one session with a proxy up: dials, registers, and dials again when it is lost. Gives up only when the proxy says that the
 * invitation is no good, or when another peer took the name over with the same one.
 *
 * <p>Thread-safety: all decisions are made on one thread of its own ({@code adit-connector}), where nothing but name look-ups and a
 * small file blocks.
 */
@Component(service = {}, immediate = true, configurationPid = Connector.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConnectorConfiguration.class, factory = true)
public final class Connector {

    static final String PID = "io.adit.connector";
    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
    /** For the good-bye after a drain. */
    private static final long STOP_MILLIS = 3000;
    private static final int DRAIN_ORDER = 10;

    private final BundleContext context;
    private final Tunnel tunnel;
    private final Invitation invitation;
    private final String agent;
    private final Route route;
    private final Backoff backoff;
    private final Handlers handlers;
    private final Duration drainTimeout;
    private final Dialer dialer;
    private final ScheduledThreadPoolExecutor thread;
    private final ServiceRegistration<?> drainRegistration;

    /** Without a codec there is nothing to say to a proxy: the connector waits for one, and does not try. */
    private final AtomicInteger codecs = new AtomicInteger();

    // confined to the thread
    private PeerSession session;
    private ScheduledFuture<?> nextAttempt;
    private boolean waitsForCodec;
    private ServiceRegistration<?> ready;
    private ServiceRegistration<?> failure;
    private ServiceRegistration<?> trouble;
    private boolean stopped;
    private boolean wasUp;

    @Activate
    public Connector(BundleContext context, ConnectorConfiguration configuration, @Reference Tunnel tunnel) throws GeneralSecurityException {
        this.context = context;
        this.tunnel = tunnel;
        try {
            this.invitation = Invitation.parse(configuration.invitation());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PID + ": invitation: " + e.getMessage(), e);
        }
        this.agent = "adit/" + context.getBundle().getVersion();
        this.backoff = new Backoff(Checks.within(PID, "retry.millis", configuration.retry_millis(), 10, 60_000),
                Checks.within(PID, "retry.fast.for.millis", configuration.retry_fast_for_millis(), 0, 3_600_000),
                Checks.within(PID, "retry.max.millis", configuration.retry_max_millis(), 100, 3_600_000), () -> ThreadLocalRandom.current().nextDouble());
        this.handlers = new Handlers(Duration.ofMillis(Checks.within(PID, "handler.timeout.millis", configuration.handler_timeout_millis(), 0, 600_000)),
                Checks.within(PID, "handler.waiting", configuration.handler_waiting(), 0, 100_000));
        this.drainTimeout = Duration.ofMillis(Checks.within(PID, "drain.timeout.millis", configuration.drain_timeout_millis(), 0, 600_000));
        int timeout = Checks.within(PID, "connect.timeout.millis", configuration.connect_timeout_millis(), 100, 120_000);
        String home = context.getProperty("adit.home");
        this.route = new Route(configuration, System.getenv(), Path.of(home == null ? "" : home), invitation.host());
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "adit-connector-" + invitation.name());
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true); // deadlines of attempts that came to an end
        this.dialer = new Dialer(invitation, route, timeout, thread, agent,
                new MinaHandler(transport -> tunnel.connect(transport, invitation.fingerprint(), new Side())));
        Function<Duration, CompletionStage<Void>> drain = this::drain;
        this.drainRegistration = context.registerService(Function.class, drain, FrameworkUtil.asDictionary(Map.of("io.adit.drain", DRAIN_ORDER)));
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

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setHandler(RequestHandler handler) {
        handlers.set(handler);
    }

    void unsetHandler(RequestHandler handler) {
        handlers.unset(handler);
    }

    /** The proxy is told, and what runs finishes, within a time. */
    @Deactivate
    void deactivate() {
        drainRegistration.unregister();
        drain(drainTimeout).toCompletableFuture().completeOnTimeout(null, drainTimeout.toMillis() + STOP_MILLIS, TimeUnit.MILLISECONDS).join();
        handlers.close();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        thread.execute(() -> {
            unregister();
            ended.complete(null);
        });
        ended.completeOnTimeout(null, STOP_MILLIS, TimeUnit.MILLISECONDS).join();
        thread.shutdownNow();
        dialer.close();
    }

    /** Requests that run finish; no new connection after that. */
    private CompletionStage<Void> drain(Duration deadline) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        thread.execute(() -> {
            stopped = true;
            if (session == null) {
                drained.complete(null);
            } else {
                session.drain(deadline, ErrorCode.SHUTDOWN).thenAccept(drained::complete);
            }
        });
        return drained;
    }

    /** One that was missed, or a newer one, is worth an attempt at once; a pause for another reason goes on. */
    private void codecArrived() {
        if (waitsForCodec && session == null) {
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
            trouble("there is no packet codec");
            return;
        }
        // a refused login is not tried again soon: many a company locks the account after a few attempts
        dialer.dial(cause -> execute(() -> retry(cause.getMessage(), cause.isLogin() ? route.refusedMillis() : backoff.next())));
    }

    /** What comes after the connector was stopped has nobody to hear it. */
    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("after the end", e);
        }
    }

    private void retry(String reason, long delay) {
        if (!stopped) {
            LOG.info("not connected name={} proxy={}:{} reason={} retry_ms={}", invitation.name(), invitation.host(), invitation.port(), reason, delay);
            trouble(reason);
            nextAttempt = thread.schedule(this::dial, delay, TimeUnit.MILLISECONDS);
        }
    }

    private void up(Registered registered, PeerSession opened) {
        if (stopped) {
            opened.close(ErrorCode.SHUTDOWN, "");
            return;
        }
        session = opened;
        wasUp = true;
        backoff.reset();
        LOG.info("connected name={} session={} proxy={} {}:{} url={} codec={} via={}", registered.name(), opened.id(), registered.proxyName(),
                registered.proxyAddress(), registered.proxyPort(), registered.url(), opened.info().codec(), route.isDirect() ? "-" : route);
        trouble(null);
        if (ready == null) {
            ready = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(
                    Map.of("io.adit.ready", "peer", "url", registered.url(), "name", registered.name())));
        }
    }

    private void down(ErrorCode code, String reason) {
        session = null;
        if (stopped) {
            return;
        }
        if (ready != null) {
            ready.unregister();
            ready = null;
        }
        switch (code) {
            case UNAUTHORIZED, REVOKED, REPLACED, VERSION -> fail(describe(code, reason));
            default -> {
                if (dialer.mismatch()) {
                    String message = "the proxy at " + invitation.host() + ":" + invitation.port()
                            + " shows another certificate than the one that the invitation names"
                            + (route.isDirect() ? "" : "; does the forward proxy " + route + " look into TLS?");
                    if (wasUp) {
                        retry(message, backoff.slow());
                    } else {
                        fail(message);
                    }
                } else {
                    waitsForCodec = code == ErrorCode.NO_CODEC;
                    retry(code.text() + (reason.isEmpty() ? "" : ": " + reason), backoff.next());
                }
            }
        }
    }

    /** For whoever waits (the launcher): why there is no connection yet. */
    private void trouble(String reason) {
        if (reason == null) {
            if (trouble != null) {
                trouble.unregister();
            }
            trouble = null;
            return;
        }
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
            case REPLACED -> "another peer with the same invitation took over '" + invitation.name() + "'";
            default -> reason.isEmpty() ? code.text() : reason;
        };
    }

    /** Does not try again: whoever watches (the launcher, the console) is told why. */
    private void fail(String message) {
        stopped = true;
        LOG.error("stopped name={} reason={}", invitation.name(), message);
        failure = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(
                Map.of("io.adit.failure", true, "message", message, "code", 1)));
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

    /** One attempt. */
    private final class Side implements Tunnel.PeerSide {

        @Override
        public String name() {
            return invitation.name();
        }

        @Override
        public byte[] secret() {
            return invitation.secret();
        }

        @Override
        public String agent() {
            return agent;
        }

        @Override
        public byte[] ticket() {
            return new byte[0];
        }

        @Override
        public Fields details() {
            return Fields.EMPTY;
        }

        @Override
        public RequestHandler handler() {
            return handlers;
        }

        @Override
        public void opened(Registered registered, PeerSession opened) {
            execute(() -> up(registered, opened));
        }

        @Override
        public void closed(ErrorCode code, boolean remote, String reason) {
            execute(() -> down(code, reason));
        }
    }
}

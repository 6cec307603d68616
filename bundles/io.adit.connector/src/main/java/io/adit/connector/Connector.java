package io.adit.connector;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
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

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

import io.adit.api.Api;
import io.adit.api.Checks;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.PacketCodec;
import io.adit.tunnel.Tunnel;
import io.adit.tunnel.mina.MinaHandler;
import org.apache.mina.core.future.ConnectFuture;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;
import org.apache.mina.transport.socket.nio.NioSocketConnector;
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
 * <p>Thread-safety: all decisions are made on one thread of its own ({@code adit-connector}), where nothing but name look-ups blocks.
 */
@Component(service = {}, immediate = true, configurationPid = Connector.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        reference = @Reference(name = "api", service = Api.class))
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
    private final PinnedTrust trust;
    private final Backoff backoff;
    private final Handlers handlers;
    private final Duration drainTimeout;
    private final NioSocketConnector sockets;
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
        this.sockets = new NioSocketConnector(1);
        this.trust = new PinnedTrust(invitation.fingerprint(), () -> sockets.getManagedSessions().values().forEach(IoSession::closeNow));
        sockets.setConnectTimeoutMillis(timeout);
        MinaHandler.configure(sockets.getSessionConfig());
        if (invitation.tls()) {
            SSLContext ssl = SSLContext.getInstance("TLSv1.3");
            ssl.init(null, new TrustManager[] {trust}, new SecureRandom());
            SslFilter filter = new SslFilter(ssl);
            filter.setEnabledProtocols("TLSv1.3");
            sockets.getFilterChain().addFirst("tls", filter);
        }
        sockets.setHandler(new MinaHandler(transport -> tunnel.connect(transport, invitation.fingerprint(), new Side())));
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "adit-connector-" + invitation.name());
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
        sockets.dispose(true);
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
        if (stopped || waitsForCodec) {
            return;
        }
        InetSocketAddress address = new InetSocketAddress(invitation.host(), invitation.port());
        if (address.isUnresolved()) {
            retry("no address for " + invitation.host(), backoff.next());
            return;
        }
        ConnectFuture connecting = sockets.connect(address);
        connecting.addListener(done -> {
            Throwable cause = connecting.getException();
            if (cause != null) {
                execute(() -> retry(cause.getMessage(), backoff.next()));
            }
        });
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
        LOG.info("connected name={} session={} proxy={} {}:{} url={} codec={}", registered.name(), opened.id(), registered.proxyName(),
                registered.proxyAddress(), registered.proxyPort(), registered.url(), opened.info().codec());
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
                if (trust.mismatch()) {
                    String message = "the proxy at " + invitation.host() + ":" + invitation.port()
                            + " shows another certificate than the one that the invitation names";
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
        for (ServiceRegistration<?> each : new ServiceRegistration<?>[] {ready, failure}) {
            if (each != null) {
                each.unregister();
            }
        }
        ready = null;
        failure = null;
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

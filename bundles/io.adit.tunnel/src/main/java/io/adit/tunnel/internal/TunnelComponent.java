package io.adit.tunnel.internal;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.Checks;
import io.adit.api.ErrorCode;
import io.adit.api.packet.PacketCodec;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import io.adit.tunnel.Tunnel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The engine of this container: what all sessions share (credit pool, codecs, threads), and which sessions there are.
 *
 * <p>Threads: {@code adit-tunnel-N} run callbacks of streams (handlers do not block, so a few do), {@code adit-register-N} check registrations,
 * {@code adit-timer} runs the deadlines.
 * Tasks that wait for a thread are bounded by the streams: a stream has at most one demand, one reset and its pending completions.
 */
@Component(service = Tunnel.class, configurationPid = TunnelComponent.PID)
@Designate(ocd = TunnelConfiguration.class)
public final class TunnelComponent implements Tunnel {

    static final String PID = "io.adit.tunnel";
    private static final long STOP_MILLIS = 2000;

    private final Limits limits;
    private final CreditPool pool;
    private final Codecs codecs = new Codecs();
    private final ExecutorService executor;
    private final ExecutorService registrar;
    private final ScheduledThreadPoolExecutor timer;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    @Activate
    public TunnelComponent(TunnelConfiguration configuration) {
        this(limits(configuration));
    }

    TunnelComponent(Limits limits) {
        this.limits = limits;
        this.pool = new CreditPool(limits.pool());
        this.executor = Executors.newFixedThreadPool(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), named("adit-tunnel-"));
        this.registrar = Executors.newFixedThreadPool(2, named("adit-register-"));
        this.timer = new ScheduledThreadPoolExecutor(1, named("adit-timer-"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Deactivate
    void deactivate() {
        List<Session> open = List.copyOf(sessions);
        open.forEach(session -> session.close(ErrorCode.SHUTDOWN, ""));
        java.util.concurrent.CompletableFuture<?>[] ends = open.stream().map(session -> session.closed().toCompletableFuture())
                .toArray(java.util.concurrent.CompletableFuture<?>[]::new);
        java.util.concurrent.CompletableFuture.allOf(ends).completeOnTimeout(null, STOP_MILLIS, TimeUnit.MILLISECONDS).join();
        timer.shutdownNow();
        registrar.shutdownNow();
        executor.shutdown();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCodec(PacketCodec codec) {
        codecs.add(codec);
    }

    /** Sessions that use it end with a go-away; their peers come back and choose among what is there then. */
    void removeCodec(PacketCodec codec) {
        if (codecs.remove(codec)) {
            for (Session session : sessions) {
                if (session.codec() == codec) {
                    session.close(ErrorCode.NO_CODEC, "codec version " + codec.version() + " went away");
                }
            }
        }
    }

    @Override
    public TransportListener accept(Transport transport, byte[] fingerprint, ProxySide side) {
        return start(new Session(this, transport, fingerprint, side, null));
    }

    @Override
    public TransportListener connect(Transport transport, byte[] fingerprint, PeerSide side) {
        return start(new Session(this, transport, fingerprint, null, side));
    }

    private TransportListener start(Session session) {
        sessions.add(session);
        session.start();
        return session;
    }

    void remove(Session session) {
        sessions.remove(session);
    }

    Limits limits() {
        return limits;
    }

    CreditPool pool() {
        return pool;
    }

    Codecs codecs() {
        return codecs;
    }

    Executor executor() {
        return executor;
    }

    Executor registrar() {
        return registrar;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static Limits limits(TunnelConfiguration c) {
        long pool = Checks.within(PID, "pool.megabytes", c.pool_megabytes(), 0, 1 << 20) * 1024L * 1024L;
        long uploads = (long) c.max_streams() * c.window_upload_bytes();
        if (pool == 0) {
            pool = Math.max(uploads, Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 4));
        }
        return new Limits(pool,
                Checks.within(PID, "max.streams", c.max_streams(), 1, 65536),
                Checks.within(PID, "window.initial.bytes", c.window_initial_bytes(), Limits.LEAST_WINDOW, 16 << 20),
                Checks.within(PID, "window.upload.bytes", c.window_upload_bytes(), Limits.LEAST_WINDOW, 1 << 20),
                Checks.within(PID, "window.max.bytes", c.window_max_bytes(), 65536, 64 << 20),
                millis("handshake.timeout.millis", c.handshake_timeout_millis(), 100, 120_000),
                Checks.within(PID, "control.rate", c.control_rate(), 10, 100_000),
                new KeepAlive.Timing(
                        millis("ping.idle.millis", c.ping_idle_millis(), 100, 600_000),
                        millis("ping.busy.millis", c.ping_busy_millis(), 100, 600_000),
                        millis("ping.timeout.millis", c.ping_timeout_millis(), 100, 600_000),
                        millis("ping.idle.timeout.millis", c.ping_idle_timeout_millis(), 100, 600_000),
                        millis("write.stall.millis", c.write_stall_millis(), 1000, 600_000),
                        TimeUnit.SECONDS.toNanos(1)));
    }

    private static long millis(String key, int value, int least, int most) {
        return TimeUnit.MILLISECONDS.toNanos(Checks.within(PID, key, value, least, most));
    }
}

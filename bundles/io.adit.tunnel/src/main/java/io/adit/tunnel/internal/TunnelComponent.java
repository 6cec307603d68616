package io.adit.tunnel.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.adit.api.Check;
import io.adit.api.Checks;
import io.adit.api.CodecListener;
import io.adit.api.CodecManager;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.MetricSource;
import io.adit.api.packet.PacketCodec;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import io.adit.tunnel.Tunnel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of this container: what all sessions share (credit pool, codecs, threads), and which sessions there are.
 *
 * <p>Threads: {@code adit-tunnel-N} run callbacks of streams (handlers do not block, so a few do), {@code adit-register-N} check registrations,
 * {@code adit-timer} runs the deadlines.
 * Tasks that wait for a thread are bounded by the streams: a stream has at most one demand, one reset and its pending completions.
 */
@Component(service = {Tunnel.class, CodecManager.class, HealthSource.class, MetricSource.class}, configurationPid = TunnelComponent.PID)
@Designate(ocd = TunnelConfiguration.class)
public final class TunnelComponent implements Tunnel, CodecManager, HealthSource, MetricSource {

    static final String PID = "io.adit.tunnel";
    private static final Logger LOG = LoggerFactory.getLogger(TunnelComponent.class);
    private static final long STOP_MILLIS = 2000;

    private volatile Limits limits;
    private final CreditPool pool;
    private final WriteBuffers buffers = new WriteBuffers();
    private final Codecs codecs = new Codecs();
    private volatile Codecs.Order configured = codecs.order();
    private volatile int preferred;
    /** Counts, so that who waits misses none. */
    private final AtomicLong codecMoves = new AtomicLong();
    private final ExecutorService executor;
    private final ExecutorService registrar;
    private final ScheduledThreadPoolExecutor timer;
    private final Figures figures = new Figures();
    private final Set<Session> sessions = figures.sessions();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<CodecListener> listeners = new CopyOnWriteArrayList<>();

    @Activate
    public TunnelComponent(TunnelConfiguration configuration) {
        this(limits(configuration));
        configured = order(configuration);
        codecs.order(configured);
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

    /** Sessions live on: the codecs' settings count for them at once, all others but the pool's size for the sessions to come. */
    @Modified
    void modified(TunnelConfiguration configuration) {
        limits = limits(configuration);
        configured = order(configuration);
        preferred = 0;
        order(configured);
    }

    @Override
    public List<Check> conditions() {
        long reserved = pool.reserved();
        String credit = (reserved >> 20) + " of " + (pool.capacity() >> 20) + " MiB of credit are given to streams";
        int waiting = sessions().getOrDefault(0, 0);
        return List.of(reserved > pool.capacity() / 10 * 9 ? HealthSource.bad("credit", Check.State.FAIL, credit, "New requests are refused soon: give the JVM more heap (-Xmx), or lessen "
                + "what one name may have (quota). adit:streams shows who holds bytes up.")
                : pool.isTight() ? HealthSource.bad("credit", Check.State.WARN, credit, "Windows do not grow any more, so transfers are slower: give the JVM more heap (-Xmx).")
                : HealthSource.ok("credit", credit),
                versions().isEmpty() ? HealthSource.bad("codec", Check.State.FAIL, "there is no packet codec, so nothing can be said to the other side", "Put a codec's bundle into load/, such as io.adit.codec.v2.jar.")
                : waiting > 0 ? HealthSource.bad("codec", Check.State.WARN, "sessions that wait for a codec that both sides have: " + waiting, "Put back the codec's bundle that was taken away; adit:codecs lists what is here.")
                : HealthSource.ok("codec", "codec versions " + versions()));
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
        int version = codec.version();
        if (version < 1 || version > 0xFFFF) {
            LOG.error("{} is not used: its version {} is not within 1..65535", codec.getClass().getName(), version);
            return;
        }
        codecs.add(codec);
        sessions.forEach(Session::codecsChanged);
    }

    /**
     * Every session that uses it moves to the best other version that both sides have, or parks. When this returns the codec is in no use
     * any more: what was on its way in it has been decoded.
     */
    void removeCodec(PacketCodec codec) {
        codecs.remove(codec);
        for (Session session : sessions) {
            session.codecsChanged();
            if (session.isInHandshake() && session.uses(codec)) {
                session.close(ErrorCode.NO_CODEC, "codec version " + codec.version() + " went away"); // nothing runs on it yet
            }
        }
        if (awaitRelease(codec, System.nanoTime() + limits.codecRelease())) {
            return;
        }
        for (Session session : sessions) {
            if (session.uses(codec)) {
                session.close(ErrorCode.NO_CODEC, "codec version " + codec.version() + " went away");
            }
        }
    }

    private boolean awaitRelease(PacketCodec codec, long deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                long seen = codecMoves.get();
                if (sessions.stream().noneMatch(session -> session.uses(codec))) {
                    return true;
                }
                synchronized (codecMoves) {
                    while (codecMoves.get() == seen) {
                        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                        if (left <= 0) {
                            return false;
                        }
                        codecMoves.wait(left);
                    }
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A session sends with another version. */
    void switched(String name, String session, int before, int now) {
        for (CodecListener listener : listeners) {
            try {
                listener.switched(name, session, before, now);
            } catch (RuntimeException e) {
                LOG.warn("{} failed", listener.getClass().getName(), e);
            }
        }
    }

    /** A session may have left a codec. */
    void codecMoved() {
        synchronized (codecMoves) {
            codecMoves.incrementAndGet();
            codecMoves.notifyAll();
        }
    }

    void order(Codecs.Order wanted) {
        codecs.order(wanted);
        sessions.forEach(Session::codecsChanged);
    }

    @Override
    public List<Integer> versions() {
        return codecs.versions();
    }

    @Override
    public Map<Integer, Integer> sessions() {
        Map<Integer, Integer> counts = new TreeMap<>();
        // whoever has not registered may be anybody, and waits for no codec
        sessions.stream().filter(session -> !session.isInHandshake()).forEach(session -> counts.merge(session.info().codec(), 1, Integer::sum));
        return counts;
    }

    @Override
    public int preferred() {
        return preferred;
    }

    @Override
    public void prefer(int version) {
        if (version != 0 && !codecs.versions().contains(version)) {
            throw new IllegalArgumentException("there is no codec version " + version + " here, but " + codecs.versions());
        }
        preferred = version;
        List<Integer> first = new ArrayList<>(version == 0 ? List.of() : List.of(version));
        first.addAll(configured.preferred());
        order(new Codecs.Order(configured.minimum(), first));
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

    @Override
    public List<Metric> metrics() {
        return figures.metrics(pool);
    }

    Figures figures() {
        return figures;
    }

    Limits limits() {
        return limits;
    }

    CreditPool pool() {
        return pool;
    }

    WriteBuffers buffers() {
        return buffers;
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
                millis("codec.release.timeout.millis", c.codec_release_timeout_millis(), 0, 60_000),
                millis("codec.park.timeout.millis", c.codec_park_timeout_millis(), 0, 600_000),
                Checks.within(PID, "control.rate", c.control_rate(), 10, 100_000),
                new KeepAlive.Timing(
                        millis("ping.idle.millis", c.ping_idle_millis(), 100, 600_000),
                        millis("ping.busy.millis", c.ping_busy_millis(), 100, 600_000),
                        millis("ping.timeout.millis", c.ping_timeout_millis(), 100, 600_000),
                        millis("ping.idle.timeout.millis", c.ping_idle_timeout_millis(), 100, 600_000),
                        millis("write.stall.millis", c.write_stall_millis(), 1000, 600_000),
                        TimeUnit.SECONDS.toNanos(1),
                        TimeUnit.MILLISECONDS.toNanos(4 * Session.TICK_MILLIS)));
    }

    static Codecs.Order order(TunnelConfiguration c) {
        int minimum = Checks.within(PID, "codec.minimum", c.codec_minimum(), 1, 0xFFFF);
        String[] order = c.codec_order() == null ? new String[0] : c.codec_order();
        return new Codecs.Order(minimum, Arrays.stream(order).flatMap(each -> Arrays.stream(each.split(","))).filter(each -> !each.isBlank()).map(TunnelComponent::version).toList());
    }

    /** They come as texts, since a form sends an empty one where there is none, of which Declarative Services would make no number. */
    private static int version(String text) {
        try {
            return Checks.within(PID, "codec.order", Integer.parseInt(text.strip()), 1, 0xFFFF);
        } catch (NumberFormatException e) {
            throw Checks.bad(PID, "codec.order", text, "in 1..65535");
        }
    }

    private static long millis(String key, int value, int least, int most) {
        return TimeUnit.MILLISECONDS.toNanos(Checks.within(PID, key, value, least, most));
    }
}

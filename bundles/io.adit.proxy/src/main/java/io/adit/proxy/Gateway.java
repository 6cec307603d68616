package io.adit.proxy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.adit.api.LocalAnswers;
import io.adit.api.RequestReports;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all exchanges share: who is under way, the one clock for their deadlines, and the end of it all. Thread-safe.
 */
final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final long TICK_MILLIS = 100;
    private static final int SWEEP_TICKS = 100;

    private final Settings settings;
    private final ErrorPages pages;
    private final Registry registry;
    private final Supplier<List<LocalAnswers>> localAnswers;
    private final RequestFilter filter;
    private final RequestReports reports = new RequestReports((listener, failure) ->
            LOG.warn("{} failed, and is told no more of that request", listener.getClass().getName(), failure));
    private final Set<Relay> underWay = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock;
    private final LongSupplier nanoClock;
    private final Quotas quotas;
    private int ticks;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean draining;
    private volatile boolean closing;
    private volatile Predicate<Relay> awaited = relay -> true;
    private volatile boolean over;
    // guarded by underWay
    private boolean closed;
    private int entering;

    /**
     * @param localAnswers gives those that are there now
     */
    Gateway(Settings settings, ErrorPages pages, Supplier<List<LocalAnswers>> localAnswers) {
        this(settings, pages, localAnswers, System::nanoTime);
    }

    /** @param nanoClock what deadlines and quotas go by */
    Gateway(Settings settings, ErrorPages pages, Supplier<List<LocalAnswers>> localAnswers, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.pages = pages;
        this.registry = new Registry(Duration.ofMillis(settings.holdTimeout()), settings.holdMax());
        this.localAnswers = localAnswers;
        this.filter = new RequestFilter(settings.trusted());
        clock = Executors.unconfigurableScheduledExecutorService(new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "adit-proxy-clock");
            thread.setDaemon(true);
            return thread;
        }));
        quotas = new Quotas(clock, nanoClock);
        clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    Settings settings() {
        return settings;
    }

    LongSupplier nanoClock() {
        return nanoClock;
    }

    ErrorPages pages() {
        return pages;
    }

    Quotas quotas() {
        return quotas;
    }

    Registry registry() {
        return registry;
    }

    List<LocalAnswers> localAnswers() {
        return localAnswers.get();
    }

    /** Who is told of the requests. */
    RequestReports reports() {
        return reports;
    }

    boolean isDraining() {
        return draining;
    }

    int underWay() {
        return underWay.size();
    }

    RequestHead requestHead(Exchange exchange, Fields fields, String authority) {
        return filter.head(exchange, fields, authority);
    }

    /** The address of whoever it comes from, as far as it is to be believed. */
    String visitor(InetSocketAddress remote, Fields fields) {
        return filter.visitor(remote, fields);
    }

    /** Takes over a request. Returns at once. False when all is over here. */
    boolean handle(Supplier<Exchange> exchange) {
        synchronized (underWay) {
            if (closed) {
                return false;
            }
            entering++;
        }
        try {
            Relay relay = new Relay(this, exchange.get());
            underWay.add(relay);
            relay.start();
        } finally {
            synchronized (underWay) {
                entering--;
            }
        }
        completeWhenIdle();
        return true;
    }

    void ended(Relay relay) {
        underWay.remove(relay);
        completeWhenIdle();
        stopClockWhenOver();
    }

    /** It needs nothing more from here. */
    void onItsWay() {
        completeWhenIdle();
    }

    /**
     * New requests are refused with 503 from now on. Completes when none is under way, and not before: whoever drains has a deadline of his own, and is to
     * know whether all was done by then.
     */
    CompletionStage<Void> drain() {
        draining = true;
        completeWhenIdle();
        return idle.copy();
    }

    /** Waits for those under way, and those who still find the way here, for the configured time; then breaks them off. Idempotent. */
    @Override
    public void close() {
        end(relay -> true);
    }

    /**
     * The same for those that still need something here, a registry or a peer. The others have found their peer: they go on without us, a download
     * and an upgraded connection as long as they like, while another takes what is new.
     */
    void leave() {
        end(relay -> !relay.isOnItsWay());
    }

    private void end(Predicate<Relay> waitedFor) {
        awaited = waitedFor;
        closing = true;
        completeWhenIdle();
        try {
            idle.copy().completeOnTimeout(null, settings.stopTimeout(), TimeUnit.MILLISECONDS).join();
        } finally {
            synchronized (underWay) {
                closed = true;
            }
            registry.close();
            List<Relay> left = underWay.stream().filter(waitedFor).toList();
            if (!left.isEmpty()) {
                LOG.info("stopping breaks {} exchanges off", left.size());
                left.forEach(relay -> relay.stop("the proxy stops"));
            }
            over = true;
            stopClockWhenOver();
        }
    }

    /** The clock is also that of those who go on. */
    private void stopClockWhenOver() {
        if (over && underWay.isEmpty()) {
            clock.shutdownNow();
        }
    }

    private void completeWhenIdle() {
        if (draining || closing) {
            synchronized (underWay) {
                if (entering == 0 && underWay.stream().noneMatch(awaited)) {
                    closed = closing; // while it only drains, those that come late are told so
                    idle.complete(null);
                }
            }
        }
    }

    private void tick() {
        long now = nanoClock.getAsLong();
        for (Relay relay : underWay) {
            relay.tick(now);
        }
        ticks = (ticks + 1) % SWEEP_TICKS;
        if (ticks == 0) {
            quotas.sweep();
        }
    }
}

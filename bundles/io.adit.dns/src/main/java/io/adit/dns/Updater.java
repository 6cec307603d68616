package io.adit.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.adit.api.Check;
import io.adit.api.HealthSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * The one thread that tells the other server, name by name, until it knows. What goes wrong is one line in the log for each kind of failure, and one
 * when it is over.
 *
 * <p>Thread-safe; whoever wishes something does not wait.
 */
final class Updater implements Hosts.Sink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Updater.class);
    private static final Duration STOP = Duration.ofSeconds(5);
    /** Names of others, and kinds of failures, that are remembered, so that each is one line in the log. */
    private static final int FOREIGN = 10_000;
    private static final int KINDS = 100;

    private final Exchange exchange;
    private final UpdateMessages messages;
    private final Published published;
    private final Duration reconcile;
    private final Thread thread = new Thread(this::run, "adit-dns-update");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private final UpdateQueue queue;
    /** Those that were told of since the start; null after the reconciliation. */
    private Set<Name> known = new HashSet<>();
    private Optional<Long> reconcileAt = Optional.empty();
    private boolean full;
    private boolean stopped;

    // confined to the thread
    private final Set<Name> foreign = new HashSet<>();
    private final Set<String> failures = new HashSet<>();
    private final Set<Name> failing = new HashSet<>();
    /** One line; empty when there is none. */
    private volatile String trouble = "";

    Updater(Exchange exchange, UpdateMessages messages, UpdateQueue.Limits limits, Published published, Duration reconcile) {
        this.exchange = exchange;
        this.messages = messages;
        this.published = published;
        this.reconcile = reconcile;
        this.queue = new UpdateQueue(limits, () -> ThreadLocalRandom.current().nextDouble());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((same, failure) -> LOG.error("names are not updated any more", failure));
        thread.start();
    }

    @Override
    public void lead(Name host, List<InetAddress> addresses) {
        lock.lock();
        try {
            if (known != null) {
                known.add(host);
            }
            wish(host, addresses);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All names there are have been told of. */
    void told() {
        lock.lock();
        try {
            if (known != null && reconcileAt.isEmpty()) {
                reconcileAt = Optional.of(System.nanoTime() + reconcile.toNanos());
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void wish(Name host, List<InetAddress> addresses) {
        boolean room = queue.put(host, addresses, System.nanoTime());
        if (!room && !full) {
            LOG.error("{} names wait to be updated, more are not taken: DNS will lack some (queue.max)", queue.size());
        }
        full = !room;
    }

    private void run() {
        try {
            while (true) {
                Optional<UpdateQueue.Wish> next = next();
                if (next.isEmpty()) {
                    return;
                }
                perform(next.get());
            }
        } catch (InterruptedException e) {
            LOG.debug("ends", e);
        }
    }

    /** Waits for the next wish; empty at the end. */
    private Optional<UpdateQueue.Wish> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped) {
                long now = System.nanoTime();
                if (reconcileAt.isPresent() && reconcileAt.get() - now <= 0) {
                    reconcileAt = Optional.empty();
                    published.names().stream().filter(name -> !known.contains(name)).forEach(name -> wish(name, List.of()));
                    known = null;
                }
                Optional<UpdateQueue.Wish> next = queue.take(now);
                if (next.isPresent()) {
                    return next;
                }
                if (queue.size() == 0) {
                    exchange.rest();
                }
                long wait = Math.min(queue.delay(now).orElse(Long.MAX_VALUE), reconcileAt.map(at -> at - now).orElse(Long.MAX_VALUE));
                if (wait == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.awaitNanos(Math.max(wait, TimeUnit.MILLISECONDS.toNanos(1)));
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void perform(UpdateQueue.Wish wish) {
        Optional<String> refusal = Optional.empty();
        IOException unreachable = null;
        try {
            refusal = wish.addresses().isEmpty() ? withdraw(wish.host()) : publish(wish.host(), wish.addresses());
        } catch (IOException e) {
            unreachable = e;
        } catch (RuntimeException e) {
            LOG.debug("name={}", wish.host(), e);
            refusal = Optional.of(e.toString());
        }
        lock.lock();
        try {
            if (unreachable != null) {
                queue.unreachable(wish, System.nanoTime());
            } else {
                queue.reached();
                if (refusal.isPresent()) {
                    queue.refused(wish, System.nanoTime());
                }
            }
            if (stopped) {
                return;
            }
        } finally {
            lock.unlock();
        }
        report(wish.host(), unreachable == null ? refusal : Optional.of(String.valueOf(unreachable.getMessage())));
    }

    /** How it goes, asked by any thread. */
    Check condition() {
        String now = trouble;
        return now.isEmpty() ? HealthSource.ok("dns-updates", "the name server takes updates")
                : HealthSource.bad("dns-updates", Check.State.WARN, now, "Does the name server run, and does it take updates with that key (server, key.* and zone of the configuration)? It is tried again by itself.");
    }

    private void report(Name host, Optional<String> failure) {
        if (failure.isPresent()) {
            failing.add(host);
            trouble = "names that wait to be updated: " + failing.size() + ", " + failure.get();
            if (failures.size() < KINDS && failures.add(failure.get())) {
                LOG.warn("name={} is not updated, it is tried again: {}", host, failure.get());
            }
        } else if (failing.remove(host) && failing.isEmpty()) {
            failures.clear();
            trouble = "";
            LOG.info("all names are updated again");
        }
    }

    /** @return why not; empty when it is done, or is not ours to do */
    private Optional<String> publish(Name host, List<InetAddress> addresses) throws IOException {
        // what is noted was published, or may have been, when the answer was lost
        boolean ours = !published.add(host);
        int rcode = exchange.send(ours ? messages.replace(host, addresses) : messages.create(host, addresses));
        if (ours && rcode == Rcode.NXRRSET) {
            rcode = exchange.send(messages.create(host, addresses));
        } else if (!ours && isInUse(rcode)) {
            rcode = exchange.send(messages.replace(host, addresses));
        }
        if (rcode == Rcode.NXRRSET || isInUse(rcode)) {
            published.remove(host);
            if (foreign.size() < FOREIGN && foreign.add(host)) {
                LOG.info("name={} is left alone: it is in the zone and has no marker {}", host, UpdateMessages.marker(host));
            }
            return Optional.empty();
        } else if (rcode != Rcode.NOERROR) {
            return Optional.of("the server answers " + Rcode.string(rcode));
        }
        foreign.remove(host);
        LOG.debug("updated name={} addresses={}", host, addresses);
        return Optional.empty();
    }

    private static boolean isInUse(int rcode) {
        return rcode == Rcode.YXDOMAIN || rcode == Rcode.YXRRSET;
    }

    private Optional<String> withdraw(Name host) throws IOException {
        int rcode = exchange.send(messages.withdraw(host));
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXRRSET) {
            return Optional.of("the server answers " + Rcode.string(rcode));
        }
        published.remove(host);
        return Optional.empty();
    }

    /** Ends the thread, and waits for that, but not long. What waits is found again after the next start. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        exchange.close();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} is still busy after {} s; it ends by itself", thread.getName(), STOP.toSeconds());
        }
    }
}

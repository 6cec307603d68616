package io.adit.acceptor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;

/**
 * The registry as the acceptor sees it: two services that may be away for a moment, since their bundle is updated. Registrations wait for it,
 * and sessions outlive it: whichever peer manager comes is told of all that are open.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Registry {

    private final Duration longest;
    private final Map<PeerSession, String> sessions = new ConcurrentHashMap<>();
    private final Object lock = new Object();
    private RegistrationManager registrations;
    private long awaySince = System.nanoTime();
    private volatile PeerManager peers;
    private volatile boolean draining;

    /** @param longest how long a registration waits */
    Registry(Duration longest) {
        this.longest = longest;
    }

    void set(RegistrationManager manager) {
        synchronized (lock) {
            registrations = manager;
            lock.notifyAll();
        }
    }

    void unset(RegistrationManager manager) {
        synchronized (lock) {
            if (registrations == manager) {
                registrations = null;
                awaySince = System.nanoTime();
            }
        }
    }

    void set(PeerManager manager) {
        peers = manager;
        sessions.forEach((session, name) -> manager.attach(name, session));
    }

    void unset(PeerManager manager) {
        synchronized (lock) {
            if (peers == manager) {
                peers = null;
            }
        }
    }

    /** The one that is there, or comes within the time since it went; on a thread that may wait. */
    RegistrationManager registrations() throws RegistrationException {
        synchronized (lock) {
            try {
                for (long left = left(); registrations == null && left > 0 && !draining; left = left()) {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (draining) {
                throw new RegistrationException(ErrorCode.SHUTDOWN, "the proxy takes no more tunnels");
            }
            if (registrations == null) {
                throw new RegistrationException(ErrorCode.SHUTDOWN, "the proxy's registry is away");
            }
            return registrations;
        }
    }

    private long left() {
        return longest.toNanos() - (System.nanoTime() - awaySince);
    }

    void attach(String name, PeerSession session) {
        // first here, so that a peer manager that comes meanwhile, and a drain, learn of it in any case
        sessions.put(session, name);
        session.closed().thenAccept(code -> sessions.remove(session));
        PeerManager now = peers;
        if (now != null && !draining) {
            now.attach(name, session);
        }
    }

    /** All sessions, those too that are registered in this moment, and no more; returns when they are closed. */
    void drain(Duration deadline) {
        synchronized (lock) {
            draining = true;
            lock.notifyAll();
        }
        // a drain keeps its deadline, and then says good-bye, which takes up to two seconds with a peer that does not answer
        long end = System.nanoTime() + deadline.plusSeconds(3).toNanos();
        for (long left = 1; left > 0 && !sessions.isEmpty(); left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            CompletableFuture<?>[] ends = sessions.keySet().stream().map(session -> session.drain(deadline, ErrorCode.SHUTDOWN)
                    .thenRun(() -> sessions.remove(session)).toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
            long rest = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            CompletableFuture.allOf(ends).completeOnTimeout(null, rest, TimeUnit.MILLISECONDS).join();
        }
    }
}

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
    private volatile PeerManager peers;

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

    /** The one that is there, or comes within the time; on a thread that may wait. */
    RegistrationManager registrations() throws RegistrationException {
        long began = System.nanoTime();
        synchronized (lock) {
            try {
                for (long left = longest.toNanos(); registrations == null && left > 0; left = longest.toNanos() - (System.nanoTime() - began)) {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (registrations == null) {
                throw new RegistrationException(ErrorCode.SHUTDOWN, "the proxy's registry is away");
            }
            return registrations;
        }
    }

    void attach(String name, PeerSession session) {
        // first here, so that a peer manager that comes meanwhile learns of it in any case
        sessions.put(session, name);
        session.closed().thenAccept(code -> sessions.remove(session));
        PeerManager now = peers;
        if (now != null) {
            now.attach(name, session);
        }
    }

    /** All sessions; returns when they are closed. */
    void drain(Duration deadline) {
        CompletableFuture<?>[] ends = sessions.keySet().stream().map(session -> session.drain(deadline, ErrorCode.SHUTDOWN).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        // a drain keeps its deadline, and then says good-bye, which takes up to two seconds with a peer that does not answer
        CompletableFuture.allOf(ends).completeOnTimeout(null, deadline.toMillis() + 3000, TimeUnit.MILLISECONDS).join();
    }
}

package io.adit.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.adit.api.PeerSession;

/** Those that wait for one name to come back, up to one moment. Thread-safety: {@link #add} and {@link #timer} under the lock of {@link Peers}. */
final class Waiting {

    private final List<CompletableFuture<Optional<PeerSession>>> all = new ArrayList<>();
    private Future<?> timer;

    /** @return empty when there are {@code most} already */
    Optional<CompletableFuture<Optional<PeerSession>>> add(int most) {
        if (all.size() >= most) {
            all.removeIf(CompletableFuture::isDone);
        }
        if (all.size() >= most) {
            return Optional.empty();
        }
        CompletableFuture<Optional<PeerSession>> one = new CompletableFuture<>();
        all.add(one);
        return Optional.of(one);
    }

    void timer(Future<?> future) {
        timer = future;
    }

    /** Ends the wait of all. To be called by whoever took this out of the map, without the lock: what depends on it runs here. */
    void complete(Optional<PeerSession> session) {
        if (timer != null) {
            timer.cancel(false);
        }
        all.forEach(one -> one.complete(session));
    }
}

package io.adit.gate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where calls wait for a service that may be away for a moment, since its bundle is updated: it is shut when the service goes and open when it, or
 * another one, is there. It is shut at first. What waits is bounded in number, and in time: from the moment at which the gate was shut, so
 * that nobody waits for a service that has been away for long.
 *
 * <p>Thread-safety: thread-safe. Tasks run without a lock, on the thread that passes or on the one that opens the gate; they must not block. A
 * task that is refused runs on the thread that passes, or on one of the common pool.
 *
 * @param <T> the service
 */
public final class Gate<T> implements AutoCloseable {

    /** Longest time for which {@link #shut} waits for calls that do not block: it is there so that a bug cannot hang an update. */
    private static final long INSIDE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final class Place<T> {
        private final T service;
        private int inside;

        Place(T service) {
            this.service = service;
        }
    }

    private record Waiting<T>(Consumer<? super T> task, Runnable refused) {
    }

    private final Duration longest;
    private final int most;
    private final Object lock = new Object();
    private final Map<T, Place<T>> places = new IdentityHashMap<>();
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
    private Place<T> open;
    private CompletableFuture<Boolean> end;

    /**
     * @param longest how long after it was shut calls are held back
     * @param most how many are; those beyond are refused
     */
    public Gate(Duration longest, int most) {
        this.longest = longest;
        this.most = most;
        synchronized (lock) {
            beginWait();
        }
    }

    /** Calls go to this service from now on, those that wait first. */
    public void open(T service) {
        Place<T> place;
        List<Waiting<T>> waited;
        synchronized (lock) {
            place = places.computeIfAbsent(service, Place::new);
            open = place;
            waited = List.copyOf(waiting);
            waiting.clear();
            place.inside += waited.size();
            end.complete(false);
        }
        all(waited.stream().<Runnable>map(one -> () -> run(place, one.task())).toList());
    }

    /** The service goes: no call reaches it after this returns. Does nothing for one that is not known; the gate stays open for another one. */
    public void shut(T service) {
        synchronized (lock) {
            Place<T> place = places.remove(service);
            if (place == null) {
                return;
            }
            if (open == place) {
                open = null;
                beginWait();
            }
            awaitEmpty(place);
        }
    }

    private void awaitEmpty(Place<T> place) {
        long began = System.nanoTime();
        long left = INSIDE_NANOS;
        try {
            while (place.inside > 0 && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
                left = INSIDE_NANOS - (System.nanoTime() - began);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Calls the service, now or when it is back.
     *
     * @param refused runs instead when it does not come back in time, or when too many wait already
     */
    public void pass(Consumer<? super T> task, Runnable refused) {
        Place<T> place;
        synchronized (lock) {
            place = open;
            if (place != null) {
                place.inside++;
            } else if (!end.isDone() && waiting.size() < most) {
                waiting.add(new Waiting<>(task, refused));
                return;
            }
        }
        if (place == null) {
            refused.run();
        } else {
            run(place, task);
        }
    }

    private void run(Place<T> place, Consumer<? super T> task) {
        try {
            task.accept(place.service);
        } finally {
            synchronized (lock) {
                place.inside--;
                if (place.inside == 0) {
                    lock.notifyAll();
                }
            }
        }
    }

    /** Each of them, also after one that throws; then the first that was thrown. */
    private static void all(List<Runnable> tasks) {
        Throwable first = null;
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first instanceof RuntimeException e) {
            throw e;
        } else if (first instanceof Error e) {
            throw e;
        }
    }

    private void beginWait() {
        CompletableFuture<Boolean> timer = new CompletableFuture<>();
        end = timer;
        // completing it earlier takes the timer away
        timer.completeOnTimeout(true, longest.toMillis(), TimeUnit.MILLISECONDS).thenAcceptAsync(late -> {
            if (late) {
                refuse(timer);
            }
        });
    }

    private void refuse(CompletableFuture<Boolean> timer) {
        List<Waiting<T>> late;
        synchronized (lock) {
            if (end != timer || open != null) {
                return;
            }
            late = List.copyOf(waiting);
            waiting.clear();
        }
        all(late.stream().map(Waiting::refused).toList());
    }

    /** Those that wait are refused, and so is everybody from now on. */
    @Override
    public void close() {
        CompletableFuture<Boolean> timer;
        synchronized (lock) {
            open = null;
            end.complete(false);
            end = CompletableFuture.completedFuture(true);
            timer = end;
        }
        refuse(timer);
    }
}

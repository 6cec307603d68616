package io.adit.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.adit.api.PeerSession;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners who is there. What happened is put into order by the caller, told on one thread, and kept for listeners that come later.
 * The queue is bounded by what there is to tell: names come and go no faster than peers register and time-outs pass, and listeners do not block.
 *
 * <p>Thread-safety: thread-safe; nothing blocks but {@link #remove} and {@link #close}, for a short time.
 */
final class Presences implements Peers.Watch, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Presences.class);
    /** For the call that a listener is in the middle of. */
    private static final long REMOVE_SECONDS = 2;

    private final Function<Presented, Presence> describe;
    private final Supplier<Collection<String>> away;
    private final ThreadPoolExecutor thread;

    // confined to the thread
    private final List<PresenceListener> listeners = new ArrayList<>();
    private final Map<String, Presence> online = new HashMap<>();
    /** Those from before the start whose peers are neither back nor away for good. */
    private final Set<String> unsettled;

    /** A session, and the name that it serves. */
    record Presented(String name, PeerSession session) {
    }

    /**
     * @param describe on the thread of the listeners; may look up an address
     * @param away the names whose peers have been away for longer than the grace time
     * @param before the names whose peers may come back after this start: until each has, or its grace time is over, listeners are not told that this was all
     */
    Presences(Function<Presented, Presence> describe, Supplier<Collection<String>> away, Collection<String> before) {
        this.describe = describe;
        this.away = away;
        this.unsettled = new HashSet<>(before);
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread made = new Thread(task, "adit-presence");
            made.setDaemon(true);
            return made;
        });
    }

    /** It is told of every name there is, and of all that happens from now on. */
    void add(PresenceListener listener) {
        execute(() -> {
            listeners.add(listener);
            online.values().forEach(presence -> tell(listener, one -> one.online(presence)));
            away.get().stream().filter(name -> !online.containsKey(name)).forEach(name -> tell(listener, one -> one.offline(name)));
            if (unsettled.isEmpty()) {
                tell(listener, PresenceListener::told);
            }
        });
    }

    /** @return that the listener is told nothing more; false when it blocks for long */
    boolean remove(PresenceListener listener) {
        CompletableFuture<Void> removed = new CompletableFuture<>();
        boolean open = execute(() -> {
            listeners.remove(listener);
            removed.complete(null);
        });
        if (!open) {
            return true; // after close(), which is when a registry that is updated lets its listeners go
        }
        try {
            removed.get(REMOVE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("a presence listener is busy and may be called once more after it has gone: {}", listener.getClass().getName());
        }
        return false;
    }

    @Override
    public void online(String name, PeerSession newest, int peers) {
        execute(() -> present(describe.apply(new Presented(name, newest))));
    }

    /** A name that is served by another proxy. */
    void online(Presence presence) {
        execute(() -> present(presence));
    }

    private void present(Presence presence) {
        if (presence.equals(online.put(presence.name(), presence))) {
            return; // another peer of the name came or went, and the same one speaks for it
        }
        listeners.forEach(each -> tell(each, listener -> listener.online(presence)));
        settle(presence.name());
    }

    private void settle(String name) {
        if (unsettled.remove(name) && unsettled.isEmpty()) {
            listeners.forEach(each -> tell(each, PresenceListener::told));
        }
    }

    @Override
    public void offline(String name) {
        execute(() -> {
            online.remove(name);
            listeners.forEach(each -> tell(each, listener -> listener.offline(name)));
            settle(name);
        });
    }

    @Override
    public void ended(String name) {
        execute(() -> {
            online.remove(name);
            listeners.forEach(each -> tell(each, listener -> listener.ended(name)));
            settle(name);
        });
    }

    @Override
    public void settled() {
        execute(() -> List.copyOf(unsettled).forEach(this::settle));
    }

    private static void tell(PresenceListener listener, Consumer<PresenceListener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("a presence listener failed: {}", listener.getClass().getName(), e);
        }
    }

    /** @return false after the end */
    private boolean execute(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("after the end", e);
            return false;
        }
    }

    /** Nobody is told anything any more: that the registry goes says nothing of the names. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(REMOVE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a presence listener is still busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

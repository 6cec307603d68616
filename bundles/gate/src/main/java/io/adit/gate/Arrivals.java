package io.adit.gate;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * For whoever goes while callers may be on their way to it: waits until those have arrived.
 *
 * <p>It remembers all entrances that it was told of, also those of bundles that are gone: some call may have come through one of them. That is
 * one small object for each server there ever was. Thread-safe.
 */
public final class Arrivals {

    private final Set<Supplier<? extends CompletionStage<Void>>> entrances = ConcurrentHashMap.newKeySet();

    /** @param entrance gives what completes when all that are on their way at that moment have arrived */
    public void add(Supplier<? extends CompletionStage<Void>> entrance) {
        entrances.add(entrance);
    }

    /**
     * Waits for those that are on their way now.
     *
     * @return false when some have not arrived in this time, or the thread was interrupted, which it still is then
     */
    public boolean await(Duration longest) {
        CompletableFuture<?>[] all = entrances.stream().map(each -> each.get().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}

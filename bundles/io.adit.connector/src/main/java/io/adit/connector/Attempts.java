package io.adit.connector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;

/**
 * The connections of a connector: the current one, and those that finish what they have; and how they end when the connector stops.
 *
 * <p>Thread-safety: no locks; confined to the connector's thread. What {@link #drain} returns completes on any thread.
 */
final class Attempts {

    private final boolean proxy;
    private final Duration longest;
    /** The one that serves, or is to. */
    private Attempt current;
    /** Those that finish what they have, or are of no use any more. */
    private final Set<Attempt> leaving = new HashSet<>();
    /** Of the last drain, as {@link System#nanoTime} has it. */
    private long drainEnd = System.nanoTime();

    /**
     * @param proxy whether this is the link of a proxy
     * @param longest for which a drain waits for what comes of an attempt that is under way
     */
    Attempts(boolean proxy, Duration longest) {
        this.proxy = proxy;
        this.longest = longest;
    }

    boolean isCurrent(Attempt attempt) {
        return attempt == current;
    }

    boolean hasCurrent() {
        return current != null;
    }

    /** The one before has left, or ended. */
    void begin(Attempt attempt) {
        current = attempt;
    }

    /** The current one is of no use any more, or not for long. */
    void leave(Attempt attempt) {
        leaving.add(attempt);
        current = null;
    }

    /** @return whether it was the current one */
    boolean end(Attempt attempt) {
        if (attempt == current) {
            current = null;
            return true;
        }
        leaving.remove(attempt);
        return false;
    }

    boolean hasSession() {
        return all().stream().anyMatch(each -> each.session() != null);
    }

    /** The connections go at once. */
    void close() {
        all().forEach(Attempt::close);
    }

    private List<Attempt> all() {
        List<Attempt> all = new ArrayList<>(leaving);
        if (current != null) {
            all.add(current);
        }
        return all;
    }

    /**
     * Requests that run finish; the connector makes no new connection after that. A link has none that would end. An attempt that is under way comes to its
     * end first, within the drain time-out, and what comes of it is drained as well: the proxy may count on it already. It is not cancelled: a cancel that
     * comes when MINA has just connected closes the channel under the session, and MINA's connector, which counts that twice, is never disposed of (2.2).
     */
    CompletionStage<Void> drain(Duration deadline) {
        drainEnd = System.nanoTime() + deadline.toNanos();
        long end = drainEnd;
        CompletableFuture<?>[] ends = all().stream().map(attempt -> attempt.outcome().completeOnTimeout(null, longest.toNanos(), TimeUnit.NANOSECONDS)
                .thenCompose(session -> session == null ? CompletableFuture.completedFuture(null) : finish(session, end)))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(ends);
    }

    /** A session that came too late for the drain to wait for it, perhaps, or after another: it has what is left of that time. */
    void finish(PeerSession session) {
        finish(session, drainEnd);
    }

    /** @param end as {@link System#nanoTime} has it; reset is what is not done by then */
    private CompletionStage<Void> finish(PeerSession session, long end) {
        if (proxy) {
            session.close(ErrorCode.SHUTDOWN, "");
        }
        return session.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())), ErrorCode.SHUTDOWN);
    }
}

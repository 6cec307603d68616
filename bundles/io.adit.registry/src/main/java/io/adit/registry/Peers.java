package io.adit.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.adit.api.ErrorCode;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected. Only sessions of names that {@link KnownNames} admits at the moment of {@link #attach} get in, and {@link #evict}
 * takes out all of a name, so that none survives a revocation that happens at the same time: whoever revokes changes the credentials
 * first and evicts then, and both decisions are made under one lock.
 *
 * <p>Thread-safety: thread-safe. {@link #find} takes no lock; the others hold it for a few map operations and never while they call a
 * session or complete a stage. What {@link #await} returns completes on the thread that attaches the session, or on the one timer thread:
 * what depends on it must not block, or go to an executor.
 * Lifecycle: made and closed by {@link RegistryComponent}; sessions belong to the acceptor and stay open at {@link #close}.
 */
final class Peers implements PeerManager, AutoCloseable {

    /**
     * @param grace how long after its loss a name is waited for; zero: not at all
     * @param waiting how many may wait for one name
     * @param drain how long a replaced session may finish what it has
     * @param replaced how many replaced sessions may do so at a time, for each peer that a name may have; the oldest beyond is closed
     * @param linger how long a session whose name moved to another proxy still gets requests, of visitors that do not know of it yet
     */
    record Limits(Duration grace, int waiting, Duration drain, int replaced, Duration linger) {
    }

    /** Who is told what changed: under the lock, so that the order is right; it only takes note. */
    interface Watch {

        /**
         * The name is served, by others than before.
         *
         * @param newest the session that speaks for the name
         * @param peers how many serve it now
         */
        void online(String name, PeerSession newest, int peers);

        /** The name has been without a session for longer than the grace time. */
        void offline(String name);

        /** The name is no more. */
        void ended(String name);

        /** The last session that served the name is gone, since then. */
        default void lost(String name, Instant at) {
            // only who reports to somebody else wants to know so soon
        }

        /** The grace time of those that were here before the start is over; it was said which of them are offline. */
        default void settled() {
            // only who tells of all names wants to know
        }
    }

    private record Loss(long nanos, Instant at) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    private final KnownNames known;
    private final Limits limits;
    private final Watch watch;
    private final LongSupplier nanoClock;
    private final long started;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, Serving> serving = new ConcurrentHashMap<>();
    /** Our notice of each session's end; a session that outlives this object must not hold on to it. */
    private final Map<PeerSession, CompletableFuture<ErrorCode>> notices = new ConcurrentHashMap<>();

    private final ReentrantLock lock;
    // guarded by lock; each holds admitted names only, so the number of names bounds them
    private final Replaced replaced = new Replaced();
    private final Map<String, Loss> losses = new HashMap<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private boolean ending;
    /** Of the sessions that serve; written under the lock. */
    private volatile int count;
    private volatile boolean gone;

    Peers(KnownNames known, Limits limits, LongSupplier nanoClock, Watch watch) {
        this(known, limits, nanoClock, watch, new ReentrantLock());
    }

    /** @param lock a test may have one that shows when it is taken */
    Peers(KnownNames known, Limits limits, LongSupplier nanoClock, Watch watch, ReentrantLock lock) {
        this.lock = lock;
        this.known = known;
        this.limits = limits;
        this.watch = watch;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "adit-registry-timer");
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy()); // a timer that comes after close() has nothing left to do
        timer.setRemoveOnCancelPolicy(true);
        // names that are not back from before the start
        timer.schedule(() -> {
            away().forEach(name -> absent(name, null));
            watch.settled();
        }, limits.grace().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void attach(String name, PeerSession session) {
        ErrorCode refusal = ErrorCode.NONE;
        Serving.Change change = null;
        List<PeerSession> tooMany = List.of();
        Waiting waited = null;
        lock.lock();
        try {
            Serving before = serving.get(name);
            if (gone || before != null && before.has(session)) {
                return; // the next peer manager is told of it, or this one was
            } else if (ending) {
                refusal = ErrorCode.SHUTDOWN;
            } else if (!known.admits(name)) {
                refusal = known.refusal(name);
            } else {
                change = Serving.join(before, session, known.peers(name));
                tooMany = change(name, before, change);
                losses.remove(name);
                waited = waiting.remove(name);
            }
        } finally {
            lock.unlock();
        }
        if (refusal != ErrorCode.NONE) {
            LOG.info("peer not attached name={} session={} reason={}", Names.printable(name), session.id(), refusal);
            if (refusal == ErrorCode.MOVED) {
                session.drain(limits.drain(), refusal); // as in retire(): its peer registers anew
            } else {
                session.close(refusal, refusal.text());
            }
            return;
        }
        LOG.debug("peer online name={} session={} peers={} replaces={}", name, session.id(), change.now().size(), change.out().size());
        notice(name, session);
        if (waited != null) {
            waited.complete(change.now().choose());
        }
        replace(change.out(), tooMany);
    }

    /** How many peers the name may have is another number now: the oldest that are too many are replaced by those that stay. */
    void limit(String name) {
        Serving.Change change;
        List<PeerSession> tooMany;
        lock.lock();
        try {
            Serving before = serving.get(name);
            if (before == null || ending || gone) {
                return;
            }
            change = before.keep(known.peers(name));
            tooMany = change(name, before, change);
        } finally {
            lock.unlock();
        }
        replace(change.out(), tooMany);
    }

    /** Under the lock. @return of those that were replaced, the oldest that are too many */
    private List<PeerSession> change(String name, Serving before, Serving.Change change) {
        if (before == null || !change.now().sessions().equals(before.sessions())) {
            online(name, change.now());
        }
        return replaced.add(name, change.out(), limits.replaced() * Math.max(1, known.peers(name)));
    }

    private void replace(List<PeerSession> out, List<PeerSession> tooMany) {
        out.forEach(session -> session.drain(limits.drain(), ErrorCode.REPLACED));
        tooMany.forEach(session -> session.close(ErrorCode.REPLACED, ErrorCode.REPLACED.text()));
    }

    private void notice(String name, PeerSession session) {
        CompletableFuture<ErrorCode> notice = session.closed().toCompletableFuture().copy();
        notices.put(session, notice);
        if (gone) {
            notice.complete(null); // close() may have looked before
        }
        notice.thenAccept(reason -> {
            notices.remove(session);
            if (reason != null) {
                closed(name, session, reason);
            }
        });
    }

    @Override
    public Optional<PeerSession> find(String name) {
        Serving sessions = serving.get(name);
        return sessions == null ? Optional.empty() : sessions.choose();
    }

    @Override
    public Optional<PeerSession> other(String name, PeerSession than) {
        Serving sessions = serving.get(name);
        return sessions == null ? Optional.empty() : sessions.other(than);
    }

    @Override
    public CompletionStage<Optional<PeerSession>> await(String name) {
        Optional<PeerSession> session = find(name);
        if (session.isEmpty() || isClosed(session.get())) {
            lock.lock();
            try {
                session = find(name);
                while (session.isPresent() && isClosed(session.get())) {
                    // who asks knows it already, from a request that broke off; our own notice is on its way
                    closed(name, session.get(), ErrorCode.SESSION_LOST);
                    session = find(name);
                }
                if (session.isEmpty()) {
                    return waitFor(name).map(one -> one).orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
                }
            } finally {
                lock.unlock();
            }
        }
        return CompletableFuture.completedFuture(session);
    }

    private static boolean isClosed(PeerSession session) {
        return session.closed().toCompletableFuture().isDone();
    }

    /** Under the lock. Empty when there is nothing to wait for. */
    private Optional<CompletableFuture<Optional<PeerSession>>> waitFor(String name) {
        Loss loss = losses.get(name);
        // a name that was not here yet was lost with the proxy's last run, for all we know: its peer is about to come back
        long left = limits.grace().toNanos() - (nanoClock.getAsLong() - (loss == null ? started : loss.nanos()));
        if (ending || left <= 0 || !known.has(name)) {
            return Optional.empty();
        }
        Waiting others = waiting.get(name);
        if (others == null) {
            Waiting first = new Waiting();
            first.timer(timer.schedule(() -> giveUp(name, first), left, TimeUnit.NANOSECONDS));
            waiting.put(name, first);
            others = first;
        }
        return others.add(limits.waiting());
    }

    private void giveUp(String name, Waiting late) {
        boolean mine;
        lock.lock();
        try {
            mine = waiting.remove(name, late);
        } finally {
            lock.unlock();
        }
        if (mine) {
            late.complete(Optional.empty());
        }
    }

    @Override
    public Map<String, List<PeerSession>> connected() {
        Map<String, List<PeerSession>> all = new HashMap<>();
        serving.forEach((name, sessions) -> all.put(name, sessions.sessions()));
        return all;
    }

    /** Those that serve the name, the newest first. */
    List<PeerSession> of(String name) {
        Serving sessions = serving.get(name);
        return sessions == null ? List.of() : sessions.sessions();
    }

    /** How many peers are connected. */
    int count() {
        return count;
    }

    /** Tells all that are online now, once more. */
    void report() {
        lock.lock();
        try {
            serving.forEach((name, sessions) -> watch.online(name, sessions.newest(), sessions.size()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The name is served by another proxy from now on: its peers are told to go there. Visitors may come here for a while, so the sessions get
     * requests until they have lingered.
     */
    void moveOn(String name) {
        of(name).forEach(session -> session.moveOn(limits.linger(), limits.drain()));
    }

    /** When the name was lost, if it was here since the start and is not now. */
    Optional<Instant> lostAt(String name) {
        lock.lock();
        try {
            return Optional.ofNullable(losses.get(name)).map(Loss::at);
        } finally {
            lock.unlock();
        }
    }

    /** Ends every session of the name at once, those that were replaced and still drain too, and the wait of those that wait for it. */
    void evict(String name, ErrorCode code) {
        remove(name, false).forEach(session -> session.close(code, code.text()));
    }

    /** The same for a name whose time is over, unless it was given more at this very moment. */
    void expire(String name) {
        remove(name, true).forEach(session -> session.close(ErrorCode.EXPIRED, ErrorCode.EXPIRED.text()));
    }

    /** The name is called otherwise from now on: nothing new for its sessions, which finish what they have. */
    void retire(String name) {
        remove(name, false).forEach(session -> session.drain(limits.drain(), ErrorCode.MOVED));
    }

    /** @param ended only a name that is no more */
    private List<PeerSession> remove(String name, boolean ended) {
        List<PeerSession> gone = new ArrayList<>();
        Waiting waited;
        lock.lock();
        try {
            if (ended && known.has(name)) {
                return gone;
            }
            Serving sessions = serving.remove(name);
            if (sessions != null) {
                gone.addAll(sessions.sessions());
                count -= sessions.size();
            }
            gone.addAll(replaced.remove(name));
            losses.remove(name);
            waited = waiting.remove(name);
            if (!known.has(name)) {
                watch.ended(name);
            } else {
                watch.offline(name);
            }
        } finally {
            lock.unlock();
        }
        if (waited != null) {
            waited.complete(Optional.empty());
        }
        return gone;
    }

    /** @param loss the one whose grace time has passed; null for a name that was not here since the start */
    private void absent(String name, Loss loss) {
        lock.lock();
        try {
            boolean still = !ending && !gone && !serving.containsKey(name) && losses.get(name) == loss;
            if (still && known.has(name)) {
                watch.offline(name);
            } else if (still) {
                losses.remove(name); // it is another proxy's by now, or nobody's
            }
        } finally {
            lock.unlock();
        }
    }

    /** The names that have been without a session for longer than the grace time. */
    List<String> away() {
        lock.lock();
        try {
            long now = nanoClock.getAsLong();
            return known.names().stream().filter(name -> !serving.containsKey(name))
                    .filter(name -> now - (losses.containsKey(name) ? losses.get(name).nanos() : started) >= limits.grace().toNanos()).toList();
        } finally {
            lock.unlock();
        }
    }

    private void closed(String name, PeerSession session, ErrorCode reason) {
        lock.lock();
        try {
            Serving before = serving.get(name);
            if (before != null && before.has(session)) {
                before.without(session).ifPresentOrElse(others -> online(name, others), () -> lost(name));
            }
            replaced.ended(name, session);
        } finally {
            lock.unlock();
        }
        LOG.debug("peer offline name={} session={} reason={}", name, session.id(), reason);
    }

    /** Under the lock. */
    private void online(String name, Serving now) {
        Serving before = serving.put(name, now);
        count += now.size() - (before == null ? 0 : before.size());
        watch.online(name, now.newest(), now.size());
    }

    /** Under the lock: the last one went. */
    private void lost(String name) {
        count -= serving.remove(name).size();
        watch.lost(name, miss(name, Instant.now()));
    }

    /** Under the lock: the grace time begins. */
    private Instant miss(String name, Instant at) {
        Loss loss = new Loss(nanoClock.getAsLong(), at);
        losses.put(name, loss);
        timer.schedule(() -> absent(name, loss), limits.grace().toNanos(), TimeUnit.NANOSECONDS);
        return at;
    }

    /** The name has just become one of ours, and its peer, which was elsewhere, is on its way: it is waited for as one that was lost now. */
    void expect(String name) {
        lock.lock();
        try {
            if (!serving.containsKey(name) && !ending && !gone) {
                miss(name, Instant.now());
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@inheritDoc} It is final: sessions that attach from now on are closed with {@link ErrorCode#SHUTDOWN}. */
    @Override
    public CompletionStage<Void> drainAll(Duration deadline) {
        List<PeerSession> all = end();
        all.forEach(session -> session.drain(deadline, ErrorCode.SHUTDOWN));
        // a replaced session drains already, towards a deadline of its own that can be later
        timer.schedule(() -> all.forEach(session -> session.close(ErrorCode.SHUTDOWN, "drain deadline")), deadline.toNanos(), TimeUnit.NANOSECONDS);
        return CompletableFuture.allOf(all.stream().map(session -> session.closed().toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    /** Nobody waits any longer and no thread is left. Sessions stay open, for the next peer manager: the acceptor, which made them, ends them. */
    @Override
    public void close() {
        lock.lock();
        try {
            gone = true;
        } finally {
            lock.unlock();
        }
        end();
        List.copyOf(notices.values()).forEach(notice -> notice.complete(null));
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("the registry's timer thread is still busy with what waited for a peer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<PeerSession> end() {
        List<PeerSession> all;
        List<Waiting> waited;
        lock.lock();
        try {
            ending = true;
            all = replaced.all();
            serving.values().forEach(sessions -> all.addAll(sessions.sessions()));
            waited = new ArrayList<>(waiting.values());
            waiting.clear();
        } finally {
            lock.unlock();
        }
        waited.forEach(one -> one.complete(Optional.empty()));
        return all;
    }
}

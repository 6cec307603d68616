package io.adit.mail;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of this bundle: it takes note of what happens to names, makes letters, and sends them. What it is told waits in a table by name, with what
 * is newest of each, so that a mail server that is slow holds nothing up, and the number of names is the bound.
 *
 * <p>Thread-safe; nothing blocks but {@link #close}, for a short time.
 */
final class Worker implements PresenceListener, HealthSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    /** The clock on the wall may be set, or the machine may sleep: it is looked at as often. */
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** After a failure of the store. */
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** @param presence null when the peer is away; @param ended whether the name ended before that */
    private record News(boolean ended, Presence presence, boolean offline) {
    }

    private final Announcer announcer;
    private final Delivery delivery;
    private final MailStore database;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private final Map<String, News> news = new LinkedHashMap<>();
    private final Thread thread = new Thread(this::run, "adit-mail");
    private volatile boolean stopped;
    /** Of the store, one line; empty when there is none. */
    private volatile String trouble = "";

    /** @param clock the one that the announcer goes by */
    Worker(Announcer announcer, Delivery delivery, MailStore database, Clock clock) {
        this.announcer = announcer;
        this.delivery = delivery;
        this.database = database;
        this.clock = clock;
        thread.setDaemon(true);
        // Jakarta Mail looks for its parts there
        thread.setContextClassLoader(Worker.class.getClassLoader());
        thread.setUncaughtExceptionHandler((same, failure) -> LOG.error("no mail is sent any more", failure));
    }

    void start() {
        thread.start();
    }

    @Override
    public void online(Presence presence) {
        note(presence.name(), before -> new News(before != null && before.ended(), presence, false));
    }

    @Override
    public void offline(String name) {
        note(name, before -> new News(before != null && before.ended(), null, true));
    }

    @Override
    public void ended(String name) {
        note(name, before -> new News(true, null, false));
    }

    @Override
    public List<Check> conditions() {
        String store = trouble;
        String server = delivery.trouble();
        return List.of(!store.isEmpty() ? HealthSource.bad("mail", Check.State.WARN, "the store of mails failed: " + store, "Is there room on the disk? It is tried again by itself.")
                : !server.isEmpty() ? HealthSource.bad("mail", Check.State.WARN, server,
                        "Does the mail server run, and does it take mail from here (smtp, from, login)? Mails wait in their store, and are sent when it does.")
                : HealthSource.ok("mail", "mail goes out"));
    }

    private void note(String name, java.util.function.UnaryOperator<News> change) {
        lock.lock();
        try {
            news.put(name, change.apply(news.get(name)));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread after the letter that is under way, and waits for that, but not long. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} still waits for the mail server after {} s; it ends by itself, and that letter may be sent twice", thread.getName(), STOP.toSeconds());
        }
    }

    private void run() {
        try {
            while (!stopped) {
                await(round());
            }
        } catch (InterruptedException e) {
            LOG.debug("ends", e);
        }
    }

    /** @return when there is more to do */
    private Instant round() {
        try {
            takeNote();
            Optional<Instant> compose = announcer.compose();
            Optional<Instant> send = delivery.send(() -> !stopped);
            database.compact();
            trouble = "";
            Instant next = clock.instant().plus(LONGEST);
            next = compose.filter(next::isAfter).orElse(next);
            return send.filter(next::isAfter).orElse(next);
        } catch (SQLException e) {
            trouble = String.valueOf(e.getMessage());
            if (!stopped) {
                LOG.error("the store of mails failed; next attempt in {} s", PAUSE.toSeconds(), e);
            }
            return clock.instant().plus(PAUSE);
        } catch (RuntimeException e) {
            LOG.error("mail failed; next attempt in {} s", PAUSE.toSeconds(), e);
            return clock.instant().plus(PAUSE);
        }
    }

    /** Each of it stays noted until it is in the store, unless it is of a kind that cannot get there. */
    private void takeNote() throws SQLException {
        while (!stopped) {
            Map.Entry<String, News> first = first();
            if (first == null) {
                return;
            }
            String name = first.getKey();
            News now = first.getValue();
            try {
                if (now.ended()) {
                    announcer.ended(name);
                }
                if (now.presence() != null) {
                    announcer.online(now.presence());
                } else if (now.offline()) {
                    announcer.offline(name);
                }
            } catch (RuntimeException e) {
                LOG.error("not told name={}", name, e);
            }
            lock.lock();
            try {
                news.remove(name, now); // unless there is newer news
            } finally {
                lock.unlock();
            }
        }
    }

    private Map.Entry<String, News> first() {
        lock.lock();
        try {
            return news.isEmpty() ? null : Map.entry(news.keySet().iterator().next(), news.values().iterator().next());
        } finally {
            lock.unlock();
        }
    }

    private void await(Instant time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(Math.max(0, Duration.between(clock.instant(), time).toMillis() + 1));
            while (!stopped && news.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}

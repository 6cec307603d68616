package io.adit.webhook;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One hook and its thread: one POST after the other. What cannot be sent now waits in a {@link Backlog}: of each name the newest event, and so many names.
 * It is in memory only, so after a restart the hook is told of all names again.
 *
 * <p>Thread-safe; nothing blocks but {@link #close}, for a short time.
 */
final class Hook implements PresenceListener, HealthSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Hook.class);
    private static final Duration STOP = Duration.ofSeconds(2);

    private enum Result { DONE, LATER, NEVER }

    private final Options options;
    private final Clock clock;
    private final HttpClient client;
    /** The client's own, so that it ends with the hook: a thread that lives on would hold this bundle's classes. */
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread made = new Thread(task, "adit-webhook-http");
        made.setDaemon(true);
        return made;
    });
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock
    private final Backlog backlog;
    /** What the hook was told last, or is about to be. */
    private final Map<String, Event> last = new HashMap<>();
    private final Thread thread = new Thread(this::run, "adit-webhook");
    private volatile boolean stopped;
    /** What went wrong last, one line; empty when it did not. */
    private volatile String trouble = "";

    Hook(Options options, Clock clock) {
        this.options = options;
        this.clock = clock;
        this.backlog = new Backlog(options.queue(), options.retry(), options.retryMost(), () -> ThreadLocalRandom.current().nextDouble());
        this.client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).version(HttpClient.Version.HTTP_1_1).executor(threads)
                .connectTimeout(options.timeout()).build();
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((same, failure) -> LOG.error("a hook is told nothing any more server={}", options, failure));
        thread.start();
    }

    @Override
    public void online(Presence presence) {
        note(Event.Kind.ONLINE, presence.name(), presence.url());
    }

    @Override
    public void offline(String name) {
        note(Event.Kind.OFFLINE, name, null);
    }

    @Override
    public void ended(String name) {
        note(Event.Kind.ENDED, name, null);
    }

    /** @param url null for the one that was known last */
    private void note(Event.Kind kind, String name, String url) {
        lock.lock();
        try {
            Event before = last.get(name);
            String known = url != null ? url : before == null ? "" : before.url();
            if (before != null && before.kind() == kind && before.url().equals(known)) {
                return; // another session, or another registry
            }
            Event event = Event.of(kind, name, known, clock.instant());
            if (kind == Event.Kind.ENDED) {
                last.remove(name);
            } else {
                last.put(name, event);
            }
            backlog.put(event, System.nanoTime())
                    .ifPresent(oldest -> LOG.warn("hook not told server={} name={} reason=queue.max", options, oldest.name()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread; what is under way is broken off. */
    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    private void run() {
        try {
            while (!stopped) {
                deliver(next());
            }
        } catch (InterruptedException e) {
            LOG.debug("ends", e);
        }
    }

    /** Waits for one that is due. */
    private Event next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = System.nanoTime();
                Optional<Event> due = backlog.due(now);
                if (due.isPresent()) {
                    return due.get();
                }
                Optional<Long> delay = backlog.delay(now);
                if (delay.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(Math.max(delay.get(), TimeUnit.MILLISECONDS.toNanos(1)));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** One attempt. */
    private void deliver(Event event) throws InterruptedException {
        Result result = post(event);
        lock.lock();
        try {
            if (result != Result.LATER) {
                backlog.done(event);
                return;
            }
            int failures = backlog.failed(event, System.nanoTime());
            if (failures > 0 && event.time().plus(options.giveUp()).isBefore(clock.instant())) {
                LOG.warn("hook not told server={} event={} name={} attempts={} reason=give.up.seconds", options, event.kind().text(), event.name(), failures);
                backlog.remove(event);
            }
        } finally {
            lock.unlock();
        }
    }

    private Result post(Event event) throws InterruptedException {
        String body = event.json();
        HttpRequest request = HttpRequest.newBuilder(options.url()).timeout(options.timeout()).header("Content-Type", "application/json")
                .header(Signature.FIELD, Signature.of(options.secret(), clock.instant().getEpochSecond(), body)).header("User-Agent", "adit-webhook")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        // its own time-out ends with the head of the response
        CompletableFuture<HttpResponse<Void>> response = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return result(event, response.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS).statusCode());
        } catch (TimeoutException e) {
            response.cancel(true);
            return failed(event, "no answer within " + options.timeout().toSeconds() + " s");
        } catch (ExecutionException e) {
            return failed(event, e.getCause() instanceof IOException ? String.valueOf(e.getCause()) : e.getCause().getClass().getName());
        } finally {
            response.cancel(true);
        }
    }

    @Override
    public List<Check> conditions() {
        String now = trouble;
        return List.of(now.isEmpty() ? HealthSource.ok("webhook", options + " takes events")
                : HealthSource.bad("webhook", Check.State.WARN, options + ": " + now, "Does that server run, and does it answer with 2xx? It is told again by itself, of each name the newest."));
    }

    private Result result(Event event, int status) {
        if (status / 100 == 2) {
            trouble = "";
            LOG.debug("hook told server={} event={} name={}", options, event.kind().text(), event.name());
            return Result.DONE;
        }
        if (status >= 500 || status == 408 || status == 425 || status == 429) {
            return failed(event, "status " + status);
        }
        trouble = "it refuses events with status " + status;
        LOG.warn("hook refuses server={} event={} name={} status={}", options, event.kind().text(), event.name(), status);
        return Result.NEVER;
    }

    private Result failed(Event event, String reason) {
        trouble = reason;
        LOG.info("hook later server={} event={} name={} reason={}", options, event.kind().text(), event.name(), reason.replaceAll("\\p{Cntrl}", " "));
        return Result.LATER;
    }
}

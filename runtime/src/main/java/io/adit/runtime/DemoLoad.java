package io.adit.runtime;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A few visitors who ask for one page again and again: what {@code demo --swap} looks at. An answer that is an error, or cut, is a
 * failure. Thread-safe.
 */
final class DemoLoad implements AutoCloseable {

    static final int VISITORS = 8;
    /** Between two requests of a visitor, so that what is measured is not how busy they keep the machine. */
    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final HttpRequest request;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();
    private final ExecutorService visitors = Executors.newFixedThreadPool(VISITORS, task -> {
        Thread thread = new Thread(task, "adit-demo-visitor");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicReference<String> failure = new AtomicReference<>();
    private volatile boolean ended;

    private DemoLoad(URI url) {
        // any name under localhost is this machine, but not every resolver knows it
        URI here = URI.create("http://127.0.0.1:" + (url.getPort() < 0 ? 80 : url.getPort()) + "/");
        this.request = HttpRequest.newBuilder(here).header("Host", url.getAuthority()).timeout(DEADLINE).build();
    }

    /** Before anything in this process uses the HTTP client, which reads it once. */
    static void prepare() {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    /** Begins at once; {@link #prepare} was called. */
    static DemoLoad on(URI url) {
        DemoLoad load = new DemoLoad(url);
        for (int i = 0; i < VISITORS; i++) {
            load.visitors.execute(load::visit);
        }
        return load;
    }

    private void visit() {
        while (!ended) {
            long begun = System.nanoTime();
            try {
                int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
                if (status >= 500) {
                    failed("HTTP " + status);
                }
            } catch (IOException e) {
                failed(Failures.oneLine(e));
            } catch (InterruptedException e) {
                return; // close()
            }
            requests.incrementAndGet();
            longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void failed(String what) {
        if (!ended) {
            failures.incrementAndGet();
            failure.compareAndSet(null, what);
        }
    }

    long requests() {
        return requests.get();
    }

    long failures() {
        return failures.get();
    }

    /** Counts anew: what came before was the warm-up. */
    void reset() {
        requests.set(0);
        failures.set(0);
        longest.set(0);
    }

    @Override
    public String toString() {
        String first = failure.get();
        return requests + " requests, " + failures + " failed" + (first == null ? "" : " (the first: " + first + ")") + ", longest pause "
            + TimeUnit.NANOSECONDS.toMillis(longest.get()) + " ms";
    }

    @Override
    public void close() {
        ended = true;
        visitors.shutdownNow();
    }
}

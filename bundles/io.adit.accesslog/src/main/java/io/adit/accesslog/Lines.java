package io.adit.accesslog;

import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.adit.api.MetricSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines on their way to the logging system, which may be slow: a thread of its own ({@code adit-accesslog}) hands them over. What is more than may wait is
 * dropped, counted, and said in the log once a minute. Thread-safe; {@link #add} takes no lock.
 */
final class Lines implements MetricSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lines.class);
    /** The last one. */
    private static final String END = new String("end");
    private static final long SAID_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOOK_MILLIS = 1000;
    private static final long CLOSE_MILLIS = 2000;

    private final LinkedTransferQueue<String> queue = new LinkedTransferQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final long most;
    private final Consumer<String> log;
    private final Thread thread = new Thread(this::run, "adit-accesslog");
    private volatile boolean closed;
    // confined to the thread
    private long said;
    private long saidAt = System.nanoTime() - SAID_EVERY_NANOS;

    /**
     * @param most characters that may wait
     * @param log takes a line; may block
     */
    Lines(long most, Consumer<String> log) {
        this.most = most;
        this.log = log;
        thread.setDaemon(true);
        thread.start();
    }

    void add(String line) {
        if (waiting.addAndGet(line.length()) > most || closed) {
            waiting.addAndGet(-line.length());
            dropped.increment();
        } else {
            queue.add(line);
        }
    }

    private void run() {
        try {
            String line = "";
            while (line != END) { // the very object: a line may be as empty
                line = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (line != null && line != END) {
                    waiting.addAndGet(-line.length());
                    write(line);
                }
                sayDropped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // what is left was waited for long enough
        }
    }

    private void write(String line) {
        try {
            log.accept(line);
            written.increment();
        } catch (RuntimeException e) {
            dropped.increment();
            LOG.debug("the logging system failed", e);
        }
    }

    private void sayDropped() {
        long now = System.nanoTime();
        long all = dropped.sum();
        if (all > said && now - saidAt >= SAID_EVERY_NANOS) {
            LOG.warn("{} lines of the access log were dropped, {} in all: the logging system is slower than the visitors", all - said, all);
            said = all;
            saidAt = now;
        }
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.counter("adit_access_log_lines", "Lines of the access log that the logging system took.", written.sum()),
                Metric.counter("adit_access_log_dropped_lines", "Lines of the access log that were dropped, since too many waited.", dropped.sum()),
                Metric.gauge("adit_access_log_waiting_bytes", "What waits for the logging system.", waiting.get()));
    }

    /** What waits is written, for a while. */
    @Override
    public void close() {
        closed = true;
        queue.add(END);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}

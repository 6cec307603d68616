package io.adit.origin;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import io.adit.gate.Gate;

/**
 * What this container's own web server serves. It may say that it is there, by a service; when the last one that said so goes (its bundle is
 * updated, say), requests wait for it, for a time, and those that run finish before it goes. Thread-safe.
 */
final class Content implements AutoCloseable {

    private static final Object HERE = new Object();

    private final Gate<Object> gate;
    private final Runnable finish;
    private final Set<Object> marks = new HashSet<>();

    /** @param finish waits, bounded, for the requests that run */
    Content(long holdMillis, int holdMax, Runnable finish) {
        gate = new Gate<>(Duration.ofMillis(holdMillis), holdMax);
        gate.open(HERE);
        this.finish = finish;
    }

    synchronized void add(Object mark) {
        marks.add(mark);
        gate.open(HERE);
    }

    synchronized void remove(Object mark) {
        if (marks.remove(mark) && marks.isEmpty()) {
            gate.shut(HERE);
            finish.run();
        }
    }

    /** Now, or when it is back; and when it does not come back in time, then: whatever the web server answers without it is the answer. */
    void pass(Runnable request) {
        gate.pass(here -> request.run(), request);
    }

    @Override
    public void close() {
        gate.close();
    }
}

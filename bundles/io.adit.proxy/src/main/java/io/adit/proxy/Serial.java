package io.adit.proxy;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one after the other on the threads that bring them: the first that comes runs all that come meanwhile. So call-backs from
 * the browser's, the peer's and the clock's side never meet, no lock is held, and a call-back inside a call does not nest.
 */
final class Serial implements Executor {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Consumer<Throwable> failures;

    /** @param failures is told when a task throws; the next tasks are run all the same */
    Serial(Consumer<Throwable> failures) {
        this.failures = failures;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() != 0) {
            return;
        }
        do {
            try {
                tasks.remove().run();
            } catch (RuntimeException | Error e) {
                failures.accept(e);
            }
        } while (waiting.decrementAndGet() != 0);
    }
}

package io.adit.jetty;

import java.io.Closeable;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that stays registered for reading while it is read. Jetty takes the registration back for each read, and puts it there again when the next
 * request is waited for: two system calls, and where the response was sent by another thread, a selector that is woken to make them. Here it is
 * taken back only when something comes that nobody waits for (a request that is sent before the last one was answered, a body that is not read), and for
 * readers that run on another thread, since the selector would come back to them until they have read.
 *
 * <p>Thread-safety: as the class that it extends.
 */
final class KeenEndPoint extends SocketChannelEndPoint {

    private final Object lock = new Object();
    private final Fillable fillable = new Fillable();
    private SelectionKey key;
    /** Whether what comes is not told; guarded by the lock, so that it is never true of a reader that waits. */
    private boolean quiet = true;

    KeenEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
        this.key = key;
    }

    /** On any thread, after the reader was noted. */
    @Override
    protected void needsFillInterest() {
        synchronized (lock) {
            if (quiet) {
                quiet = false;
                super.needsFillInterest();
            }
        }
    }

    /** On the selector's thread. Whoever asks to read meanwhile was noted before, so the task that is returned finds him, or he finds it quiet. */
    @Override
    public Runnable onSelected() {
        int ready = key.readyOps();
        if (ready == SelectionKey.OP_READ && getFillInterest().getCallbackInvocationType() == Invocable.InvocationType.NON_BLOCKING) {
            return fillable;
        }
        synchronized (lock) {
            quiet |= (ready & SelectionKey.OP_READ) != 0;
            return super.onSelected();
        }
    }

    @Override
    public void replaceKey(SelectionKey newKey) {
        key = newKey;
        super.replaceKey(newKey);
    }

    private final class Fillable implements Invocable.Task, Closeable {

        @Override
        public void run() {
            getFillInterest().fillable();
        }

        @Override
        public InvocationType getInvocationType() {
            return getFillInterest().getCallbackInvocationType();
        }

        @Override
        public void close() {
            KeenEndPoint.this.close();
        }
    }
}

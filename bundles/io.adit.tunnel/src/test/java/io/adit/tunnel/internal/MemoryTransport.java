package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import io.adit.api.Completion;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;

/** Two ends in one JVM; each end reads on a thread of its own, as a socket's I/O thread would. */
final class MemoryTransport implements Transport {

    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "memory-transport");
        thread.setDaemon(true);
        return thread;
    });
    private MemoryTransport other;
    /** The reader waits for it: the other side may speak before the engine's side is known here. */
    private final CompletableFuture<TransportListener> listener = new CompletableFuture<>();
    private boolean writing;

    static MemoryTransport[] pair() {
        MemoryTransport a = new MemoryTransport();
        MemoryTransport b = new MemoryTransport();
        a.other = b;
        b.other = a;
        return new MemoryTransport[] {a, b};
    }

    void deliverTo(TransportListener to) {
        listener.complete(to);
    }

    @Override
    public void write(ByteBuffer data, Completion completion) {
        synchronized (this) {
            if (writing) {
                throw new IllegalStateException("L1: a second write in flight");
            }
            writing = true;
        }
        try {
            other.reader.execute(() -> {
                ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
                synchronized (this) {
                    writing = false;
                }
                completion.succeeded();
                other.listener.join().received(copy);
            });
        } catch (RejectedExecutionException e) {
            completion.failed(e);
        }
    }

    @Override
    public void close(boolean graceful) {
        for (MemoryTransport end : new MemoryTransport[] {this, other}) {
            try {
                end.reader.execute(() -> {
                    end.reader.shutdown();
                    end.listener.join().closed(null);
                });
            } catch (RejectedExecutionException e) {
                // closed already
            }
        }
    }

    @Override
    public String remote() {
        return "memory";
    }
}

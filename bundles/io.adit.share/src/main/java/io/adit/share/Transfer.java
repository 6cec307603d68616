package io.adit.share;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one body as fast as its reader takes it. Between two writes that the reader has not taken yet no thread is held and the
 * only memory is one buffer; a reader that takes nothing at all is ended by the HTTP server's idle time-out.
 *
 * <p>A transfer that cannot be finished completes its response with fewer bytes than its Content-Length says, at which the server
 * breaks the connection: the reader sees a failure, not a short file.
 */
final class Transfer implements WriteListener, AsyncListener, Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Body body;
    private final byte[] buffer;
    private final Consumer<Transfer> whenDone;
    private final AtomicBoolean done = new AtomicBoolean();

    /** @param whenDone called once, when nothing of the transfer is left; from any thread */
    Transfer(AsyncContext async, ServletOutputStream out, Body body, int bufferBytes, Consumer<Transfer> whenDone) {
        this.async = async;
        this.out = out;
        this.body = body;
        this.buffer = new byte[(int) Math.min(bufferBytes, Math.max(1, body.length()))];
        this.whenDone = whenDone;
    }

    /** Starts. The response's head must be set, with the body's length. */
    void start() {
        // The servlet's time-out counts from the start, however well it goes; a stalled reader is the server's idle time-out's
        // business.
        async.setTimeout(0);
        async.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    public void onWritePossible() {
        try {
            while (out.isReady()) {
                int count = body.read(buffer);
                if (count < 0) {
                    finish(null);
                    return;
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            finish(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        finish(failure);
    }

    /** Breaks the transfer off, from any thread. */
    @Override
    public void close() {
        finish(new IOException("the folder is no longer shared"));
    }

    private void finish(Throwable failure) {
        if (!done.compareAndSet(false, true)) {
            return;
        }
        if (failure != null) {
            LOG.debug("Transfer broken off", failure);
        }
        try {
            body.close();
        } catch (IOException e) {
            LOG.debug("File not closed", e);
        }
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The server has ended the response by itself", e);
        }
        whenDone.accept(this);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        finish(null);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        finish(event.getThrowable());
    }

    @Override
    public void onError(AsyncEvent event) {
        finish(event.getThrowable());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        throw new IllegalStateException("a transfer is not restarted");
    }
}

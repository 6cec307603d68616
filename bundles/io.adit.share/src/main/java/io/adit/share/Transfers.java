package io.adit.share;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The transfers that run, at most a given number. Thread-safe; it can go on being used after {@link #close}. */
final class Transfers implements Closeable {

    private final Semaphore free;
    private final int bufferBytes;
    private final Set<Transfer> running = ConcurrentHashMap.newKeySet();

    Transfers(int max, int bufferBytes) {
        this.free = new Semaphore(max);
        this.bufferBytes = bufferBytes;
    }

    /**
     * Starts a transfer.
     *
     * @return false when too many run already; otherwise the transfer owns the body
     */
    boolean start(HttpServletRequest request, HttpServletResponse response, Body body) throws IOException {
        if (!free.tryAcquire()) {
            return false;
        }
        Transfer transfer;
        try {
            transfer = new Transfer(request.startAsync(), response.getOutputStream(), body, bufferBytes, this::ended);
        } catch (IOException | RuntimeException e) {
            free.release();
            throw e;
        }
        running.add(transfer);
        transfer.start();
        return true;
    }

    int running() {
        return running.size();
    }

    /** Breaks off all transfers. */
    @Override
    public void close() {
        running.forEach(Transfer::close);
    }

    private void ended(Transfer transfer) {
        running.remove(transfer);
        free.release();
    }
}

package io.adit.console;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.adit.api.RequestListener;
import io.adit.api.packet.Fields;

/** Counts requests, in all and by peer, and keeps the last ones. Thread-safe; nothing blocks. */
final class Recorder implements RequestListener {

    /** What one peer's requests, or all of them, came to. */
    static final class Count {
        private final LongAdder requests = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LongAdder requestBytes = new LongAdder();
        private final LongAdder responseBytes = new LongAdder();
        private volatile String lastError = "";
        private volatile long lastErrorAt;

        long requests() {
            return requests.sum();
        }

        /** Those that broke, that the proxy answered itself, or that had a status from 500 on. */
        long errors() {
            return errors.sum();
        }

        long requestBytes() {
            return requestBytes.sum();
        }

        long responseBytes() {
            return responseBytes.sum();
        }

        /** What it was, a few words; empty when there was none. */
        String lastError() {
            return lastError;
        }

        /** Milliseconds since the epoch. */
        long lastErrorAt() {
            return lastErrorAt;
        }

        private void ended(Captured.Now now) {
            requestBytes.add(now.end().requestBytes());
            responseBytes.add(now.end().responseBytes());
            if (now.isError()) {
                errors.increment();
                lastError = error(now);
                lastErrorAt = System.currentTimeMillis();
            }
        }

        private static String error(Captured.Now now) {
            String what = !now.end().error().isEmpty() ? now.end().error() : now.end().how() == How.BROKEN ? now.end().code().text() : "from the origin";
            return now.status() == 0 ? what : now.status() + " " + what;
        }
    }

    private final RequestLog log;
    private final Latencies latencies = new Latencies();
    private final Count all = new Count();
    /** Of registered names only, so their number is the bound. */
    private final Map<String, Count> peers = new ConcurrentHashMap<>();

    Recorder(RequestLog log) {
        this.log = log;
    }

    RequestLog log() {
        return log;
    }

    Latencies latencies() {
        return latencies;
    }

    Count all() {
        return all;
    }

    /** @return null where there was no request yet */
    Count peer(String name) {
        return peers.get(name);
    }

    /** The name is no more. */
    void forget(String name) {
        peers.remove(name);
        log.bodies(name, null);
    }

    @Override
    public Course begin(Begin request) {
        all.requests.increment();
        Count count = request.peer().isEmpty() ? null : peers.computeIfAbsent(request.peer(), name -> new Count());
        if (count != null) {
            count.requests.increment();
        }
        Captured captured = log.begin(request);
        return new Course() {
            @Override
            public int bodyBytes() {
                return captured.bodyBytes();
            }

            @Override
            public void requestBody(ByteBuffer piece) {
                captured.requestBody(piece);
            }

            @Override
            public void head(int status, Fields fields) {
                captured.head(status, fields);
            }

            @Override
            public void responseBody(ByteBuffer piece) {
                captured.responseBody(piece);
            }

            @Override
            public void end(End end) {
                captured.end(end);
                Captured.Now now = captured.summary();
                all.ended(now);
                if (count != null) {
                    count.ended(now);
                }
                if (end.timing().head() >= 0 && !request.peer().isEmpty()) {
                    latencies.add(end.timing().head());
                }
            }
        };
    }
}

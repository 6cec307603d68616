package io.adit.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import io.adit.api.RequestListener.End;

/** What all requests of one side came to: more than of one peer. Thread-safe, as {@link Tally} is. */
final class SideTally {

    /** A visitor may call a method as he likes; what is none of these is the last. */
    static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other");

    private final Tally all = new Tally();
    private final LongAdder[][] requests = new LongAdder[METHODS.size()][];
    private final Durations firstByte = new Durations();
    private final Durations wait = new Durations();

    SideTally() {
        for (int i = 0; i < requests.length; i++) {
            requests[i] = Tally.adders(Tally.STATUSES.size());
        }
    }

    /** An index into {@link #METHODS}. */
    static int method(String method) {
        int index = METHODS.indexOf(method);
        return index < 0 ? METHODS.size() - 1 : index;
    }

    void begin() {
        all.begin();
    }

    void end(int method, End end) {
        all.end(end);
        requests[method][Tally.status(end.status())].increment();
        if (end.timing().head() >= 0 && Tally.isWhole(end)) {
            firstByte.add(end.timing().head());
        }
        if (end.timing().opened() >= 0) {
            wait.add(end.timing().opened());
        }
    }

    Tally all() {
        return all;
    }

    long requests(int method, int status) {
        return requests[method][status].sum();
    }

    /** Until the head of the response, also of the proxy's own answers. */
    Durations firstByte() {
        return firstByte;
    }

    /** Until a stream to the peer was open. */
    Durations waited() {
        return wait;
    }
}

package io.adit.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;

/**
 * What the requests of one side, or of one peer, came to. Thread-safety: thread-safe; counting takes no lock, and allocates nothing but for the first
 * error of a kind.
 */
final class Tally {

    /** By the first digit of the status; where there was none, the first. */
    static final List<String> STATUSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");
    private static final int SWITCHED = 101;
    /** More than there are; what else a listener is told is one. */
    private static final int MOST_ERRORS = 100;

    /** @param kind {@code own}: an answer of the proxy's own; {@code broken}: the response is missing, or not complete; {@code gone}: who asked went away */
    record Failure(String kind, String error) {
    }

    private static final Failure OTHER = new Failure("own", "other");

    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder[] statuses = adders(STATUSES.size());
    private final LongAdder requestBytes = new LongAdder();
    private final LongAdder responseBytes = new LongAdder();
    private final Map<Failure, LongAdder> failures = new ConcurrentHashMap<>();
    private final Durations duration = new Durations();

    static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    /** An index into {@link #STATUSES}. */
    static int status(int status) {
        return status >= 100 && status < 600 ? status / 100 : 0;
    }

    void begin() {
        begun.increment();
    }

    void end(End end) {
        ended.increment();
        statuses[status(end.status())].increment();
        requestBytes.add(end.requestBytes());
        responseBytes.add(end.responseBytes());
        if (isWhole(end)) {
            duration.add(end.timing().end());
        }
        if (end.how() != How.ANSWERED && end.how() != How.LEFT) {
            fail(end);
        }
    }

    /** Whether its time says something: not of a connection that was upgraded, which lasts as long as somebody likes, nor of what nobody tells the end of. */
    static boolean isWhole(End end) {
        return end.status() != SWITCHED && end.how() != How.LEFT;
    }

    private void fail(End end) {
        String kind = end.how() == How.OWN ? "own" : end.how() == How.GONE ? "gone" : "broken";
        String error = end.how() == How.OWN ? end.error() : end.code().label();
        if (!error.isEmpty()) { // a page that is no error has none
            Failure failure = new Failure(kind, error);
            LongAdder count = failures.get(failure);
            if (count == null) {
                count = failures.computeIfAbsent(failures.size() < MOST_ERRORS ? failure : OTHER, each -> new LongAdder());
            }
            count.increment();
        }
    }

    long begun() {
        return begun.sum();
    }

    /** Never negative: those that end while this is read may have been missed by one of the two sums. */
    long underWay() {
        long over = ended.sum();
        return Math.max(0, begun.sum() - over);
    }

    long status(String name) {
        return statuses[STATUSES.indexOf(name)].sum();
    }

    long requestBytes() {
        return requestBytes.sum();
    }

    long responseBytes() {
        return responseBytes.sum();
    }

    Durations duration() {
        return duration;
    }

    void failures(BiConsumer<Failure, Long> each) {
        failures.forEach((failure, count) -> each.accept(failure, count.sum()));
    }
}

package io.adit.console;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.adit.api.Redaction;
import io.adit.api.RequestListener.Begin;

/**
 * The last requests, bounded in number and in bytes. Bodies are kept of those peers only for which somebody turned it on, and for a time.
 * Thread-safe; the lock is held for moments.
 */
final class RequestLog {

    private final int most;
    private final long mostBytes;
    private final int bodyBytes;
    private final Deque<Captured> requests = new ArrayDeque<>();
    private final Map<String, Instant> bodiesUntil = new ConcurrentHashMap<>();
    private long lastId;
    /** Goes up with every change, so that who has seen it need not ask for the same again. */
    private long version;
    private long bytes;

    RequestLog(int most, long mostBytes, int bodyBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.bodyBytes = bodyBytes;
    }

    /** @param until null to turn it off */
    void bodies(String peer, Instant until) {
        if (until == null) {
            bodiesUntil.remove(peer);
        } else {
            bodiesUntil.put(peer, until);
        }
    }

    /** Until when bodies of that peer's requests are kept. */
    Optional<Instant> bodiesUntil(String peer) {
        return Optional.ofNullable(bodiesUntil.get(peer)).filter(until -> until.isAfter(Instant.now()));
    }

    Captured begin(Begin request) {
        Begin shown = new Begin(request.side(), request.at(), request.peer(), request.client(), request.visitor(), request.scheme(), Redaction.address(request.authority()), request.method(),
                Redaction.address(request.target()), request.protocol(), Redaction.fields(request.fields()));
        boolean bodies = !bodiesUntil.isEmpty() && bodiesUntil(request.peer()).isPresent();
        synchronized (this) {
            Captured captured = new Captured(++lastId, shown, bodies ? bodyBytes : 0, this::ended);
            requests.addLast(captured);
            count(captured, captured.weight());
            version++;
            trim();
            return captured;
        }
    }

    private synchronized void ended(Captured captured) {
        version++;
        if (captured.counted > 0) { // else it is not kept any more
            count(captured, captured.weight());
            trim();
        }
    }

    private void count(Captured captured, int weight) {
        bytes += weight - captured.counted;
        captured.counted = weight;
    }

    private void trim() {
        while (requests.size() > most || bytes > mostBytes && requests.size() > 1) {
            count(requests.removeFirst(), 0);
        }
    }

    synchronized long version() {
        return version;
    }

    /** The newest first, as they are now, without fields of the response and bodies. */
    List<Captured.Now> find(Predicate<Captured.Now> filter, int atMost) {
        List<Captured.Now> found = new ArrayList<>();
        for (Iterator<Captured> each = copy().descendingIterator(); each.hasNext() && found.size() < atMost;) {
            Captured.Now now = each.next().summary();
            if (filter.test(now)) {
                found.add(now);
            }
        }
        return found;
    }

    Optional<Captured.Now> find(long id) {
        return copy().stream().filter(each -> each.id() == id).findFirst().map(Captured::now);
    }

    /** All of those, with fields and bodies; the oldest first. */
    List<Captured.Now> all(Predicate<Captured.Now> filter) {
        return copy().stream().filter(each -> filter.test(each.summary())).map(Captured::now).toList();
    }

    private synchronized ArrayDeque<Captured> copy() {
        return new ArrayDeque<>(requests);
    }

    synchronized void clear() {
        requests.forEach(each -> count(each, 0));
        requests.clear();
        version++;
    }
}

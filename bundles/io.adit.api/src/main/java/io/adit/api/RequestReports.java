package io.adit.api;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The {@link RequestListener}s of one who carries requests. Where nobody listens, a request costs one volatile read. Thread-safe.
 */
public final class RequestReports {

    private final BiConsumer<RequestListener, Throwable> failed;
    private volatile RequestListener[] listeners = {};
    /** Those under way that somebody is told of. */
    private final Set<RequestReport> underWay = ConcurrentHashMap.newKeySet();

    /** @param failed is told of a listener that threw something; it hears no more of that request */
    public RequestReports(BiConsumer<RequestListener, Throwable> failed) {
        this.failed = failed;
    }

    /** It is told of what begins from now on. */
    public synchronized void add(RequestListener listener) {
        RequestListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = listener;
        listeners = more;
    }

    /** It is told nothing more, and nobody holds on to it. */
    public void remove(RequestListener listener) {
        synchronized (this) {
            listeners = Arrays.stream(listeners).filter(each -> each != listener).toArray(RequestListener[]::new);
        }
        underWay.forEach(report -> report.forget(listener));
    }

    public boolean isSilent() {
        return listeners.length == 0;
    }

    /**
     * Tells the listeners.
     *
     * @param nanos when the request came, as {@link System#nanoTime} has it
     * @return where to say how it goes on
     */
    public RequestReport begin(RequestListener.Begin request, long nanos) {
        RequestListener[] now = listeners;
        if (now.length == 0) {
            return RequestReport.SILENT;
        }
        RequestReport report = new RequestReport(nanos, underWay::remove, failed);
        underWay.add(report);
        for (RequestListener each : now) {
            report.tell(each, request);
        }
        report.begins(request);
        RequestListener[] left = listeners;
        if (left != now) { // one that was removed meanwhile may have been missed by remove()
            for (RequestListener each : now) {
                if (Arrays.stream(left).noneMatch(still -> still == each)) {
                    report.forget(each);
                }
            }
        }
        return report;
    }
}

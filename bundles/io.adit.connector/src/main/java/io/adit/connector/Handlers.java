package io.adit.connector;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.adit.api.ErrorCode;
import io.adit.api.LocalRequests;
import io.adit.api.MessageStream;
import io.adit.api.RequestHandler;
import io.adit.api.RequestReports;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.gate.Gate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever answers requests now; requests wait while nobody does, since its bundle is updated. What waits has its window, and no more of a body
 * comes than fits in that. Thread-safe.
 */
final class Handlers implements RequestHandler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);

    private final String name;
    private final Gate<RequestHandler> gate;
    private final List<LocalRequests> local = new CopyOnWriteArrayList<>();
    private final RequestReports reports = new RequestReports((listener, failure) ->
            LOG.warn("{} failed, and is told no more of that request", listener.getClass().getName(), failure));

    /** @param name of the peer */
    Handlers(String name, Duration longest, int most) {
        this.name = name;
        gate = new Gate<>(longest, most);
    }

    void add(LocalRequests answers) {
        local.add(answers);
    }

    void remove(LocalRequests answers) {
        local.remove(answers);
    }

    /** Who is told of the requests. */
    RequestReports reports() {
        return reports;
    }

    void set(RequestHandler handler) {
        gate.open(handler);
    }

    /** Returns when no request is on its way to it any more. */
    void unset(RequestHandler handler) {
        gate.shut(handler);
    }

    @Override
    public void handle(RequestHead head, boolean last, MessageStream plain) {
        if (!local.isEmpty() && head.target().startsWith(LocalRequests.FOLDER)) {
            RequestHandler own = local.stream().map(each -> each.handler(name, head)).flatMap(Optional::stream).findFirst().orElse(null);
            if (own != null) {
                hand(own, head, last, plain);
                return;
            }
        }
        MessageStream stream = ReportedStream.of(reports, name, head, last, plain);
        AtomicBoolean broken = new AtomicBoolean();
        stream.onReset(cause -> broken.set(true)); // until the handler listens itself
        gate.pass(handler -> {
            if (!broken.get()) { // else nobody waits for the answer, and it may have been sent again
                hand(handler, ReportedStream.onward(head, stream), last, stream);
            }
        }, () -> stream.reset(ErrorCode.REFUSED, "nobody answers requests"));
    }

    private static void hand(RequestHandler handler, RequestHead head, boolean last, MessageStream stream) {
        try {
            handler.handle(head, last, stream);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the request handler failed", e);
            stream.reset(ErrorCode.INTERNAL, "request handler");
        }
    }

    @Override
    public void close() {
        gate.close();
    }
}

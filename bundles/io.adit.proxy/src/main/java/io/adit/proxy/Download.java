package io.adit.proxy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.RequestReport;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The response on its way to the browser, part by part: each is flushed at once, and the next is read (and credit given back to the
 * peer) when the browser's side took it. All in the relay's {@link Serial}.
 */
final class Download {

    private static final Logger LOG = LoggerFactory.getLogger(Download.class);

    private final Relay relay;
    private final Exchange exchange;
    private boolean headSent;
    /** A response to HEAD, or one with a status that has no body. */
    private boolean bodyless;
    /** The declared length, or -1. */
    private long length = -1;
    private long written;
    private boolean complete;

    Download(Relay relay, Exchange exchange) {
        this.relay = relay;
        this.exchange = exchange;
    }

    /** Reads and passes on what there is; comes back when there is more, or when a write is done. */
    void next() {
        MessageStream stream = relay.stream();
        if (relay.isEnded() || complete || stream == null) {
            return;
        }
        // the head goes at once
        if (headSent && !relay.lease().down().ready(() -> relay.serial().execute(() -> {
            if (stream == relay.stream()) {
                read(stream);
            }
        }))) {
            return;
        }
        read(stream);
    }

    private void read(MessageStream stream) {
        if (relay.isEnded() || complete) {
            return;
        }
        Inbound inbound = stream.read();
        if (inbound == null) {
            stream.demand(() -> relay.serial().execute(() -> {
                if (stream == relay.stream()) {
                    next();
                }
            }));
        } else if (inbound instanceof Inbound.Head head) {
            head(head.head(), head.last());
        } else if (inbound instanceof Inbound.Data data) {
            data(data);
        } else if (inbound instanceof Inbound.Trailers trailers) {
            trailers(trailers.fields());
        } else if (inbound instanceof Inbound.Failure failure) {
            relay.streamFailed(failure.cause());
        }
    }

    private void head(ResponseHead head, boolean last) {
        Fields fields;
        try {
            if (headSent) {
                throw new ResponseFilter.InvalidHeadException("a second head");
            }
            fields = ResponseFilter.fields(head, relay.settings().maxFields(), relay.settings().maxFieldBytes());
            if (head.reason().length() > exchange.reasonMax()) {
                throw new ResponseFilter.InvalidHeadException("a reason phrase that is too long for this connection");
            }
        } catch (ResponseFilter.InvalidHeadException e) {
            refuse(e.getMessage());
            return;
        }
        if (head.status() == 101) {
            upgrade(head, fields, last);
        } else if (head.isInterim()) {
            interim(head, fields);
        } else {
            respond(head, fields, last);
        }
    }

    private void interim(ResponseHead head, Fields fields) {
        if (head.status() == 100) {
            relay.proceed();
            next();
        } else {
            exchange.interim(head.status(), head.reason(), fields, relay.after(this::next));
        }
    }

    private void respond(ResponseHead head, Fields fields, boolean last) {
        if (exchange.webSocket() != null && head.status() < 300) {
            refuse("no 101, yet not refused: it would mean to the browser that there is a WebSocket");
            return;
        }
        headSent = true;
        relay.responding();
        if (!relay.head().upgrade().isEmpty()) {
            // not upgraded after all: this direction carries nothing
            relay.stream().data(ByteBuffer.allocate(0), true, Completion.NONE);
        }
        Fields passed = head.status() == 426 ? withUpgrade(head, fields) : fields;
        bodyless = relay.head().method().equals("HEAD") || head.status() == 204 || head.status() == 304;
        length = ResponseFilter.length(head);
        relay.report().head(head.status(), passed);
        exchange.head(head.status(), head.reason(), passed, length, relay.isDraining());
        if (bodyless) {
            // two steps, or Jetty would add the length of the body that is not there
            exchange.write(false, null, relay.after(() -> {
                complete = true;
                drain(relay.stream(), last);
                exchange.write(true, null, relay.after(relay::responded));
            }));
        } else if (last) {
            finish(null, null);
        } else {
            // the head always goes at once; a name that is over its bandwidth would never pay for small responses otherwise
            withFirst(relay.lease().down().isFree() ? relay.stream().read() : null);
        }
    }

    /**
     * What came along with the head goes along with it: one write instead of two.
     *
     * @param inbound null when there is nothing yet, or it has to wait for its turn
     */
    private void withFirst(Inbound inbound) {
        if (inbound instanceof Inbound.Data data) {
            data(data);
        } else if (inbound instanceof Inbound.Trailers trailers) {
            exchange.write(false, null, relay.after(() -> trailers(trailers.fields())));
        } else {
            exchange.write(false, null, relay.after(this::next));
        }
    }

    private void data(Inbound.Data data) {
        if (!headSent) {
            data.release();
            refuse("data before a head");
            return;
        }
        int bytes = data.bytes().remaining();
        written += bytes;
        relay.lease().down().used(bytes);
        relay.report().responseBody(data.bytes());
        if (length >= 0 && written > length) {
            data.release();
            relay.breakOff(ErrorCode.PROTOCOL, "more bytes than Content-Length");
        } else if (data.last() || written == length) {
            finish(data.bytes(), data);
            if (complete) {
                drain(relay.stream(), data.last());
            }
        } else if (bytes == 0) {
            data.release();
            next();
        } else {
            exchange.write(false, data.bytes(), release(data, this::next));
        }
    }

    private void trailers(Fields fields) {
        try {
            if (!headSent) {
                throw new ResponseFilter.InvalidHeadException("trailers before a head");
            }
            exchange.trailers(ResponseFilter.trailers(fields, relay.settings().maxFields(), relay.settings().maxFieldBytes()));
            finish(null, null);
        } catch (ResponseFilter.InvalidHeadException e) {
            refuse(e.getMessage());
        }
    }

    /** @param data to be released, or null */
    private void finish(ByteBuffer bytes, Inbound.Data data) {
        if (length >= 0 && written < length) {
            if (data != null) {
                data.release();
            }
            relay.breakOff(ErrorCode.CUT, "the response ends " + (length - written) + " bytes short of its Content-Length");
            return;
        }
        complete = true;
        exchange.write(true, bytes, data == null ? relay.after(relay::responded) : release(data, relay::responded));
    }

    /** The response is complete for the browser, but the peer has not said so yet: nothing but that may come. */
    private void drain(MessageStream stream, boolean last) {
        if (!last) {
            // a peer that never says so must not keep the stream and its window for ever
            CompletableFuture.delayedExecutor(relay.settings().lingerTimeout(), TimeUnit.MILLISECONDS)
                    .execute(() -> stream.reset(ErrorCode.CANCEL, "the response does not end"));
        }
        drainMore(stream, last);
    }

    private static void drainMore(MessageStream stream, boolean last) {
        boolean over = last;
        while (!over) {
            Inbound inbound = stream.read();
            if (inbound == null) {
                stream.demand(() -> drainMore(stream, false));
                return;
            }
            over = inbound.last();
            if (inbound instanceof Inbound.Data data) {
                boolean more = data.bytes().hasRemaining();
                data.release();
                if (more) {
                    stream.reset(ErrorCode.PROTOCOL, "more data than the response may have");
                    return;
                }
            }
        }
    }

    private void upgrade(ResponseHead head, Fields fields, boolean last) {
        if (relay.head().upgrade().isEmpty() || last) {
            refuse("101 without a request to upgrade");
            return;
        }
        if (exchange.webSocket() != null) {
            if (!exchange.webSocket().isAcceptedBy(head)) {
                refuse("a 101 that does not accept the WebSocket");
                return;
            }
            switched(200, null, WebSocketTunnel.response(fields));
            return;
        }
        Fields.Builder all = Fields.builder().add("Connection", "Upgrade");
        all.add("Upgrade", head.upgrade().isEmpty() ? relay.head().upgrade() : head.upgrade());
        fields.forEach((name, value) -> {
            if (!name.equalsIgnoreCase("content-length")) {
                all.add(name, value);
            }
        });
        switched(101, head.reason(), all.build());
    }

    private void switched(int status, String reason, Fields fields) {
        relay.responding();
        complete = true;
        relay.report().head(status, fields);
        exchange.head(status, reason, fields, -1, false);
        MessageStream stream = relay.stream();
        exchange.upgrade(relay.report() == RequestReport.SILENT ? stream : new ReportedStream(stream, relay.report()), relay.lease(), relay::upgradeEnded);
        exchange.write(false, null, relay.after(relay::upgraded));
    }

    /** 426 says what to upgrade to (RFC 9110 section 15.5.22); what this gateway does not pass on is no answer to that. */
    private static Fields withUpgrade(ResponseHead head, Fields fields) {
        String protocols = UpgradeField.protocols(List.of(head.upgrade()));
        if (protocols.isEmpty()) {
            return fields;
        }
        Fields.Builder all = Fields.builder().add("Connection", "Upgrade").add("Upgrade", protocols);
        fields.forEach(all::add);
        return all.build();
    }

    private void refuse(String reason) {
        LOG.warn("a peer's response is refused: {}", reason);
        relay.stream().reset(ErrorCode.PROTOCOL, reason);
        relay.fail(Problem.badAnswer());
    }

    /** Gives the bytes back whichever way the write ends. */
    private Completion release(Inbound.Data data, Runnable next) {
        Completion after = relay.after(next);
        return new Completion() {
            @Override
            public void succeeded() {
                data.release();
                after.succeeded();
            }

            @Override
            public void failed(Throwable cause) {
                data.release();
                after.failed(cause);
            }
        };
    }
}

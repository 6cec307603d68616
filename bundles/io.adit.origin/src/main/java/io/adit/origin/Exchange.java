package io.adit.origin;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of a stream and its response. It ends when the response is on its way and the client has done with the request, or with a reset.
 *
 * <p>Thread-safety: thread-safe; nothing here blocks.
 */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** Bodiless requests of these methods may be sent again when a kept connection turns out to be closed (RFC 9110 section 9.2.2). */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /** More interim responses than a sane origin sends; each is a packet. */
    private static final int MAX_INTERIM = 10;

    private final OriginClient client;
    private final URI origin;
    private final RequestHead head;
    private final boolean last;
    private final MessageStream stream;
    private final RequestBody body;
    private final boolean upgrading;
    /** Wall clock, as the client stamps its connections: one that is older was waiting in the pool. */
    private final long begun = System.currentTimeMillis();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean longTrailers = new AtomicBoolean();

    private volatile OriginRequest request;
    private volatile Connection fresh;
    private volatile Throwable cancelled;
    private volatile ResponsePump pump;
    private volatile ResponseHead switched;
    private volatile RawRelay relay;
    private volatile boolean heard;
    private volatile boolean answered;
    private volatile boolean sent;
    private volatile boolean requestDone;
    private volatile long since = System.nanoTime();
    private int interim;

    Exchange(OriginClient client, URI origin, RequestHead head, boolean last, MessageStream stream) {
        this.client = client;
        this.origin = origin;
        this.head = head;
        this.last = last;
        this.stream = stream;
        // With a declared body, or when no bytes may follow, it is a plain request: a server may ignore Upgrade at any time.
        this.upgrading = !head.upgrade().isEmpty() && head.length() <= 0 && !last;
        String expect = last ? null : head.fields().first("expect");
        boolean held = expect != null && expect.strip().equalsIgnoreCase("100-continue");
        this.body = last ? null : new RequestBody(stream, head.length(), held, this::progress, this::trailers);
    }

    void start() {
        request = newRequest();
        stream.onReset(this::onReset);
        if (client.isCrowded()) {
            sendAlone(request);
        } else {
            client.send(request, this::onContent, this::onComplete);
        }
    }

    private OriginRequest newRequest() {
        boolean upload = body != null && !upgrading;
        OriginRequest next = new OriginRequest(client.jetty(), origin, this, head.method());
        next.onResponseSuccess(this::onResponseRead);
        next.tag(client.options().proxyProtocol().tag(head));
        byte[] bytes = Head.request(head, client.host(origin), upload && head.length() < 0, upgrading);
        next.headers(fields -> fields.add(new HeadField(bytes)));
        if (upload) {
            next.body(body);
            if (head.length() < 0) {
                next.trailersSupplier(body);
            }
        }
        // The client's clock also runs while the browser is slow; ours (expire) does not.
        next.idleTimeout(0, TimeUnit.MILLISECONDS);
        return next;
    }

    /** Something moved. */
    void progress() {
        since = System.nanoTime();
    }

    /** The request's trailers are about to be sent: the reason why they cannot be, or null. */
    private OriginException trailers(Fields trailers) {
        int bytes = trailers.bytes() + 4 * (trailers.size() + 3); // with their ends, the last chunk and the empty line
        if (bytes > client.options().maxHeadBytes()) {
            return new OriginException(ErrorCode.TOO_LARGE, "the trailers are over " + client.options().maxHeadBytes() + " bytes");
        }
        if (client.areLong(bytes) && longTrailers.compareAndSet(false, true)) {
            client.longTrailers().incrementAndGet();
            if (ended.get()) {
                trailersSent();
            }
        }
        return null;
    }

    /** They are sent, or will not be. */
    void trailersSent() {
        if (longTrailers.compareAndSet(true, false)) {
            client.longTrailers().decrementAndGet();
        }
    }

    /** Looks at the clock: is the origin silent for too long? */
    void expire(long now) {
        OriginOptions options = client.options();
        long waited = TimeUnit.NANOSECONDS.toMillis(now - since);
        RequestBody upload = body;
        if (!heard) {
            if (upload != null && upload.isHeld() && waited >= options.continueTimeout()) {
                upload.proceed();
                return;
            }
            boolean browsersTurn = upload != null && !upgrading && upload.isStarving();
            if (waited >= options.responseTimeout() && !browsersTurn) {
                fail(new OriginException(ErrorCode.ORIGIN_TIMEOUT, "no response within " + options.responseTimeout() + " ms"));
            }
            return;
        }
        ResponsePump running = pump;
        boolean originsTurn = sent ? !requestDone && !(upload != null && upload.isStarving()) : running != null && running.isWaitingForOrigin();
        if (originsTurn && waited >= options.idleTimeout()) {
            fail(new OriginException(ErrorCode.CUT, "the origin was silent for " + options.idleTimeout() + " ms"));
        }
    }

    void onInterim(ResponseHead interimHead) {
        progress();
        if (++interim > MAX_INTERIM) {
            fail(OriginException.broken("too many interim responses"));
            return;
        }
        if (interimHead.status() == 100 && body != null) {
            body.proceed();
        }
        if (!ended.get()) {
            stream.head(interimHead, null, false, Completion.NONE);
        }
    }

    private void onContent(Response response, Content.Source source) {
        heard = true;
        progress();
        try {
            ResponseHead responseHead = Head.response(response);
            if (responseHead.status() == 101) {
                if (!upgrading) {
                    throw OriginException.broken("the origin switched protocols unasked");
                }
                switched = responseHead;
                // There is no body: this read only lets the client finish its exchange, and then onComplete takes the connection.
                source.read();
                return;
            }
            Inflow.body(response.getRequest().getConnection(), head.method(), responseHead, response.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
            pump = new ResponsePump(this, stream, responseHead, response, source);
            pump.iterate();
        } catch (OriginException e) {
            fail(e);
        }
    }

    /** The client has all of the response, and has not yet given the connection to another request. */
    private void onResponseRead(Response response) {
        if (response.getStatus() >= 200) {
            Inflow.end(response.getRequest().getConnection());
        }
    }

    /** Whether the client has found the response broken, which it will report. */
    boolean isBroken() {
        HttpExchange jetty = request.getConversation().getExchanges().peekLast();
        return jetty == null || jetty.isResponseComplete();
    }

    /** The final head is with the stream. */
    void answered() {
        answered = true;
        client.reached(origin);
    }

    /** The whole response is with the stream. */
    void onResponseSent() {
        sent = true;
        if (body != null && (body.isHeld() || upgrading)) {
            // The origin did not want it. A request that still has to send its body cannot be finished, only given up.
            if (body.isHeld() && !upgrading) {
                abort(OriginException.broken("answered without the body"));
            }
            body.discard();
        }
        finishIfDone();
    }

    /** The pump stopped: either the origin broke off, which the client will report, or the stream did, which has told {@link #onReset}. */
    void onResponseBroken(Throwable cause) {
        if (answered) {
            fail(cause);
        } else {
            abort(cause);
        }
    }

    void onComplete(Result result) {
        Throwable failure = result.getResponseFailure();
        if (failure == null && switched != null) {
            relay();
            return;
        }
        Connection used = fresh;
        if (used != null) {
            used.close();
        }
        if (failure == null && heard) {
            requestDone = true;
            if (result.getRequestFailure() != null && body != null) {
                LOG.debug("The origin did not take the whole body of {} {}", head.method(), head.authority(), result.getRequestFailure());
                body.discard();
            }
            finishIfDone();
            return;
        }
        failure = failure == null ? result.getRequestFailure() : failure;
        if (isStale(failure)) {
            resend();
        } else {
            fail(failure == null ? OriginException.broken("no response") : failure);
        }
    }

    private void relay() {
        EndPoint endPoint = (EndPoint) request.getConversation().getAttribute(EndPoint.class.getName());
        RawRelay next = new RawRelay(this, stream, switched, endPoint, client.jetty().getExecutor(), client.jetty().getByteBufferPool(),
            client.options());
        relay = next;
        if (ended.get()) {
            next.reset();
        } else {
            endPoint.upgrade(next);
        }
    }

    /** Both directions of an upgraded connection have ended. */
    void onRelayed() {
        sent = true;
        requestDone = true;
        finishIfDone();
    }

    private boolean isStale(Throwable failure) {
        return failure instanceof IOException && !(failure instanceof OriginException) && fresh == null && cancelled == null && !heard
            && interim == 0 && (last || upgrading) && IDEMPOTENT.contains(head.method())
            && request.getConnection() instanceof org.eclipse.jetty.io.Connection used
            && (used.getMessagesOut() > 1 || used.getCreatedTimeStamp() < begun);
    }

    private void resend() {
        LOG.debug("The kept connection to {} was closed; {} is sent again", origin, head.method());
        OriginRequest again = newRequest();
        request = again;
        progress();
        sendAlone(again);
    }

    /** On a connection of its own, which ends with it. */
    private void sendAlone(OriginRequest alone) {
        client.connect(alone, Promise.from(connection -> {
            fresh = connection;
            client.send(alone, connection, this::onContent, this::onComplete);
            Throwable cause = cancelled;
            if (cause != null) {
                alone.abort(cause);
            }
        }, this::fail));
    }

    private void onReset(StreamResetException cause) {
        if (ended.compareAndSet(false, true)) {
            client.remove(this);
        }
        RawRelay upgraded = relay;
        if (upgraded == null) {
            abort(cause);
        } else {
            upgraded.streamBroken();
        }
    }

    /** Ends the exchange: the stream is reset with the code that says why. */
    void fail(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            client.remove(this);
            ErrorCode code = OriginException.codeOf(cause, request.getConnection() != null);
            if (answered && code != ErrorCode.SHUTDOWN) {
                code = ErrorCode.CUT;
            }
            LOG.debug("{} {} to {}: {}", head.method(), head.authority(), origin, code, cause);
            if (code == ErrorCode.ORIGIN_UNREACHABLE) {
                client.unreachable(origin, cause);
            }
            if (code == ErrorCode.ORIGIN_UNREACHABLE || code == ErrorCode.ORIGIN_TIMEOUT || code == ErrorCode.ORIGIN_BROKEN) {
                client.health().failed(code, origin, cause);
            }
            // Messages of others name addresses and objects of this side: not for the other one.
            stream.reset(code, cause instanceof OriginException ? cause.getMessage() : cause.getClass().getSimpleName());
        }
        abort(cause);
    }

    private void abort(Throwable cause) {
        cancelled = cause;
        request.abort(cause);
        RawRelay upgraded = relay;
        if (upgraded != null) {
            upgraded.reset();
        }
    }

    private void finishIfDone() {
        if (sent && requestDone && ended.compareAndSet(false, true)) {
            client.remove(this);
        }
    }
}

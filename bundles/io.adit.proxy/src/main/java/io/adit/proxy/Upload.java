package io.adit.proxy;

import java.nio.ByteBuffer;
import java.util.Arrays;

import io.adit.api.Completion;
import io.adit.api.packet.Fields;

/**
 * The request's body on its way to the peer, part by part: the next is read when the last is on its way. What is there when the request
 * arrives goes along with its head. All in the relay's {@link Serial}.
 */
final class Upload {

    /** As much goes with the head, and is kept for a second attempt. */
    private static final int FIRST_BYTES = 16 * 1024;

    private final Relay relay;
    private final Exchange exchange;
    /** What went with the head, kept for a second attempt. */
    private ByteBuffer first;
    /** Trailers that came before the stream was open. */
    private Fields firstTrailers;
    /** The browser has nothing more to send. */
    private boolean over;
    /** The whole body, possibly none, goes along with the head. */
    private boolean withHead;
    /** The browser waits for a 100, and nobody has asked for it. */
    private boolean heldBack;
    private boolean sending;
    private boolean demanding;
    /** For its turn within the name's bandwidth. */
    private boolean waiting;
    /** More than the first part was given to a stream. */
    private boolean consumed;
    private boolean discarding;
    /** Read already, to come after the one that was returned. */
    private Exchange.Part following;

    Upload(Relay relay, Exchange exchange) {
        this.relay = relay;
        this.exchange = exchange;
        over = !exchange.hasBody();
        withHead = over;
        heldBack = exchange.expectsContinue();
    }

    /** Takes what is there already, up to a bound; nothing where the name is over its bandwidth, so that the body waits for its turn. */
    void prepare() {
        byte[] bytes = new byte[0];
        boolean free = relay.lease().up().isFree();
        while (free && !over && !heldBack && bytes.length < FIRST_BYTES) {
            Exchange.Part part = take();
            if (part == null) {
                break;
            }
            if (part.failure() != null) {
                broken(part.failure());
                return;
            }
            // a copy: the engine says no end of its use of a first part, and a second attempt needs it again
            int length = bytes.length;
            bytes = Arrays.copyOf(bytes, length + part.bytes().remaining());
            part.bytes().get(bytes, length, bytes.length - length);
            part.release().run();
            over = part.last();
            firstTrailers = part.trailers() == null ? null : RequestFilter.trailers(part.trailers());
        }
        relay.lease().up().used(bytes.length);
        first = bytes.length == 0 ? null : ByteBuffer.wrap(bytes);
        relay.report().requestBody(first);
        if (over && first == null && firstTrailers == null && isChunked()) {
            // an empty body is still one: what follows the head says so
            firstTrailers = Fields.EMPTY;
        }
        withHead = over && firstTrailers == null;
    }

    private boolean isChunked() {
        return exchange.protocol().equals("HTTP/1.1") && exchange.hasBody() && exchange.length() < 0;
    }

    ByteBuffer first() {
        return first == null ? null : first.duplicate();
    }

    boolean isWithHead() {
        return withHead;
    }

    /** Whether the request has no body at all. */
    boolean isEmpty() {
        return withHead && first == null;
    }

    /** Whether everything that a stream was given is still here. */
    boolean isRepeatable() {
        return !consumed;
    }

    /** Whether the browser's request was read to its end, and nobody uses its bytes any more. */
    boolean isOver() {
        return over && !sending;
    }

    boolean isHeldBack() {
        return heldBack;
    }

    /** A stream is open. */
    void start() {
        if (withHead) {
            relay.requestSent();
        } else if (firstTrailers != null) {
            consumed = true;
            relay.stream().trailers(firstTrailers, sent(relay::requestSent));
        } else if (heldBack) {
            relay.deadline().set(relay.settings().continueTimeout(), this::proceed);
        } else {
            next();
        }
    }

    /** The peer, or our patience, says that the browser is to send the body. */
    void proceed() {
        if (heldBack) {
            heldBack = false;
            relay.deadline().clear();
            next();
        }
    }

    /** From now on the rest is thrown away. */
    void discard() {
        discarding = true;
        if (!heldBack) {
            next();
        }
    }

    private void next() {
        // between two attempts there is no stream; start() goes on
        while (!relay.isEnded() && !over && !sending && !demanding && (discarding || !waiting && relay.stream() != null)) {
            waiting = !discarding && !relay.lease().up().ready(() -> relay.serial().execute(this::goOn));
            if (waiting) {
                return;
            }
            Exchange.Part part = take();
            if (part == null) {
                demanding = true;
                exchange.demand(() -> relay.serial().execute(() -> {
                    demanding = false;
                    next();
                }));
            } else if (part.failure() != null) {
                over = true;
                broken(part.failure());
            } else if (discarding) {
                over = part.last();
                part.release().run();
                if (over) {
                    relay.requestOver();
                }
            } else {
                send(part);
            }
        }
    }

    private void goOn() {
        waiting = false;
        next();
    }

    /** The next part; where the empty last one comes right after it, both in one. */
    private Exchange.Part take() {
        Exchange.Part part = following == null ? exchange.read() : following;
        following = null;
        if (part == null || part.last() || part.failure() != null) {
            return part;
        }
        Exchange.Part next = exchange.read();
        if (next != null && next.last() && next.failure() == null && next.trailers() == null && !next.bytes().hasRemaining()) {
            next.release().run();
            return new Exchange.Part(part.bytes(), true, null, null, part.release());
        }
        following = next;
        return part;
    }

    private void send(Exchange.Part part) {
        over = part.last();
        consumed = true;
        sending = true;
        relay.lease().up().used(part.bytes().remaining());
        relay.report().requestBody(part.bytes());
        Completion after = new Completion() {
            @Override
            public void succeeded() {
                part.release().run();
                relay.serial().execute(Upload.this::sent);
            }

            @Override
            public void failed(Throwable cause) {
                // the stream is broken, and Download reads why; or the rest is thrown away
                part.release().run();
                relay.serial().execute(Upload.this::notSent);
            }
        };
        if (part.trailers() == null) {
            relay.stream().data(part.bytes(), part.last(), after);
        } else if (part.bytes().hasRemaining()) {
            relay.stream().data(part.bytes(), false, Completion.NONE);
            relay.stream().trailers(RequestFilter.trailers(part.trailers()), after);
        } else {
            relay.stream().trailers(RequestFilter.trailers(part.trailers()), after);
        }
    }

    private void sent() {
        sending = false;
        if (relay.isEnded()) {
            return;
        }
        if (over) {
            relay.requestSent();
            relay.requestOver();
        } else {
            next();
        }
    }

    private void notSent() {
        sending = false;
        if (discarding && !over) {
            next();
        } else if (over) {
            relay.requestOver();
        }
    }

    private Completion sent(Runnable next) {
        return new Completion() {
            @Override
            public void succeeded() {
                relay.serial().execute(() -> {
                    if (!relay.isEnded()) {
                        next.run();
                    }
                });
            }

            @Override
            public void failed(Throwable cause) {
                // the stream is broken: Download reads why
            }
        };
    }

    private void broken(Exchange.BodyFailure failure) {
        over = true;
        relay.requestBroken(failure);
    }
}

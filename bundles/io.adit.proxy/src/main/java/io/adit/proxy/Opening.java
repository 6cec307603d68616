package io.adit.proxy;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Packet.RequestHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a name to an open stream: a session that serves the name, now or within the grace time, and a second attempt where that is
 * safe, with another peer of the name if it has one. All in the relay's {@link Serial}.
 */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final int MAX_ATTEMPTS = 2;
    private static final int MAX_DETOURS = 8;

    private final Relay relay;
    private final Gateway gateway;
    private final Upload upload;
    private final String name;
    private final RequestHead head;
    private int attempts;
    /** The last one that was tried; null before the first. */
    private PeerSession tried;
    /** How often another peer was there for one that took nothing, or one that took nothing was gone already. */
    private int detours;
    /** Of the session that is waited for now, since it takes nothing any more; else null. */
    private CompletableFuture<ErrorCode> end;
    /** By when all such waits are over, as {@link Relay#now} has it; null before the first. */
    private Long holdEnd;

    Opening(Relay relay, Gateway gateway, Upload upload, String name, RequestHead head) {
        this.relay = relay;
        this.gateway = gateway;
        this.upload = upload;
        this.name = name;
        this.head = head;
    }

    void begin(PeerManager peers) {
        Optional<PeerSession> session = peers.find(name);
        if (session.isPresent()) {
            open(session);
        } else {
            await();
        }
    }

    /** Tries again after the stream broke, and says whether it does. */
    boolean again(StreamResetException failure) {
        if (attempts >= MAX_ATTEMPTS || !maySendAgain(failure)) {
            return false;
        }
        LOG.debug("{}: trying again after {}", name, failure.getMessage());
        Optional<PeerSession> other = gateway.registry().other(name, tried);
        if (other.isPresent()) {
            open(other);
        } else {
            await();
        }
        return true;
    }

    private void await() {
        relay.deadline().set(relay.settings().responseTimeout(), () -> relay.fail(offline()));
        gateway.registry().await(name, found -> relay.serial().execute(() -> open(found)));
    }

    private void open(Optional<PeerSession> session) {
        if (relay.isAnswered()) {
            return;
        }
        relay.deadline().clear();
        if (session.isEmpty()) {
            relay.fail(offline());
            return;
        }
        attempts++;
        tried = session.get();
        MessageStream stream;
        try {
            // after an upgrade raw bytes follow
            boolean last = upload.isWithHead() && head.upgrade().isEmpty();
            stream = session.get().open(head, upload.first(), last);
        } catch (PeerUnavailableException e) {
            LOG.debug("{}: {}", name, e.getMessage());
            unavailable(session.get(), e.code());
            return;
        }
        relay.opened(stream, session.get());
    }

    private void unavailable(PeerSession session, ErrorCode code) {
        Optional<PeerSession> other = detours < MAX_DETOURS ? gateway.registry().other(name, session) : Optional.empty();
        if (other.isPresent()) {
            detours++;
            attempts--; // nothing was sent
            open(other);
            return;
        }
        if (code == ErrorCode.REFUSED) {
            relay.fail(Problem.busy(relay.settings().retryAfterSeconds()));
            return;
        }
        CompletableFuture<ErrorCode> closed = session.closed().toCompletableFuture().copy();
        boolean first = holdEnd == null;
        if (first) {
            holdEnd = relay.now() + TimeUnit.MILLISECONDS.toNanos(relay.settings().holdTimeout());
        }
        long left = TimeUnit.NANOSECONDS.toMillis(holdEnd - relay.now());
        boolean late = !first && closed.isDone();
        if (left > 0 && (!late || detours < MAX_DETOURS)) {
            detours += late ? 1 : 0; // it came to its end while it was tried, and may be found once more until that is told
            // it may finish what it has before, and so may the next: a peer that is updated is stopped twice. Its streams break before its end is
            // told. Nothing was sent on it, so this was no attempt
            attempts--;
            end = closed;
            relay.deadline().set(left, () -> ended(closed));
            closed.whenComplete((reason, impossible) -> relay.serial().execute(() -> ended(closed)));
            return;
        }
        closed.complete(null);
        if (attempts < MAX_ATTEMPTS) {
            await();
        } else {
            relay.fail(offline());
        }
    }

    private void ended(CompletableFuture<ErrorCode> closed) {
        if (end == closed) {
            end = null;
            closed.complete(null); // where it is late: what outlives this exchange must not hold on to it
            if (!relay.isAnswered()) {
                await();
            }
        }
    }

    /** RFC 9110 section 9.2.2: only what was certainly not processed, or what may be done twice; and only when all of it is still here. */
    private boolean maySendAgain(StreamResetException failure) {
        if (!upload.isRepeatable()) {
            return false;
        }
        boolean idempotent = switch (head.method()) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
        return failure.isNotProcessed() || idempotent && upload.isEmpty() && failure.code() == ErrorCode.SESSION_LOST;
    }

    private Problem offline() {
        return Problem.offline(name, relay.settings().retryAfterSeconds());
    }
}

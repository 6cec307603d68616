package io.adit.registry;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.RequestHandler;
import io.adit.api.SessionInfo;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;

/** A session that remembers what was asked of it; it closes when told to, and drains for ever unless {@link #close} is called. */
final class FakeSession implements PeerSession {

    static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

    private final String id;
    private final List<StreamPair> streams = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ErrorCode> closed = new CompletableFuture<>();
    volatile ErrorCode drained = ErrorCode.NONE;
    volatile Duration drainDeadline;
    volatile Instant since = SINCE;
    volatile boolean moved;
    /** Negative where it takes no streams, as by itself once it drains or is closed. */
    volatile int load;
    /** What the peer calls itself. */
    volatile String instance = "";
    /** Who answers at the other side. */
    volatile RequestHandler answers;

    FakeSession(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public MessageStream open(RequestHead head, ByteBuffer data, boolean last) {
        StreamPair pair = new StreamPair();
        streams.add(pair);
        answers.handle(head, last, pair.peer());
        return pair.proxy();
    }

    @Override
    public void moveOn(Duration linger, Duration deadline) {
        moved = true;
    }

    @Override
    public CompletionStage<Void> drain(Duration deadline, ErrorCode code) {
        drained = code;
        drainDeadline = deadline;
        return closed.thenAccept(reason -> { });
    }

    @Override
    public void close(ErrorCode code, String reason) {
        if (closed.complete(code)) {
            streams.forEach(pair -> pair.breakOff(code));
        }
    }

    @Override
    public CompletionStage<ErrorCode> closed() {
        return closed;
    }

    @Override
    public Fields details() {
        return instance.isEmpty() ? Fields.of(Details.TITLE, id) : Fields.of(Details.TITLE, id, Details.INSTANCE, instance);
    }

    @Override
    public int load() {
        return isOpen() && drained == ErrorCode.NONE ? load : -1;
    }

    @Override
    public SessionInfo info() {
        return new SessionInfo(id, "192.0.2.1:5", since, 1, 0, 0, 0, 0, 0, isOpen() ? "open" : "closed");
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    /** Why it was closed; NONE while it is open. */
    ErrorCode reason() {
        return closed.getNow(ErrorCode.NONE);
    }

    @Override
    public String toString() {
        return id;
    }
}

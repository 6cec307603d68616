package io.adit.api;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One authenticated, multiplexed connection with a peer. Nothing here blocks. Thread-safety: thread-safe.
 */
@ProviderType
public interface PeerSession {

    /** Unique in this process; short, for logs. */
    String id();

    /**
     * Opens a stream and queues the request packet.
     *
     * @param data the first body bytes, where there already are some, or null; the engine's until the request packet is on its way
     *        (a copy is taken where it must wait)
     * @param last true when the request has no (further) body
     * @throws PeerUnavailableException when it cannot: nothing was sent
     */
    MessageStream open(RequestHead head, ByteBuffer data, boolean last) throws PeerUnavailableException;

    /** No new streams; those that run finish within the deadline, the rest is reset; then the session closes. Completes when it is closed. */
    CompletionStage<Void> drain(Duration deadline, ErrorCode code);

    /**
     * The other side is told that its place is elsewhere ({@link ErrorCode#MOVED}), while streams may still be opened; after the time to linger the
     * session drains.
     *
     * @param deadline of the drain
     */
    default void moveOn(Duration linger, Duration deadline) {
        drain(deadline, ErrorCode.MOVED);
    }

    /** Ends it now, with a go-away that carries the code. */
    void close(ErrorCode code, String reason);

    /** Completes, on an executor thread, when the session is closed, with the reason. Never completes exceptionally. */
    CompletionStage<ErrorCode> closed();

    /** What the other side said of itself, or of the registration, when it registered (PROTOCOL A5). */
    Fields details();

    /**
     * How many streams are open now; {@link Integer#MAX_VALUE} where there are as many as it takes, and negative where it takes none, since it drains or
     * is closed. For a choice between sessions: without a lock, so it may be old by the time it is told.
     */
    int load();

    /** The codec version in use, 0 while it waits for one; without a lock. */
    default int codec() {
        return info().codec();
    }

    /** A snapshot for operators. */
    SessionInfo info();

    /**
     * A snapshot of the streams that are open, for operators; the oldest first.
     *
     * @param most no more than that many
     */
    default List<StreamInfo> streams(int most) {
        return List.of();
    }
}

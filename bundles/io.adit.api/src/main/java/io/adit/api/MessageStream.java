package io.adit.api;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One request/response exchange inside a session; its message box holds what came and was not read yet.
 *
 * <p>Receiving is by pull: {@link #read()} until it gives null, then {@link #demand}. Sending is by completion: an operation's bytes
 * stay the engine's until its completion is called, which is when they are on their way (taken into the session's write). Operations
 * of one stream are sent in the order of the calls; a caller that streams waits for the completion of one before it makes the next,
 * which is the back-pressure. At most {@value #MAX_PENDING} operations may wait.
 *
 * <p>Nothing here blocks. Thread-safety: thread-safe; but one reader and one writer at a time make sense.
 */
@ProviderType
public interface MessageStream {

    int MAX_PENDING = 16;

    /** The message box id: unique in its session, never used again. */
    int messageBoxId();

    /** Whose stream it is; null where nobody says. */
    default PeerSession session() {
        return null;
    }

    /** The next thing that came in, or null when there is nothing now. After the last one, null for ever (a failure: the failure for ever). */
    Inbound read();

    /**
     * Runs the task once, on an executor thread, as soon as {@link #read()} would not give null; at once where that is so already.
     * One demand at a time.
     *
     * @throws IllegalStateException where one is pending already
     */
    void demand(Runnable task);

    /**
     * Sends a response head and, where there already is some, the first data (one write instead of two). At the peer only; interim
     * heads any number of times before the final one.
     *
     * @param data may be null
     * @param last true when nothing follows
     */
    void head(ResponseHead head, ByteBuffer data, boolean last, Completion completion);

    /** Sends body bytes; may be empty only when last. The buffer must not be touched until the completion. */
    void data(ByteBuffer data, boolean last, Completion completion);

    /** Sends trailer fields and ends this direction. */
    void trailers(Fields fields, Completion completion);

    /** Breaks the exchange off in both directions, at once. What waits to be sent fails; the other side reads a failure. No effect on an ended stream. */
    void reset(ErrorCode code, String reason);

    /**
     * Is told, once, on an executor thread, when the stream breaks (not when it ends as it should); at once where it has already.
     * For those who wait for somebody else than this stream. One listener at a time; the last one set counts.
     */
    void onReset(Consumer<StreamResetException> listener);
}

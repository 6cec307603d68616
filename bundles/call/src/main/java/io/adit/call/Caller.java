package io.adit.call;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;

/** Sends one request to a peer, from here, and takes what comes. Thread-safe. */
public final class Caller {

    /** As much is kept of the body. */
    private static final int BODY_BYTES = 16 * 1024;

    /**
     * What came.
     *
     * @param status 0 where no response came
     * @param code why it broke; {@link ErrorCode#NONE} when it did not
     * @param reason more about that; may be empty
     * @param body its beginning
     * @param bytes of the whole body, as far as it came
     * @param headNanos until the head was here; -1 where none came
     * @param endNanos until all was here, or until it broke
     */
    public record Answer(int status, Fields fields, ErrorCode code, String reason, byte[] body, long bytes, long headNanos, long endNanos) {
    }

    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final long begun = System.nanoTime();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private MessageStream stream;
    private int status;
    private Fields fields = Fields.EMPTY;
    private long bytes;
    private long headAt = -1;

    private Caller() {
    }

    /**
     * Sends it; the answer completes with whatever comes, at the deadline with what came by then.
     *
     * @param requestBody may be empty
     * @throws PeerUnavailableException when the session takes nothing; nothing was sent
     */
    public static CompletableFuture<Answer> call(PeerSession session, RequestHead head, byte[] requestBody, long millis) throws PeerUnavailableException {
        Caller caller = new Caller();
        caller.stream = session.open(head, null, requestBody.length == 0);
        caller.answer.orTimeout(millis, TimeUnit.MILLISECONDS);
        if (requestBody.length > 0) {
            caller.stream.data(ByteBuffer.wrap(requestBody), true, Completion.NONE);
        }
        caller.next();
        return caller.answer.exceptionally(late -> {
            caller.stream.reset(ErrorCode.CANCEL, "not within " + millis + " ms");
            return caller.result(ErrorCode.STALLED, "nothing more within " + millis + " ms");
        });
    }

    private void next() {
        while (!answer.isDone()) {
            Inbound inbound = stream.read();
            if (inbound == null) {
                stream.demand(this::next);
                return;
            }
            take(inbound);
        }
    }

    private synchronized void take(Inbound inbound) {
        if (inbound instanceof Inbound.Failure failure) {
            answer.complete(result(failure.cause().code(), failure.cause().getMessage()));
            return;
        } else if (inbound instanceof Inbound.Head head && !head.head().isInterim()) {
            headAt = System.nanoTime() - begun;
            status = head.head().status();
            fields = head.head().fields();
        } else if (inbound instanceof Inbound.Data data) {
            byte[] piece = new byte[Math.min(data.bytes().remaining(), BODY_BYTES - body.size())];
            bytes += data.bytes().remaining();
            data.bytes().get(piece);
            body.writeBytes(piece);
            data.release();
        }
        if (inbound.last()) {
            answer.complete(result(ErrorCode.NONE, ""));
        }
    }

    private synchronized Answer result(ErrorCode code, String reason) {
        return new Answer(status, fields, code, reason == null ? "" : reason, body.toByteArray(), bytes, headAt, System.nanoTime() - begun);
    }
}

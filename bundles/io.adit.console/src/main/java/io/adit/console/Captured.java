package io.adit.console;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

import io.adit.api.Redaction;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.Course;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;
import io.adit.api.packet.Fields;

/**
 * One request as the console keeps it, without its secrets, from its begin on. Thread-safe.
 */
final class Captured implements Course {

    /** What an object and its texts weigh besides their characters, about. */
    private static final int OVERHEAD = 400;
    private static final int FIELD_OVERHEAD = 64;

    /**
     * How it is at one moment; nothing in it changes.
     *
     * @param status 0 while there is none
     * @param responseFields empty while there are none
     * @param end null while it runs
     * @param requestBody null where bodies are not kept
     * @param responseBody null where bodies are not kept
     */
    record Now(long id, Begin begin, int status, Fields responseFields, End end, byte[] requestBody, byte[] responseBody) {

        boolean isRunning() {
            return end == null;
        }

        boolean isError() {
            return status >= 500 || end != null && (end.how() == How.BROKEN || !end.error().isEmpty());
        }

        /** Whether all of the request is here, so that it can be sent again. */
        boolean isRepeatable() {
            return end != null && end.how() != How.LEFT && !begin.peer().isEmpty() && status != 101
                    && (end.requestBytes() == 0 || requestBody != null && requestBody.length == end.requestBytes());
        }
    }

    private final long id;
    private final Begin begin;
    private final int bodyBytes;
    private final ByteArrayOutputStream requestBody;
    private final ByteArrayOutputStream responseBody;
    private final Consumer<Captured> changed;
    private int status;
    private Fields responseFields = Fields.EMPTY;
    private End end;
    private int weight;
    /** What the log has counted of its weight, 0 when it is not there (any more). Guarded by the log's lock. */
    int counted;

    /**
     * @param begin without secrets
     * @param bodyBytes kept of each body; 0 for none
     * @param changed is told when it weighs more than before, or is over
     */
    Captured(long id, Begin begin, int bodyBytes, Consumer<Captured> changed) {
        this.id = id;
        this.begin = begin;
        this.bodyBytes = bodyBytes;
        this.changed = changed;
        requestBody = bodyBytes == 0 ? null : new ByteArrayOutputStream(0);
        responseBody = bodyBytes == 0 ? null : new ByteArrayOutputStream(0);
        weight = OVERHEAD + begin.target().length() + begin.authority().length() + weight(begin.fields());
    }

    long id() {
        return id;
    }

    /** Bytes, about. */
    synchronized int weight() {
        return weight;
    }

    synchronized Now now() {
        return new Now(id, begin, status, responseFields, end, requestBody == null ? null : requestBody.toByteArray(),
                responseBody == null ? null : responseBody.toByteArray());
    }

    /** The same without bodies, for lists. */
    synchronized Now summary() {
        return new Now(id, begin, status, Fields.EMPTY, end, null, null);
    }

    @Override
    public int bodyBytes() {
        return bodyBytes;
    }

    @Override
    public synchronized void requestBody(ByteBuffer piece) {
        add(piece, requestBody);
    }

    @Override
    public synchronized void responseBody(ByteBuffer piece) {
        add(piece, responseBody);
    }

    private void add(ByteBuffer piece, ByteArrayOutputStream body) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        body.writeBytes(bytes);
        weight += bytes.length;
    }

    @Override
    public void head(int newStatus, Fields fields) {
        Fields shown = Redaction.fields(fields);
        synchronized (this) {
            status = newStatus;
            responseFields = shown;
            weight += weight(shown);
        }
    }

    @Override
    public void end(End last) {
        synchronized (this) {
            end = last;
        }
        changed.accept(this);
    }

    private static int weight(Fields fields) {
        return fields.bytes() + FIELD_OVERHEAD * fields.size();
    }
}

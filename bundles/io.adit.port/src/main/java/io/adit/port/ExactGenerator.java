package io.adit.port;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Jetty's generator, which writes Content-Length and Transfer-Encoding in its own spelling behind all other fields, and cuts a reason
 * phrase. Here a head can say where and how they stand. Jetty decides on the framing and writes the head as ever; then its own field is
 * taken out where the one that the head has says the same, else the head's: so there is never both, never two, and never another one.
 * And trailers that do not fit the buffer which they get are written in several, and a connection that changes its protocol is not said to close.
 *
 * <p>What a head says, by fields without a known header:
 * <ul>
 * <li>{@code content-length}, whatever its case: where it stands, if it is the length of the message;
 * <li>{@code transfer-encoding} with {@code chunked}: where it stands, if the message is chunked; with an empty value: none, in a response to HEAD;
 * <li>a first field with an empty name: the reason phrase goes on with its value.
 * </ul>
 *
 * <p>Thread-safety: none; one connection's.
 */
final class ExactGenerator extends HttpGenerator {

    /** Name of the attribute of a connection (Jetty's ConnectionMetaData) that is there where heads may say this. */
    static final String ATTRIBUTE = "io.adit.exact";

    private static final String LENGTH = "content-length";
    private static final String CODING = "transfer-encoding";
    /** What is between the phrase in the status line and the value of the field with an empty name. */
    private static final int LINE_END_AND_COLON = 4;

    /** Gives the trailers of the response under way, or null. */
    private Supplier<HttpFields> supplier;
    private HttpFields trailers;
    /** Long trailers, from the last chunk on, without the line that ends them; or null. */
    private ByteBuffer rest;

    @Override
    public void reset() {
        super.reset();
        supplier = null;
        trailers = null;
        rest = null;
    }

    @Override
    public Result generateResponse(MetaData.Response info, boolean head, ByteBuffer header, ByteBuffer chunk, ByteBuffer content, boolean last)
            throws IOException {
        boolean begins = info != null && header != null && isState(State.START);
        if (!begins) {
            boolean ends = supplier != null && isState(State.COMPLETING) && isChunking() && chunk != null && chunk.capacity() > CHUNK_SIZE;
            return ends ? end(info, head, header, chunk) : super.generateResponse(info, head, header, chunk, content, last);
        }
        if (info.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
            setPersistent(true); // else Jetty would add "close", also where a browser asked for it: but the connection goes on
        }
        supplier = info.getTrailersSupplier();
        Result result = super.generateResponse(supplier == null ? info : withOurTrailers(info), head, header, chunk, content, last);
        if (result == Result.FLUSH) {
            arrange(info, head, header);
        }
        return result;
    }

    private MetaData.Response withOurTrailers(MetaData.Response info) {
        return new MetaData.Response(info.getStatus(), info.getReason(), info.getHttpVersion(), info.getHttpFields(), info.getContentLength(), () -> trailers);
    }

    /** The last chunk and the trailers, as much of them as fits. */
    private Result end(MetaData.Response info, boolean head, ByteBuffer header, ByteBuffer chunk) throws IOException {
        if (rest == null) {
            trailers = supplier.get();
            ByteBuffer all = trailers == null ? null : lastChunk();
            if (all == null || all.remaining() + 2 <= chunk.capacity()) {
                return super.generateResponse(info, head, header, chunk, null, true);
            }
            rest = all;
        }
        BufferUtil.clearToFill(chunk);
        if (rest.hasRemaining()) {
            int part = Math.min(rest.remaining(), chunk.remaining());
            chunk.put(rest.slice(rest.position(), part));
            rest.position(rest.position() + part);
            BufferUtil.flipToFlush(chunk, 0);
            return Result.FLUSH;
        }
        BufferUtil.flipToFlush(chunk, 0);
        trailers = HttpFields.EMPTY;
        Result result = super.generateResponse(info, head, header, chunk, null, true);
        chunk.position(chunk.limit() - 2); // it begins with the last chunk, which was written
        return result;
    }

    private ByteBuffer lastChunk() {
        int bytes = 5;
        for (HttpField field : trailers) {
            bytes += field.getName().length() + field.getValue().length() + 4;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        if (isWritten()) {
            BufferUtil.putCRLF(all); // of the chunk before
        }
        all.put((byte) '0');
        BufferUtil.putCRLF(all);
        for (HttpField field : trailers) {
            putTo(field, all);
        }
        return all.flip();
    }

    private void arrange(MetaData.Response info, boolean head, ByteBuffer header) {
        HttpFields fields = info.getHttpFields();
        HttpField length = null;
        HttpField coding = null;
        int lengths = 0;
        int codings = 0;
        for (int i = 0; i < fields.size(); i++) {
            HttpField field = fields.getField(i);
            if (field.getHeader() != null) {
                continue;
            }
            String name = field.getName();
            if (name.isEmpty() && i == 0) {
                int end = lineEnd(header, header.position());
                remove(header, end - 2, end - 2 + LINE_END_AND_COLON);
            } else if (name.equalsIgnoreCase(LENGTH)) {
                length = field;
                lengths++;
            } else if (name.equalsIgnoreCase(CODING)) {
                coding = field;
                codings++;
            }
        }
        if (lengths > 0) {
            leaveOne(header, LENGTH, lengths, lengths == 1 && isLength(length, info));
        }
        if (codings > 0) {
            boolean none = head && codings == 1 && coding.getValue().isEmpty();
            boolean chunked = isChunking() || head && info.getHttpVersion() == HttpVersion.HTTP_1_1;
            boolean theirs = codings == 1 && chunked && coding.getValue().equalsIgnoreCase("chunked");
            leaveOne(header, CODING, none ? Integer.MAX_VALUE : codings, theirs);
        }
    }

    private boolean isLength(HttpField field, MetaData.Response info) {
        int status = info.getStatus();
        return !isChunking() && status >= 200 && status != 204 && isDigits(field.getValue()) && Long.parseLong(field.getValue()) == info.getContentLength();
    }

    /** As many as a number of type long surely has room for. */
    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 18;
    }

    /**
     * @param heads as many of the lines are the head's, the first ones; if there is one more, it is Jetty's
     * @param theirs whether the head's one is the one that stays
     */
    private static void leaveOne(ByteBuffer header, String name, int heads, boolean theirs) {
        int seen = 0;
        int start = lineEnd(header, header.position());
        for (int end = lineEnd(header, start); end - start > 2; end = lineEnd(header, start)) {
            boolean same = isNamed(header, start, name);
            seen += same ? 1 : 0;
            if (same && (seen > heads) == theirs) {
                remove(header, start, end);
            } else {
                start = end;
            }
        }
    }

    private static boolean isNamed(ByteBuffer header, int start, String name) {
        if (start + name.length() >= header.limit() || header.get(start + name.length()) != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.toLowerCase((char) header.get(start + i)) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where the next line begins; Jetty ends each with CR and LF, and writes neither into a value. */
    private static int lineEnd(ByteBuffer header, int start) {
        int i = start;
        while (header.get(i) != '\n') {
            i++;
        }
        return i + 1;
    }

    private static void remove(ByteBuffer header, int from, int to) {
        header.put(from, header, to, header.limit() - to);
        header.limit(header.limit() - (to - from));
    }
}

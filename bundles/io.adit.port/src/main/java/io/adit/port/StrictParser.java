package io.adit.port;

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Jetty's parser, with a look at the raw bytes of each head before it: what Jetty overlooks or mends, a gateway may not pass on, since
 * the next one in the chain may read it otherwise (RFC 9112 sections 2.2, 3 and 11.2).
 *
 * <p>Thread-safety: none; one connection's.
 */
final class StrictParser extends HttpParser {

    private static final String NO_SIZE = "no chunk size";

    private final HeadCheck check;
    /** The next byte is the first one of a chunk's size. */
    private boolean beforeChunk;
    /** What is being parsed. */
    private ByteBuffer bytes = BufferUtil.EMPTY_BUFFER;

    /** @param check tells the handler the names of the fields */
    StrictParser(RequestHandler handler, int maxHeaderBytes, HttpCompliance compliance, HeadCheck check) {
        super(handler, maxHeaderBytes, compliance);
        this.check = check;
    }

    @Override
    public boolean parseNext(ByteBuffer buffer) {
        if (isState(State.START)) {
            check.reset();
        }
        if (inHeaderState() && !isTerminated()) {
            String broken = check.look(buffer);
            if (broken != null) {
                return refuse(buffer, broken);
            }
        }
        if (beforeChunk && buffer.hasRemaining()) {
            beforeChunk = false;
            if (isEmptyLine(buffer)) {
                return refuse(buffer, NO_SIZE);
            }
        }
        bytes = buffer;
        boolean parsed = super.parseNext(buffer);
        bytes = BufferUtil.EMPTY_BUFFER;
        return parsed;
    }

    /** Jetty would skip any number of them where a chunk's size is expected. */
    private static boolean isEmptyLine(ByteBuffer buffer) {
        byte first = buffer.get(buffer.position());
        return first == '\r' || first == '\n';
    }

    private boolean refuse(ByteBuffer buffer, String reason) {
        readLine(buffer);
        buffer.position(buffer.limit());
        if (!isState(State.CLOSE)) {
            badMessage(new BadMessageException(reason));
        }
        return false;
    }

    /** Whoever is told what was refused is to know its request line, where that was in order; a look ahead must not hide it. */
    private void readLine(ByteBuffer buffer) {
        int limit = buffer.limit();
        int before = -1;
        while (check.isBehindLine() && getState().compareTo(State.HEADER) < 0 && buffer.position() > before) {
            before = buffer.position();
            buffer.limit(endOfLine(buffer));
            super.parseNext(buffer);
            buffer.limit(limit);
        }
    }

    private static int endOfLine(ByteBuffer buffer) {
        int end = buffer.position();
        while (end < buffer.limit() && buffer.get(end) != '\n') {
            end++;
        }
        return Math.min(end + 1, buffer.limit());
    }

    @Override
    protected void setState(State state) {
        boolean atChunk = state == State.CHUNKED_CONTENT;
        boolean afterChunk = atChunk && !inHeaderState() && bytes.hasRemaining();
        beforeChunk = atChunk && !afterChunk;
        super.setState(state);
        if (afterChunk && isEmptyLine(bytes)) {
            throw new BadMessageException(NO_SIZE);
        }
    }
}

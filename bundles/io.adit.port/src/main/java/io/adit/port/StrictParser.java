package io.adit.port;

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;

/**
 * Jetty's parser, with a look at the raw bytes of each head before it: what Jetty overlooks or mends, a gateway may not pass on, since
 * the next one in the chain may read it otherwise (RFC 9112 sections 2.2, 3 and 11.2).
 *
 * <p>Thread-safety: none; one connection's.
 */
final class StrictParser extends HttpParser {

    private final HeadCheck check;
    /** The head said that the body is chunked, and nothing of it was seen. */
    private boolean beforeChunks;

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
        if (beforeChunks && buffer.hasRemaining()) {
            beforeChunks = false;
            byte first = buffer.get(buffer.position());
            if (first == '\r' || first == '\n') {
                return refuse(buffer, "no chunk size"); // Jetty would skip any number of empty lines
            }
        }
        return super.parseNext(buffer);
    }

    private boolean refuse(ByteBuffer buffer, String reason) {
        buffer.position(buffer.limit());
        badMessage(new BadMessageException(reason));
        return false;
    }

    @Override
    protected void setState(State state) {
        beforeChunks = state == State.CHUNKED_CONTENT && inHeaderState();
        super.setState(state);
    }
}

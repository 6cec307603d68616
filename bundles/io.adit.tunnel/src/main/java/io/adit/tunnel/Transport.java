package io.adit.tunnel;

import java.nio.ByteBuffer;

import io.adit.api.Completion;

/**
 * One reliable, ordered byte pipe to the other side, encrypted or not. The engine is written against this and knows no sockets.
 *
 * <p>Thread-safety: {@link #write} is called by one thread at a time and only after the last one completed; {@link #close} at any time.
 */
public interface Transport {

    /**
     * Sends all bytes between position and limit. At most one write is in flight (law L1), so an implementation needs no queue. The
     * buffer is the transport's until the completion, which may be called on an I/O thread and does little.
     */
    void write(ByteBuffer data, Completion completion);

    /**
     * Ends the pipe; {@link TransportListener#closed} follows, once.
     *
     * @param graceful true to let a write in flight reach the wire (and TLS say good-bye) first; false to end it now
     */
    void close(boolean graceful);

    /** Address and port of the other side, for people. */
    String remote();
}

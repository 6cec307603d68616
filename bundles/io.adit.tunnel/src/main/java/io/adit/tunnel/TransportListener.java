package io.adit.tunnel;

import java.nio.ByteBuffer;

/**
 * What a transport tells the engine, in order, by one thread at a time. The engine never blocks in here (law L2).
 */
public interface TransportListener {

    /** Bytes came. They are the transport's again when the call returns. */
    void received(ByteBuffer data);

    /**
     * The pipe is gone, whoever ended it. Called once, last.
     *
     * @param cause why, for the log; null when it was closed in an orderly way
     */
    void closed(Throwable cause);
}

package io.adit.connector;

import java.nio.ByteBuffer;

/**
 * What is said to a forward proxy until its connection is one to the tunnel's proxy: a pure state machine over bytes, for one connection. Not
 * thread-safe.
 */
interface Dialogue {

    /** What to send first. */
    byte[] begin();

    /**
     * Takes bytes that came: as many as belong to the dialogue, and none that follow it. To be called again while bytes are left and it is not done.
     *
     * @return what to send now; empty for nothing
     * @throws DialException when the forward proxy refuses, or is none; what it did goes on after its name
     */
    byte[] received(ByteBuffer in) throws DialException;

    /** The rest of the connection is the tunnel's. */
    boolean isDone();
}

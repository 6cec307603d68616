package io.adit.tunnel.internal;

import java.nio.ByteBuffer;

/**
 * Cuts the byte stream into frames. Holds at most one partial frame, and allocates for it only after its length passed the limit of
 * its type. The payload given out is valid during the call only.
 *
 * <p>Thread-safety: confined to the transport's reading thread.
 */
final class FrameReader {

    interface Sink {
        void frame(int type, int flags, int epoch, int stream, ByteBuffer payload) throws ProtocolViolation;
    }

    private final Sink sink;
    private volatile boolean trusted;
    private final ByteBuffer header = ByteBuffer.allocate(Wire.HEADER);
    private ByteBuffer payload;
    private int length;
    private int type;
    private int flags;
    private int epoch;
    private int stream;

    FrameReader(Sink sink) {
        this.sink = sink;
    }

    /** From now on frames may be as long as their type allows; before, a stranger can make us allocate no more than a control packet. */
    void trust() {
        trusted = true;
    }

    void read(ByteBuffer in) throws ProtocolViolation {
        while (true) {
            if (payload == null) {
                if (!readHeader(in)) {
                    return;
                }
                if (in.remaining() >= length) {
                    // the whole payload is here: no copy
                    ByteBuffer whole = in.slice(in.position(), length);
                    in.position(in.position() + length);
                    deliver(whole);
                    continue;
                }
                payload = ByteBuffer.allocate(length);
            }
            int take = Math.min(in.remaining(), payload.remaining());
            payload.put(in.slice(in.position(), take));
            in.position(in.position() + take);
            if (payload.hasRemaining()) {
                return;
            }
            deliver(payload.flip());
        }
    }

    private void deliver(ByteBuffer whole) throws ProtocolViolation {
        payload = null;
        header.clear();
        sink.frame(type, flags, epoch, stream, whole);
    }

    /** True when the header is complete; its parts are in the fields then. */
    private boolean readHeader(ByteBuffer in) throws ProtocolViolation {
        int take = Math.min(in.remaining(), header.remaining());
        header.put(in.slice(in.position(), take));
        in.position(in.position() + take);
        if (header.hasRemaining()) {
            return false;
        }
        int first = header.getInt(0);
        length = first >>> 8;
        type = first & 0xFF;
        flags = header.get(4) & 0xFF;
        epoch = header.get(5) & 0xFF;
        stream = header.getInt(8);
        if ((header.getShort(6) & 0xFFFF) != Wire.GUARD) { // PROTOCOL F3
            throw new ProtocolViolation("F3", "a frame without its guard");
        }
        int limit = trusted ? Wire.limit(type) : Math.min(Wire.limit(type), Wire.MAX_REGISTER);
        if (length > limit) { // PROTOCOL F4
            throw new ProtocolViolation("F4", Wire.name(type) + " of " + length + " bytes, over " + limit);
        }
        if (stream < 0) { // PROTOCOL F5
            throw new ProtocolViolation("F5", "message box id above 2^31-1");
        }
        return true;
    }
}

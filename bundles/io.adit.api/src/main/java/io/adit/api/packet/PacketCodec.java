package io.adit.api.packet;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * One version of the packet codec: a pure function between a packet and its payload bytes. Registered as an OSGi service with the
 * property {@link #VERSION}; the engine picks up versions as they come and go.
 *
 * <p>A codec keeps no state between two calls: each block decodes alone, so that a reset, a lost stream or a swap of the codec never
 * desynchronises a connection. It does no I/O and starts no thread.
 *
 * <p>The position of a buffer that was handed in may be anywhere afterwards; a buffer given back may be the one that was handed in.
 *
 * <p>Thread-safety: called from many threads at once.
 */
@ConsumerType
public interface PacketCodec {

    /** Service property, Integer: the version, 1..65535. Both sides of a session use the highest that they have in common. */
    String VERSION = "io.adit.codec.version";

    /** The same as the service property. */
    int version();

    /**
     * The payload of that packet.
     *
     * @throws CodecException where the packet holds what this version cannot carry (a char above 0xFF, a field over a limit)
     */
    byte[] encode(Packet packet) throws CodecException;

    /**
     * The packet in that payload. All bytes between position and limit belong to it; left-over bytes are an error.
     * No length is trusted before it is checked against what is there.
     *
     * @throws CodecException where the bytes are not a packet of that kind
     */
    Packet decode(Packet.Kind kind, ByteBuffer payload) throws CodecException;

    /** True where data payloads pass through {@link #encodeData} and {@link #decodeData} too (a checksum, compression). */
    default boolean transformsData() {
        return false;
    }

    /**
     * The bytes to send for one data payload, at most 256 bytes longer than it. Called only where {@link #transformsData()}.
     *
     * @throws CodecException when it cannot
     */
    default ByteBuffer encodeData(ByteBuffer data) throws CodecException {
        return data;
    }

    /**
     * The data in one received payload, at most {@code maximum} bytes. Called only where {@link #transformsData()}.
     *
     * @throws CodecException where the payload is damaged or would grow over maximum
     */
    default ByteBuffer decodeData(ByteBuffer payload, int maximum) throws CodecException {
        return payload;
    }
}

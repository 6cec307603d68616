package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.adit.api.ErrorCode;

/**
 * The hello: who speaks which versions of the protocol and of the codec, and what may be sent (PROTOCOL section 6). Outside every codec.
 *
 * @param minVersion lowest protocol version spoken
 * @param maxVersion highest protocol version spoken
 * @param nonce 32 random bytes
 * @param codecs codec versions there, highest first
 * @param maxStreams streams that the sender is ready to have open at a time
 * @param window credit in bytes that each new stream starts with, towards the sender
 * @param agent product and version
 */
record Hello(int minVersion, int maxVersion, byte[] nonce, List<Integer> codecs, int maxStreams, int window, String agent) {

    private static final int MAGIC = 0x41444954; // "ADIT"
    private static final int CODECS = 1;
    private static final int STREAMS = 2;
    private static final int WINDOW = 3;
    private static final int AGENT = 4;
    /** A receiver that does not know a parameter with this bit must refuse the session. */
    private static final int CRITICAL = 0x8000;

    byte[] encode() {
        byte[] name = agent.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(40 + 4 + 2 * codecs.size() + 8 + 8 + 4 + name.length);
        out.putInt(MAGIC).putShort((short) minVersion).putShort((short) maxVersion).put(nonce);
        out.putShort((short) CODECS).putShort((short) (2 * codecs.size()));
        codecs.forEach(version -> out.putShort(version.shortValue()));
        out.putShort((short) STREAMS).putShort((short) 4).putInt(maxStreams);
        out.putShort((short) WINDOW).putShort((short) 4).putInt(window);
        out.putShort((short) AGENT).putShort((short) name.length).put(name);
        return out.array();
    }

    static Hello decode(ByteBuffer in) throws ProtocolViolation {
        if (in.remaining() < 40 || in.getInt() != MAGIC) { // PROTOCOL H1
            throw new ProtocolViolation("H1", "not a hello of this protocol");
        }
        int min = in.getShort() & 0xFFFF;
        int max = in.getShort() & 0xFFFF;
        byte[] nonce = new byte[32];
        in.get(nonce);
        List<Integer> codecs = new ArrayList<>();
        int streams = 0;
        int window = 0;
        String agent = "";
        while (in.hasRemaining()) {
            if (in.remaining() < 4) {
                throw new ProtocolViolation("H2", "a hello parameter is cut short");
            }
            int type = in.getShort() & 0xFFFF;
            int length = in.getShort() & 0xFFFF;
            if (in.remaining() < length || (type == CODECS && length % 2 != 0) || ((type == STREAMS || type == WINDOW) && length != 4)) {
                throw new ProtocolViolation("H2", "hello parameter " + type + " has a wrong length");
            }
            ByteBuffer value = in.slice(in.position(), length);
            in.position(in.position() + length);
            switch (type) {
                case CODECS -> {
                    while (value.hasRemaining()) {
                        codecs.add(value.getShort() & 0xFFFF);
                    }
                }
                case STREAMS -> streams = value.getInt();
                case WINDOW -> window = value.getInt();
                case AGENT -> agent = printable(value);
                default -> {
                    if ((type & CRITICAL) != 0) { // PROTOCOL H3
                        throw new ProtocolViolation(ErrorCode.VERSION, "H3", "unknown critical hello parameter " + type);
                    }
                }
            }
        }
        if (streams < 0 || window < 0) {
            throw new ProtocolViolation("H2", "a hello parameter is out of range");
        }
        return new Hello(min, max, nonce, List.copyOf(codecs), streams, window, agent);
    }

    private static String printable(ByteBuffer value) {
        StringBuilder text = new StringBuilder();
        while (value.hasRemaining()) {
            int c = value.get() & 0xFF;
            text.append(c >= 0x20 && c < 0x7F ? (char) c : '?');
        }
        return text.toString();
    }
}

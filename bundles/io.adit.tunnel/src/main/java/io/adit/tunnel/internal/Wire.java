package io.adit.tunnel.internal;

import java.nio.ByteBuffer;

/** The numbers of the outer frame (PROTOCOL sections 3 and 4). Frozen: both sides of every version share them. */
final class Wire {

    static final int HEADER = 12;
    /** The payload of a WINDOW packet. */
    static final int WINDOW_BYTES = 8;
    static final int GUARD = 0x4144;

    static final int HELLO = 0x01;
    static final int REGISTER = 0x08;
    static final int REGISTERED = 0x09;
    static final int REQUEST = 0x10;
    static final int RESPONSE = 0x11;
    static final int DATA = 0x12;
    static final int TRAILERS = 0x13;
    static final int WINDOW = 0x14;
    static final int RESET = 0x15;
    static final int PING = 0x20;
    static final int GOAWAY = 0x21;
    static final int CODEC_OFFER = 0x30;
    static final int CODEC_READY = 0x31;
    static final int CODEC_SWITCH = 0x32;
    static final int CODEC_DECLINE = 0x33;

    /** Types from here on that a receiver does not know are skipped (F6). */
    static final int SKIPPABLE = 0x80;

    static final int END = 0x01;
    static final int STARVED = 0x02;
    static final int ACK = 0x04;
    static final int NOT_PROCESSED = 0x08;

    /** Largest payloads by type (F4). */
    static final int MAX_DATA = 64 * 1024;
    /** How much longer a codec may make a data payload. */
    static final int DATA_GROWTH = 256;
    static final int MAX_HEAD = 65 * 1024;
    static final int MAX_REGISTER = 4 * 1024;
    static final int MAX_CONTROL = 1024;

    static final int VERSION = 1;

    private Wire() {
    }

    /** The largest payload that a frame of that type may have (F4). */
    static int limit(int type) {
        return switch (type) {
            case DATA -> MAX_DATA;
            case REQUEST, RESPONSE, TRAILERS -> MAX_HEAD;
            case REGISTER, REGISTERED -> MAX_REGISTER;
            default -> MAX_CONTROL;
        };
    }

    static void header(ByteBuffer out, int length, int type, int flags, int epoch, int stream) {
        out.putInt(length << 8 | type);
        out.put((byte) flags);
        out.put((byte) epoch);
        out.putShort((short) GUARD);
        out.putInt(stream);
    }

    /** Whether this version has such a packet. */
    static boolean isKnown(int type) {
        return type == HELLO || type == REGISTER || type == REGISTERED || type >= REQUEST && type <= RESET || type == PING || type == GOAWAY
                || type >= CODEC_OFFER && type <= CODEC_DECLINE;
    }

    /** Whether a codec makes its payload: none may come while that direction is parked (X8). */
    static boolean needsCodec(int type) {
        return type >= REGISTER && type <= TRAILERS;
    }

    static String name(int type) {
        return switch (type) {
            case HELLO -> "HELLO";
            case REGISTER -> "REGISTER";
            case REGISTERED -> "REGISTERED";
            case REQUEST -> "REQUEST";
            case RESPONSE -> "RESPONSE";
            case DATA -> "DATA";
            case TRAILERS -> "TRAILERS";
            case WINDOW -> "WINDOW";
            case RESET -> "RESET";
            case PING -> "PING";
            case GOAWAY -> "GOAWAY";
            case CODEC_OFFER -> "CODEC_OFFER";
            case CODEC_READY -> "CODEC_READY";
            case CODEC_SWITCH -> "CODEC_SWITCH";
            case CODEC_DECLINE -> "CODEC_DECLINE";
            default -> String.format("0x%02x", type);
        };
    }
}

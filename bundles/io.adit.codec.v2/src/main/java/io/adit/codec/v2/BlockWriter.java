package io.adit.codec.v2;

import java.util.Arrays;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;

/** Appends to one block (PROTOCOL C2-1 to C2-6). Confined to one call. */
final class BlockWriter {

    static final int MAX_STRING = 0xFFFF;

    private final byte[] bytes;
    private int length;

    /** @param capacity what the block cannot be longer than */
    BlockWriter(int capacity) {
        bytes = new byte[capacity];
    }

    void u8(int value) {
        bytes[length++] = (byte) value;
    }

    void u16(String what, int value) throws CodecException {
        if (value < 0 || value > 0xFFFF) {
            throw new CodecException(what + " is " + value + ", not 0..65535");
        }
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    void number(int value) {
        if (value < 240) {
            bytes[length++] = (byte) value;
        } else if (value < 4080) {
            bytes[length++] = (byte) (0xF0 + (value - 240 >>> 8));
            bytes[length++] = (byte) (value - 240);
        } else {
            bytes[length++] = (byte) 0xFF;
            bytes[length++] = (byte) (value - 4080 >>> 8);
            bytes[length++] = (byte) (value - 4080);
        }
    }

    /** How many bytes {@link #length(long, int)} takes for that length: 0 for -1, else 1 to 8. */
    static int bytesOf(long value) {
        return value == -1 ? 0 : Math.max(1, 8 - Long.numberOfLeadingZeros(value) / 8);
    }

    void length(long value, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    void string(String what, String text) throws CodecException {
        checkLength(what, text.length());
        number(text.length());
        characters(what, text);
    }

    void bytes(String what, byte[] value) throws CodecException {
        checkLength(what, value.length);
        number(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    void fields(Fields fields, Source.Values head) throws CodecException {
        int count = fields.size();
        number(count);
        for (int i = 0; i < count; i++) {
            String name = fields.name(i);
            String value = fields.value(i);
            Dictionary.Name known = Dictionary.name(name);
            if (known == null) {
                checkLength("field name", name.length());
                number(Dictionary.LITERAL + name.length());
                characters("field name", name);
                string("field value", value);
            } else {
                int whole = known.with(value, head);
                number(whole >= 0 ? whole : known.alone);
                if (whole < 0) {
                    string("field value", value);
                }
            }
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private static void checkLength(String what, int size) throws CodecException {
        if (size > MAX_STRING) {
            throw new CodecException(what + " has " + size + " bytes, over " + MAX_STRING);
        }
    }

    private void characters(String what, String text) throws CodecException {
        byte[] to = bytes;
        int at = length;
        int seen = 0;
        int size = text.length();
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            seen |= c;
            to[at + i] = (byte) c;
        }
        if (seen > 0xFF) {
            throw new CodecException(what + " has a character above 0xFF");
        }
        length = at + size;
    }
}

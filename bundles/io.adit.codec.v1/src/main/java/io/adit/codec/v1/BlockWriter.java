package io.adit.codec.v1;

import java.util.Arrays;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;

/** Appends to one block (PROTOCOL C1-1 to C1-4). Confined to one call. */
final class BlockWriter {

    static final int MAX_STRING = 0xFFFF;
    static final int MAX_FIELDS = 0xFFFF;

    private byte[] bytes = new byte[512];
    private int length;

    void u16(String what, int value) throws CodecException {
        if (value < 0 || value > 0xFFFF) {
            throw new CodecException(what + " is " + value + ", not 0..65535");
        }
        room(2);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    void u64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    void string(String what, String text) throws CodecException {
        int size = text.length();
        if (size > MAX_STRING) {
            throw new CodecException(what + " has " + size + " bytes, over " + MAX_STRING);
        }
        u16(what, size);
        room(size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c > 0xFF) {
                throw new CodecException(what + " has a character above 0xFF");
            }
            bytes[length++] = (byte) c;
        }
    }

    void bytes(String what, byte[] value) throws CodecException {
        u16(what, value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    void fields(Fields fields) throws CodecException {
        int count = fields.size();
        if (count > MAX_FIELDS) {
            throw new CodecException(count + " fields, over " + MAX_FIELDS);
        }
        u16("field count", count);
        for (int i = 0; i < count; i++) {
            string("field name", fields.name(i));
            string("field value", fields.value(i));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}

package io.adit.codec.v2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;

/** Takes one block apart; every length is checked against what is left before anything is allocated. Confined to one call. */
final class BlockReader {

    private final byte[] bytes;
    private final int end;
    private int at;

    /** Reads from the array behind the buffer where there is one. */
    BlockReader(ByteBuffer block) {
        if (block.hasArray()) {
            bytes = block.array();
            at = block.arrayOffset() + block.position();
            end = at + block.remaining();
        } else {
            bytes = new byte[block.remaining()];
            block.get(block.position(), bytes);
            end = bytes.length;
        }
        block.position(block.limit());
    }

    int u8(String what) throws CodecException {
        need(what, 1);
        return bytes[at++] & 0xFF;
    }

    int u16(String what) throws CodecException {
        need(what, 2);
        return (bytes[at++] & 0xFF) << 8 | bytes[at++] & 0xFF;
    }

    /** 0 to 69615; each number has one form only. */
    int number(String what) throws CodecException {
        int first = u8(what);
        if (first < 0xF0) {
            return first;
        }
        return first < 0xFF ? 240 + (first - 0xF0 << 8) + u8(what) : 4080 + u16(what);
    }

    /** @param count the bytes that it has, 0 to 15 as read from the wire */
    long length(int count) throws CodecException {
        if (count == 0) {
            return -1;
        }
        if (count > 8) {
            throw new CodecException("length of " + count + " bytes, over 8");
        }
        need("length", count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        if (BlockWriter.bytesOf(value) != count) {
            throw new CodecException("length is longer than it needs to be");
        }
        return value;
    }

    String string(String what) throws CodecException {
        return characters(what, number(what));
    }

    byte[] bytes(String what) throws CodecException {
        int size = number(what);
        checkLength(what, size);
        byte[] value = new byte[size];
        System.arraycopy(bytes, at, value, 0, size);
        at += size;
        return value;
    }

    Fields fields(Source.Values head) throws CodecException {
        int count = number("field count");
        // a field takes a byte at the least, and four in full: a count that cannot be is refused before memory is taken
        need("fields", count);
        if (4 * count > Size.MAX) {
            throw new CodecException(count + " fields, over " + Size.MAX / 4);
        }
        Fields.Builder fields = Fields.builder(count);
        for (int i = 0; i < count; i++) {
            int number = number("field");
            if (number >= Dictionary.LITERAL) {
                fields.add(characters("field name", number - Dictionary.LITERAL), string("field value"));
            } else {
                Dictionary.Entry entry = Dictionary.entry(number);
                if (entry == null) {
                    throw new CodecException("field " + number + " is not in the dictionary");
                }
                fields.add(entry.name(), value(entry, head));
            }
        }
        return fields.build();
    }

    void end() throws CodecException {
        if (at < end) {
            throw new CodecException(end - at + " bytes left over");
        }
    }

    private String value(Dictionary.Entry entry, Source.Values head) throws CodecException {
        if (entry.value() != null) {
            return entry.value();
        }
        if (entry.source() == null) {
            return string("field value");
        }
        String value = head.get(entry.source());
        if (value == null) {
            throw new CodecException("a field takes its value from the " + entry.source() + ", which this packet has not");
        }
        return value;
    }

    private String characters(String what, int size) throws CodecException {
        checkLength(what, size);
        String text = new String(bytes, at, size, StandardCharsets.ISO_8859_1);
        at += size;
        return text;
    }

    private void checkLength(String what, int size) throws CodecException {
        if (size > BlockWriter.MAX_STRING) {
            throw new CodecException(what + " has " + size + " bytes, over " + BlockWriter.MAX_STRING);
        }
        need(what, size);
    }

    private void need(String what, int size) throws CodecException {
        if (end - at < size) {
            throw new CodecException(what + " is cut short: " + size + " bytes said, " + (end - at) + " there");
        }
    }
}

package io.adit.codec.v1;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;

/** Takes one block apart; every length is checked against what is left before anything is allocated. Confined to one call. */
final class BlockReader {

    private final ByteBuffer block;

    BlockReader(ByteBuffer block) {
        this.block = block;
    }

    int u16(String what) throws CodecException {
        need(what, 2);
        return block.getShort() & 0xFFFF;
    }

    long i64(String what) throws CodecException {
        need(what, 8);
        return block.getLong();
    }

    String string(String what) throws CodecException {
        int size = u16(what);
        need(what, size);
        String text;
        if (block.hasArray()) {
            text = new String(block.array(), block.arrayOffset() + block.position(), size, StandardCharsets.ISO_8859_1);
            block.position(block.position() + size);
        } else {
            byte[] bytes = new byte[size];
            block.get(bytes);
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    byte[] bytes(String what) throws CodecException {
        int size = u16(what);
        need(what, size);
        byte[] bytes = new byte[size];
        block.get(bytes);
        return bytes;
    }

    Fields fields() throws CodecException {
        int count = u16("field count");
        // a field takes four bytes at the least: a count that cannot be there is refused before the loop
        need("fields", 4 * count);
        Fields.Builder fields = Fields.builder();
        for (int i = 0; i < count; i++) {
            fields.add(string("field name"), string("field value"));
        }
        return fields.build();
    }

    void end() throws CodecException {
        if (block.hasRemaining()) {
            throw new CodecException(block.remaining() + " bytes left over");
        }
    }

    private void need(String what, int size) throws CodecException {
        if (block.remaining() < size) {
            throw new CodecException(what + " is cut short: " + size + " bytes said, " + block.remaining() + " there");
        }
    }
}

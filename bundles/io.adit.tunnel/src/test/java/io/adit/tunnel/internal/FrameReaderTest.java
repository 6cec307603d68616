package io.adit.tunnel.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.junit.Test;

public class FrameReaderTest {

    private final List<String> frames = new ArrayList<>();
    private final FrameReader reader = new FrameReader((type, flags, epoch, stream, payload) -> {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        frames.add(type + "/" + flags + "/" + epoch + "/" + stream + "/" + bytes.length + "/" + java.util.Arrays.hashCode(bytes));
    });

    private static byte[] three() {
        ByteBuffer out = ByteBuffer.allocate(70_000);
        Wire.header(out, 5, Wire.DATA, Wire.END, 1, 7);
        out.put(new byte[] {1, 2, 3, 4, 5});
        Wire.header(out, 0, Wire.DATA, 0, 255, Integer.MAX_VALUE);
        Wire.header(out, Wire.MAX_DATA, Wire.DATA, 0, 0, 1);
        byte[] big = new byte[Wire.MAX_DATA];
        new Random(1).nextBytes(big);
        out.put(big);
        byte[] all = new byte[out.position()];
        out.flip().get(all);
        return all;
    }

    @Test
    public void framesComeOutTheSameHoweverTheBytesCome() throws ProtocolViolation {
        reader.trust();
        byte[] all = three();
        reader.read(ByteBuffer.wrap(all));
        List<String> whole = List.copyOf(frames);
        assertEquals(3, whole.size());
        for (int piece : new int[] {1, 2, 3, 11, 12, 13, 1000, 65536}) {
            frames.clear();
            for (int at = 0; at < all.length; at += piece) {
                reader.read(ByteBuffer.wrap(all, at, Math.min(piece, all.length - at)));
            }
            assertEquals("pieces of " + piece, whole, frames);
        }
        frames.clear();
        ByteBuffer direct = ByteBuffer.allocateDirect(all.length).put(all).flip();
        reader.read(direct);
        assertEquals(whole, frames);
    }

    @Test
    public void aTruncatedFrameIsJustNotThereYet() throws ProtocolViolation {
        reader.trust();
        byte[] all = three();
        reader.read(ByteBuffer.wrap(all, 0, 16));
        assertEquals(List.of(), frames);
    }

    @Test
    public void badHeadersAreRefused() {
        String[][] table = {
            {"F3", "000000 12 00 01 0000 00000001"},
            {"F4", "010001 12 00 01 4144 00000001"},
            {"F4", "ffffff 10 00 01 4144 00000001"},
            {"F4", "000401 20 00 01 4144 00000000"},
            {"F5", "000000 12 00 01 4144 80000001"},
        };
        for (String[] row : table) {
            FrameReader fresh = new FrameReader((type, flags, epoch, stream, payload) -> frames.add("frame"));
            fresh.trust();
            byte[] bytes = HexFormat.of().parseHex(row[1].replace(" ", ""));
            ProtocolViolation e = assertThrows(row[1], ProtocolViolation.class, () -> fresh.read(ByteBuffer.wrap(bytes)));
            assertTrue(e.getMessage(), e.getMessage().startsWith(row[0] + ":"));
        }
        assertEquals(List.of(), frames);
    }
}

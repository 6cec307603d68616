package io.adit.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** A body of any length in which no two blocks are alike, so that a lost, doubled or moved block changes its sum. */
final class Pattern extends InputStream {

    private static final int BLOCK = 64 * 1024;

    /** What blocks, which differ by the length, are parts of: it takes long to make. */
    private static final byte[] NOISE = new byte[2 * BLOCK];

    static {
        new Random(1).nextBytes(NOISE);
    }

    private final byte[] block;
    private final long length;
    private volatile long position;

    Pattern(long length) {
        this.length = length;
        int from = (int) (length % BLOCK);
        block = Arrays.copyOfRange(NOISE, from, from + BLOCK);
    }

    /** As many bytes, others each time. */
    static byte[] noise(Random random, int count) {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count; at += BLOCK) {
            System.arraycopy(NOISE, random.nextInt(BLOCK), bytes, at, Math.min(BLOCK, count - at));
        }
        return bytes;
    }

    /** How much was read so far. */
    long position() {
        return position;
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("in blocks only");
    }

    @Override
    public int read(byte[] to, int offset, int count) {
        if (position == length) {
            return -1;
        }
        int at = (int) (position % BLOCK);
        if (at == 0) {
            ByteBuffer.wrap(block).putLong(position);
        }
        int part = (int) Math.min(Math.min(count, BLOCK - at), length - position);
        System.arraycopy(block, at, to, offset, part);
        position += part;
        return part;
    }

    static String checksum(long length) throws IOException {
        return checksum(new Pattern(length));
    }

    /** Reads to the end. For much or many: the first compiler has no fast SHA-256, but a fast CRC. */
    static String checksum(InputStream in) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
        long length = checked.transferTo(OutputStream.nullOutputStream());
        return String.format("%08x of %d", checked.getChecksum().getValue(), length);
    }

    static String sha256(long length) throws IOException {
        return sha256(new Pattern(length));
    }

    /** Reads to the end. */
    static String sha256(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            in.transferTo(new OutputStream() {
                @Override
                public void write(int one) {
                    digest.update((byte) one);
                }

                @Override
                public void write(byte[] bytes, int offset, int count) {
                    digest.update(bytes, offset, count);
                }
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

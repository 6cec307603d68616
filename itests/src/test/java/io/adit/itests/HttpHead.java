package io.adit.itests;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The head of a message, names in lower case, and the body that follows it. Immutable. */
record HttpHead(String first, Map<String, String> fields) {

    /** @return null when the connection ends instead */
    static HttpHead read(DataInputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        Map<String, String> fields = new HashMap<>();
        for (String line = line(in); line == null || !line.isEmpty(); line = line(in)) {
            if (line == null) {
                throw new IOException("cut in the head after " + first);
            }
            int colon = line.indexOf(':');
            fields.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        return new HttpHead(first, fields);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            line.append((char) next);
        }
        return line.substring(0, Math.max(0, line.length() - 1));
    }

    /** What follows, up to its end and no further; a message without a body has an empty one. */
    InputStream body(InputStream in) {
        String progress = fields.get(Progress.FIELD.toLowerCase(Locale.ROOT));
        return fields.containsKey("transfer-encoding") ? new Chunks(new DataInputStream(in), progress)
            : new Exactly(in, Long.parseLong(fields.getOrDefault("content-length", "0")), progress);
    }

    /** So many bytes, or an exception. */
    private static final class Exactly extends InputStream {
        private final InputStream in;
        private final String progress;
        private long left;

        Exactly(InputStream in, long left, String progress) {
            this.in = in;
            this.left = left;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(to, offset, (int) Math.min(left, length));
            if (count < 0) {
                throw new IOException("cut: " + left + " bytes are missing");
            }
            left -= count;
            Progress.made(progress, count);
            return count;
        }
    }

    /** A chunked body (RFC 9112 section 7.1) without trailers. */
    private static final class Chunks extends InputStream {
        private final DataInputStream in;
        private final String progress;
        private Exactly chunk;
        private boolean ended;

        Chunks(DataInputStream in, String progress) {
            this.in = in;
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            while (!ended) {
                int count = chunk == null ? -1 : chunk.read(to, offset, length);
                if (count >= 0) {
                    return count;
                }
                if (chunk != null) {
                    line(in);
                }
                String size = line(in);
                if (size == null) {
                    throw new IOException("cut between two chunks");
                }
                chunk = new Exactly(in, Long.parseLong(size, 16), progress);
                if (chunk.left == 0) {
                    ended = true;
                    line(in);
                }
            }
            return -1;
        }
    }
}

package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The web server that {@link SwapLoad} asks: {@code GET /bytes/N} and {@code /stream/N} (chunked) give the first N bytes of a
 * {@link Pattern}, {@code POST /digest} the SHA-256 of what came; a WebSocket sends each message back, and any other upgraded connection
 * each byte. A thread a connection. Thread-safe.
 */
final class SwapOrigin implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private SwapOrigin() throws IOException {
        server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    static SwapOrigin start() throws IOException {
        SwapOrigin origin = new SwapOrigin();
        daemon("swap-origin", origin::accept);
        return origin;
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                daemon("swap-origin-connection", () -> serve(socket));
            } catch (IOException e) {
                // closed: the loop ends
                continue;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            for (Head head = Head.read(in); head != null; head = Head.read(in)) {
                answer(head, in, out);
            }
        } catch (IOException e) {
            // the peer went away, or this server did: who asked sees it
            return;
        } finally {
            connections.remove(socket);
        }
    }

    private static void answer(Head head, DataInputStream in, OutputStream out) throws IOException {
        String[] target = head.first().split(" ")[1].split("/");
        if ("websocket".equals(head.fields().get("upgrade"))) {
            out.write(WebSocketEcho.accept(head.fields().get("sec-websocket-key"), head.fields().get("sec-websocket-protocol"))
                .getBytes(StandardCharsets.US_ASCII));
            WebSocketEcho.serve(in, out);
        } else if (head.fields().containsKey("upgrade")) {
            out.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            in.transferTo(out);
        } else if (target[1].equals("digest")) {
            byte[] digest = Pattern.sha256(head.body(in)).getBytes(StandardCharsets.US_ASCII);
            head(out, "Content-Length: " + digest.length);
            out.write(digest);
        } else if (target.length < 3) {
            out.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0".getBytes(StandardCharsets.US_ASCII));
            out.write(END);
        } else if (target[1].equals("bytes")) {
            long size = Long.parseLong(target[2]);
            head(out, "Content-Length: " + size);
            new Pattern(size).transferTo(out);
        } else {
            head(out, "Transfer-Encoding: chunked");
            try (InputStream pattern = new Pattern(Long.parseLong(target[2]))) {
                for (byte[] part = pattern.readNBytes(8192); part.length > 0; part = pattern.readNBytes(8192)) {
                    out.write((Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.write(part);
                    out.write(END, 0, 2);
                }
            }
            out.write('0');
            out.write(END);
        }
        out.flush();
    }

    private static void head(OutputStream out, String framing) throws IOException {
        out.write(("HTTP/1.1 200 OK\r\n" + framing).getBytes(StandardCharsets.US_ASCII));
        out.write(END);
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : connections) {
            each.close();
        }
    }

    /** The head of a message, names in lower case. */
    record Head(String first, Map<String, String> fields) {

        /** @return null when the connection ends instead */
        static Head read(DataInputStream in) throws IOException {
            String first = line(in);
            if (first == null) {
                return null;
            }
            Map<String, String> fields = new HashMap<>();
            for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                fields.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
            }
            return new Head(first, fields);
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
                    Head.line(in);
                }
                String size = Head.line(in);
                if (size == null) {
                    throw new IOException("cut between two chunks");
                }
                chunk = new Exactly(in, Long.parseLong(size, 16), progress);
                if (chunk.left == 0) {
                    ended = true;
                    Head.line(in);
                }
            }
            return -1;
        }
    }
}

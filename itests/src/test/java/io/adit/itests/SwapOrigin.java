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
            for (HttpHead head = HttpHead.read(in); head != null; head = HttpHead.read(in)) {
                answer(head, in, out);
            }
        } catch (IOException e) {
            // the peer went away, or this server did: who asked sees it
            return;
        } finally {
            connections.remove(socket);
        }
    }

    private static void answer(HttpHead head, DataInputStream in, OutputStream out) throws IOException {
        String[] target = head.first().split(" ")[1].split("/", -1);
        if ("websocket".equals(head.fields().get("upgrade"))) {
            out.write(WebSocketEcho.accept(head.fields().get("sec-websocket-key"), head.fields().get("sec-websocket-protocol"))
                .getBytes(StandardCharsets.US_ASCII));
            WebSocketEcho.serve(in, out);
        } else if (head.fields().containsKey("upgrade")) {
            out.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            in.transferTo(out);
        } else if (target[1].equals("digest")) {
            byte[] digest = Pattern.checksum(head.body(in)).getBytes(StandardCharsets.US_ASCII);
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
}
